import { z } from "zod";
import type { ScriptedAnswer } from "./scripted-answer.ts";
import { halves, type Wire } from "./wire.ts";

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

const finishReasons = { stop: "stop", length: "length", "tool-calls": "tool_calls" } as const;

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

  toBody(answer) {
    return {
      ...envelope(answer, "chat.completion"),
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: answer.text,
            ...(answer.reasoning === "" ? {} : { reasoning_content: answer.reasoning }),
            ...(answer.toolCalls.length === 0 ? {} : { tool_calls: answer.toolCalls.map(toToolCall) }),
          },
          finish_reason: finishReasons[answer.finishReason],
        },
      ],
      ...toUsage(answer),
    };
  },

  toEvents(answer) {
    const chunk = (delta: unknown, finishReason: string | null = null) =>
      toEvent({
        ...envelope(answer, "chat.completion.chunk"),
        choices: [{ index: 0, delta, finish_reason: finishReason }],
      });
    return [
      chunk({ role: "assistant", content: "" }),
      ...halves(answer.reasoning).map((piece) => chunk({ reasoning_content: piece })),
      ...halves(answer.text).map((piece) => chunk({ content: piece })),
      ...answer.toolCalls.flatMap((call, index) => [
        chunk({ tool_calls: [{ index, ...toToolCall({ ...call, argumentsText: "" }) }] }),
        ...halves(call.argumentsText).map((piece) =>
          chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
        ),
      ]),
      chunk({}, finishReasons[answer.finishReason]),
      ...(answer.usage === null
        ? []
        : [toEvent({ ...envelope(answer, "chat.completion.chunk"), choices: [], ...toUsage(answer) })]),
      "data: [DONE]\n\n",
    ];
  },

  toErrorBody(status, message) {
    return { error: { message, type: status === 429 ? "rate_limit_error" : "scripted_error", code: null } };
  },
};

function envelope(answer: ScriptedAnswer, object: string) {
  return { id: answer.id, object, created: 0, model: answer.model };
}

function toUsage({ usage }: ScriptedAnswer) {
  if (usage === null) return {};
  return {
    usage: {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
      prompt_tokens_details: { cached_tokens: usage.cachedInput },
    },
  };
}

function toToolCall(call: ScriptedAnswer["toolCalls"][number]) {
  return { id: call.id, type: "function", function: { name: call.name, arguments: call.argumentsText } };
}

function toEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function textOf(content: z.infer<typeof contentSchema>): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("");
}
