import { halves, type WireAnswer, type WireChoice } from "./wire-answer.ts";

const finishReasons = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  other: "stop",
} as const;

/** The body of a chat completion. */
export function toOpenAiBody(answer: WireAnswer): unknown {
  return {
    ...envelope(answer, "chat.completion"),
    choices: answer.choices.map((choice, index) => ({
      index,
      message: {
        role: "assistant",
        content: choice.text === "" && choice.toolCalls.length > 0 ? null : choice.text,
        refusal: null,
        ...(choice.reasoning === "" ? {} : { reasoning_content: choice.reasoning }),
        ...(choice.toolCalls.length === 0 ? {} : { tool_calls: choice.toolCalls.map(toToolCall) }),
      },
      logprobs: null,
      finish_reason: finishReasons[choice.finishReason],
    })),
    ...toUsage(answer),
  };
}

/** The same as server-sent events, each a whole event with its blank line; usage is the last but one where told. */
export function toOpenAiEvents(
  answer: WireAnswer,
  options: { readonly tellsUsage: boolean },
): readonly string[] {
  return [
    ...answer.choices.flatMap((choice, index) => toChoiceEvents(answer, choice, index)),
    ...(answer.usage === null || !options.tellsUsage
      ? []
      : [toEvent({ ...envelope(answer, "chat.completion.chunk"), choices: [], ...toUsage(answer) })]),
    "data: [DONE]\n\n",
  ];
}

/** An error as the official client reads it. */
export function toOpenAiErrorBody(error: {
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
}): unknown {
  return { error };
}

function toChoiceEvents(answer: WireAnswer, choice: WireChoice, index: number): readonly string[] {
  const chunk = (delta: unknown, finishReason: string | null = null) =>
    toEvent({
      ...envelope(answer, "chat.completion.chunk"),
      choices: [{ index, delta, finish_reason: finishReason }],
    });
  return [
    chunk({ role: "assistant", content: "" }),
    ...halves(choice.reasoning).map((piece) => chunk({ reasoning_content: piece })),
    ...halves(choice.text).map((piece) => chunk({ content: piece })),
    ...choice.toolCalls.flatMap((call, place) => [
      chunk({ tool_calls: [{ index: place, ...toToolCall({ ...call, argumentsText: "" }) }] }),
      ...halves(call.argumentsText).map((piece) =>
        chunk({ tool_calls: [{ index: place, function: { arguments: piece } }] }),
      ),
    ]),
    chunk({}, finishReasons[choice.finishReason]),
  ];
}

function envelope(answer: WireAnswer, object: string) {
  return { id: answer.id, object, created: answer.createdAt, model: answer.model };
}

function toUsage({ usage }: WireAnswer) {
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

function toToolCall(call: WireChoice["toolCalls"][number]) {
  return { id: call.id, type: "function", function: { name: call.name, arguments: call.argumentsText } };
}

function toEvent(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
