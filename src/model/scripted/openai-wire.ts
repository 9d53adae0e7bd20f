import { z } from "zod";
import { toOpenAiBody, toOpenAiErrorBody, toOpenAiEvents } from "../wire/openai-answer.ts";
import { toWireAnswer, type Wire } from "./wire.ts";

const contentSchema = z
  .union([z.string(), z.array(z.looseObject({ text: z.string().optional() }))])
  .nullish();

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), content: contentSchema })),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).nullish(),
  temperature: z.number().nullish(),
  max_tokens: z.number().nullish(),
  max_completion_tokens: z.number().nullish(),
  stream: z.boolean().nullish(),
});

/** OpenAI's chat completions. */
export const openaiWire: Wire = {
  parseRequest(body, number) {
    const parsed = requestSchema.safeParse(body);
    if (!parsed.success) return null;
    const request = parsed.data;
    return {
      number,
      model: request.model,
      messages: request.messages.map(({ role, content }) => ({ role, text: textOf(content) })),
      toolNames: (request.tools ?? []).map((tool) => tool.function.name),
      temperature: request.temperature ?? null,
      maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? null,
      streaming: request.stream ?? false,
    };
  },

  toBody: (answer) => toOpenAiBody(toWireAnswer(answer)),
  toEvents: (answer) => toOpenAiEvents(toWireAnswer(answer), { tellsUsage: true }),
  toErrorBody: (status, message) =>
    toOpenAiErrorBody({
      message,
      type: status === 429 ? "rate_limit_error" : "scripted_error",
      code: null,
      param: null,
    }),
};

function textOf(content: z.infer<typeof contentSchema>): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}
