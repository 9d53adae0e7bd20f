import { z } from "zod";
import type { ScriptedAnswer } from "./scripted-answer.ts";
import { halves, type Wire } from "./wire.ts";

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

const stopReasons = { stop: "end_turn", length: "max_tokens", "tool-calls": "tool_use" } as const;

/** Stands for the signature of a thinking block, which the real server checks. */
const signature = "scripted-signature";

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

  toBody(answer) {
    return {
      ...envelope(answer),
      content: [
        ...(answer.reasoning === "" ? [] : [{ type: "thinking", thinking: answer.reasoning, signature }]),
        ...(answer.text === "" ? [] : [{ type: "text", text: answer.text }]),
        ...answer.toolCalls.map((call) => ({
          type: "tool_use",
          id: call.id,
          name: call.name,
          input: parsedOrText(call.argumentsText),
        })),
      ],
      stop_reason: stopReasons[answer.finishReason],
      stop_sequence: null,
      usage: toUsage(answer),
    };
  },

  toEvents(answer) {
    const blocks = [
      ...(answer.reasoning === ""
        ? []
        : [
            {
              start: { type: "thinking", thinking: "", signature: "" },
              deltas: [
                ...halves(answer.reasoning).map((thinking) => ({ type: "thinking_delta", thinking })),
                { type: "signature_delta", signature },
              ],
            },
          ]),
      ...(answer.text === ""
        ? []
        : [
            {
              start: { type: "text", text: "" },
              deltas: halves(answer.text).map((text) => ({ type: "text_delta", text })),
            },
          ]),
      ...answer.toolCalls.map((call) => ({
        start: { type: "tool_use", id: call.id, name: call.name, input: {} },
        deltas: halves(call.argumentsText).map((partial_json) => ({
          type: "input_json_delta",
          partial_json,
        })),
      })),
    ];
    const usage = toUsage(answer);
    return [
      toEvent({
        type: "message_start",
        message: {
          ...envelope(answer),
          content: [],
          stop_reason: null,
          usage: { ...usage, output_tokens: 1 },
        },
      }),
      toEvent({ type: "ping" }),
      ...blocks.flatMap(({ start, deltas }, index) => [
        toEvent({ type: "content_block_start", index, content_block: start }),
        ...deltas.map((delta) => toEvent({ type: "content_block_delta", index, delta })),
        toEvent({ type: "content_block_stop", index }),
      ]),
      toEvent({
        type: "message_delta",
        delta: { stop_reason: stopReasons[answer.finishReason], stop_sequence: null },
        usage: { output_tokens: usage.output_tokens },
      }),
      toEvent({ type: "message_stop" }),
    ];
  },

  toErrorBody(status, message) {
    const types: Readonly<Record<number, string>> = { 429: "rate_limit_error", 529: "overloaded_error" };
    return { type: "error", error: { type: types[status] ?? "scripted_error", message } };
  },
};

function envelope(answer: ScriptedAnswer) {
  return { id: answer.id, type: "message", role: "assistant", model: answer.model };
}

/** This protocol always reports usage, and counts what came from the cache apart. */
function toUsage({ usage }: ScriptedAnswer) {
  const { input, output, cachedInput } = usage ?? { input: 0, output: 0, cachedInput: 0 };
  return {
    input_tokens: input - cachedInput,
    output_tokens: output,
    cache_read_input_tokens: cachedInput,
    cache_creation_input_tokens: 0,
  };
}

/** Outside a stream this protocol carries arguments as JSON; text that is none goes out as a string. */
function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function toEvent(data: { readonly type: string; readonly [key: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function textOf(content: unknown): string {
  const parsed = contentSchema.safeParse(content);
  if (!parsed.success) return "";
  if (typeof parsed.data === "string") return parsed.data;
  return parsed.data.map((block) => block.text ?? textOf(block.content)).join("");
}
