import { z } from "zod";
import type { AssistantMessage } from "../language-model.ts";

const metadataSchema = z.record(z.string(), z.record(z.string(), z.json()));

/** What a provider attached to one part of an answer, as plain JSON. */
export type PartMetadata = z.infer<typeof metadataSchema>;

const metadata = metadataSchema.exactOptional();

const partSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string(), metadata }),
  z.strictObject({ type: z.literal("reasoning"), text: z.string(), metadata }),
  z.strictObject({ type: z.literal("tool-call"), id: z.string(), metadata }),
]);

/** One part of an answer, where the provider put it. */
export type AnswerPart = z.infer<typeof partSchema>;

const providerStateSchema = z.strictObject({
  /** The model that wrote the message; signatures mean nothing to another one. */
  modelId: z.string(),
  parts: z.array(partSchema),
});

/**
 * The state to keep in a message: its parts in order with what the provider signed in them. Providers refuse signed
 * parts that come back changed, left out or in another order. Undefined where nothing is signed.
 */
export function toProviderState(
  modelId: string,
  parts: readonly AnswerPart[],
): AssistantMessage["providerState"] {
  if (parts.every((part) => part.metadata === undefined)) return undefined;
  return providerStateSchema.parse({ modelId, parts });
}

/**
 * The parts of a message as its model wrote them. Null where nothing was signed, where another model wrote it, or
 * where the message has been changed since.
 */
export function parseProviderState(message: AssistantMessage, modelId: string): readonly AnswerPart[] | null {
  const parsed = providerStateSchema.safeParse(message.providerState);
  if (!parsed.success || parsed.data.modelId !== modelId) return null;
  const { parts } = parsed.data;
  const callIds = parts.flatMap((part) => (part.type === "tool-call" ? [part.id] : []));
  const isUnchanged =
    joinTexts(parts, "text") === message.text &&
    callIds.join() === message.toolCalls.map((call) => call.id).join();
  return isUnchanged ? parts : null;
}

/** All text, or all reasoning, of an answer. */
export function joinTexts(parts: readonly AnswerPart[], type: "text" | "reasoning"): string {
  return parts
    .flatMap((part) => (part.type === type && part.text.length > 0 ? [part.text] : []))
    .join("\n\n");
}

/** Metadata of the AI SDK as plain JSON; undefined where there is none worth keeping. */
export function toMetadata(value: unknown): PartMetadata | undefined {
  const parsed = metadataSchema.safeParse(value);
  if (!parsed.success) return undefined;
  const hasContent = Object.values(parsed.data).some((entries) => Object.keys(entries).length > 0);
  return hasContent ? parsed.data : undefined;
}
