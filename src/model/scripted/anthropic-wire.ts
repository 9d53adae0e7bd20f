import { z } from "zod";
import { toAnthropicBody, toAnthropicErrorBody, toAnthropicEvents } from "../wire/anthropic-answer.ts";
import { toWireAnswer, type Wire } from "./wire.ts";

const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  content: z.unknown().optional(),
});
const contentSchema = z.union([z.string(), z.array(blockSchema)]);

const requestSchema = z.looseObject({
  model: z.string(),
  system: contentSchema.optional(),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })),
  tools: z.array(z.looseObject({ name: z.string() })).optional(),
  temperature: z.number().optional(),
  max_tokens: z.number(),
  stream: z.boolean().optional(),
});

/** Anthropic's messages. */
export const anthropicWire: Wire = {
  parseRequest(body, number) {
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) return null;
    const request = parsed.data;
    const system = request.system === undefined ? [] : [{ role: "system", text: textOf(request.system) }];
    return {
      number,
      model: request.model,
      messages: [
        ...system,
        ...request.messages.map(({ role, content }) => ({ role, text: textOf(content) })),
      ],
      toolNames: (request.tools ?? []).map((tool) => tool.name),
      temperature: request.temperature ?? null,
      maxOutputTokens: request.max_tokens,
      streaming: request.stream ?? false,
    };
  },

  toBody: (answer) => toAnthropicBody(toWireAnswer(answer)),
  toEvents: (answer) => toAnthropicEvents(toWireAnswer(answer)),
  toErrorBody(status, message) {
    const types: Readonly<Record<number, string>> = { 429: "rate_limit_error", 529: "overloaded_error" };
    return toAnthropicErrorBody({ type: types[status] ?? "scripted_error", message });
  },
};

function textOf(content: unknown): string {
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) return "";
  if (typeof parsed.data === "string") return parsed.data;
  return parsed.data.map((block) => block.text ?? textOf(block.content)).join("");
}
