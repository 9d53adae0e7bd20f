import type { ScriptedRequest, ScriptedTurn } from "./script.ts";

/** A turn with everything filled in that the script left open. */
export interface ScriptedAnswer {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly {
    readonly id: string;
    readonly name: string;
    /** As the model writes them: JSON, unless the script wants otherwise. */
    readonly argumentsText: string;
  }[];
  readonly finishReason: "stop" | "length" | "tool-calls";
  readonly usage: { readonly input: number; readonly output: number; readonly cachedInput: number } | null;
}

/**
 * Fills a turn in. Ids depend on the place in the conversation alone, so that a conversation taken up again with a
 * new server gets the ids it would have had.
 */
export function toScriptedAnswer(turn: ScriptedTurn, request: ScriptedRequest): ScriptedAnswer {
  const place = request.messages.filter((message) => message.role === "assistant").length;
  const text = turn.text ?? "";
  const reasoning = turn.reasoning ?? "";
  const toolCalls = (turn.toolCalls ?? []).map((call, index) => ({
    id: `call_${place}_${index}`,
    name: call.name,
    argumentsText: typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments),
  }));
  const written = text + reasoning + toolCalls.map((call) => call.name + call.argumentsText).join("");
  const read = request.messages.reduce((length, message) => length + message.text.length, 0);
  const usage =
    turn.usage === null
      ? null
      : {
          input: turn.usage?.inputTokens ?? tokensIn(read),
          output: turn.usage?.outputTokens ?? tokensIn(written.length),
          cachedInput: turn.usage?.cachedInputTokens ?? 0,
        };
  return {
    id: `scripted_${place}`,
    model: request.model,
    text,
    reasoning,
    toolCalls,
    finishReason: turn.finishReason ?? (toolCalls.length > 0 ? "tool-calls" : "stop"),
    usage,
  };
}

/** The usual rule of thumb: four characters to a token. */
function tokensIn(characters: number): number {
  return Math.max(1, Math.ceil(characters / 4));
}
