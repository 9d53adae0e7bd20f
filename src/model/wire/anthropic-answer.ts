import { halves, type WireAnswer, type WireChoice } from "./wire-answer.ts";

const stopReasons = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
  other: "end_turn",
} as const;

/** Stands for the signature of a thinking block, which the real server checks; only scripts write reasoning here. */
const signature = "scripted-signature";

/** The body of a message. */
export function toAnthropicBody(answer: WireAnswer): unknown {
  const [choice] = answer.choices;
  return {
    ...envelope(answer),
    content: [
      ...(choice.reasoning === "" ? [] : [{ type: "thinking", thinking: choice.reasoning, signature }]),
      ...(choice.text === "" ? [] : [{ type: "text", text: choice.text }]),
      ...choice.toolCalls.map((call) => ({
        type: "tool_use",
        id: call.id,
        name: call.name,
        input: parsedOrText(call.argumentsText),
      })),
    ],
    stop_reason: stopReasons[choice.finishReason],
    stop_sequence: null,
    usage: toUsage(answer),
  };
}

/** The same as server-sent events, each a whole event with its blank line. */
export function toAnthropicEvents(answer: WireAnswer): readonly string[] {
  const [choice] = answer.choices;
  const usage = toUsage(answer);
  return [
    toEvent({
      type: "message_start",
      message: {
        ...envelope(answer),
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { ...usage, output_tokens: 1 },
      },
    }),
    toEvent({ type: "ping" }),
    ...toBlocks(choice).flatMap(({ start, deltas }, index) => [
      toEvent({ type: "content_block_start", index, content_block: start }),
      ...deltas.map((delta) => toEvent({ type: "content_block_delta", index, delta })),
      toEvent({ type: "content_block_stop", index }),
    ]),
    toEvent({
      type: "message_delta",
      delta: { stop_reason: stopReasons[choice.finishReason], stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    }),
    toEvent({ type: "message_stop" }),
  ];
}

/** An error as the official client reads it. */
export function toAnthropicErrorBody(error: { readonly type: string; readonly message: string }): unknown {
  return { type: "error", error };
}

interface Block {
  readonly start: object;
  readonly deltas: readonly object[];
}

function toBlocks(choice: WireChoice): readonly Block[] {
  const thinking: Block = {
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...halves(choice.reasoning).map((piece) => ({ type: "thinking_delta", thinking: piece })),
      { type: "signature_delta", signature },
    ],
  };
  const text: Block = {
    start: { type: "text", text: "" },
    deltas: halves(choice.text).map((piece) => ({ type: "text_delta", text: piece })),
  };
  return [
    ...(choice.reasoning === "" ? [] : [thinking]),
    ...(choice.text === "" ? [] : [text]),
    ...choice.toolCalls.map((call) => ({
      start: { type: "tool_use", id: call.id, name: call.name, input: {} },
      deltas: halves(call.argumentsText).map((piece) => ({ type: "input_json_delta", partial_json: piece })),
    })),
  ];
}

function envelope(answer: WireAnswer) {
  return { id: answer.id, type: "message", role: "assistant", model: answer.model };
}

/** This protocol always reports usage, and counts what came from the cache apart. */
function toUsage({ usage }: WireAnswer) {
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
