import { z } from "zod";

const metadata = z.record(z.string(), z.record(z.string(), z.json()));

const providerStateSchema = z.strictObject({
  /** The model that wrote the message; signatures mean nothing to another one. */
  modelId: z.string(),
  reasoning: z.array(z.strictObject({ text: z.string(), metadata })),
  toolCalls: z.record(z.string(), metadata),
});

/** What a provider signed in a message and wants to see again: its reasoning, and marks on its tool calls. */
export type ProviderState = z.infer<typeof providerStateSchema>;

/** The state kept in a message, or an empty one where there is none or another model wrote it. */
export function parseProviderState(value: unknown, modelId: string): ProviderState {
  const parsed = providerStateSchema.safeParse(value);
  return parsed.success && parsed.data.modelId === modelId
    ? parsed.data
    : { modelId, reasoning: [], toolCalls: {} };
}

/** Metadata of the AI SDK as plain JSON; null where there is none worth keeping. */
export function toMetadata(value: unknown): z.infer<typeof metadata> | null {
  const parsed = metadata.safeParse(value);
  if (!parsed.success) return null;
  return Object.values(parsed.data).some((entries) => Object.keys(entries).length > 0) ? parsed.data : null;
}
