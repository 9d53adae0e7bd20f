import { describe, expect, test } from "vitest";
import { messageSchema } from "../language-model.ts";
import { AnswerCollector } from "./collect-answer.ts";
import { toCallOptions } from "./to-call-options.ts";

const counts = { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 };
const usage = { inputTokens: counts, outputTokens: { total: 1, text: 1, reasoning: 0 } };

/** An answer in which signed thinking stands between the other parts, as newer models write. */
function signedMessage() {
  const answer = new AnswerCollector("anthropic/one");
  const sign = (signature: string) => ({ anthropic: { signature } });
  answer.addStreamPart({ type: "reasoning-start", id: "0" });
  answer.addStreamPart({ type: "reasoning-delta", id: "0", delta: "First" });
  answer.addStreamPart({ type: "reasoning-end", id: "0", providerMetadata: sign("s0") });
  answer.addStreamPart({ type: "text-start", id: "1" });
  answer.addStreamPart({ type: "text-delta", id: "1", delta: "Then" });
  answer.addStreamPart({ type: "reasoning-start", id: "2", providerMetadata: sign("s2") });
  answer.addStreamPart({ type: "tool-call", toolCallId: "c", toolName: "bash", input: '{"command": "ls"}' });
  answer.setEnd({ unified: "tool-calls", raw: "tool_use" }, usage);
  const outcome = answer.outcome();
  if (outcome.status !== "completed") throw new Error(outcome.message);
  return outcome.message;
}

function replayed(message: ReturnType<typeof signedMessage>, modelId: string): unknown {
  return toCallOptions({ messages: [message] }, modelId, {}).prompt[0]?.content;
}

const call = { type: "tool-call", toolCallId: "c", toolName: "bash", input: { command: "ls" } };

describe("what a provider signs", () => {
  test("goes back to its model part by part, in order, with empty ones that carry a signature", () => {
    expect(replayed(signedMessage(), "anthropic/one")).toEqual([
      { type: "reasoning", text: "First", providerOptions: { anthropic: { signature: "s0" } } },
      { type: "text", text: "Then" },
      { type: "reasoning", text: "", providerOptions: { anthropic: { signature: "s2" } } },
      call,
    ]);
  });

  test("survives being written to a file and read back", () => {
    const message = signedMessage();
    expect(messageSchema.parse(JSON.parse(JSON.stringify(message)))).toEqual(message);
  });

  test("is left out for another model, and once the message has been changed", () => {
    const message = signedMessage();
    expect(replayed(message, "anthropic/two")).toEqual([{ type: "text", text: "Then" }, call]);
    expect(replayed({ ...message, text: "Cut" }, "anthropic/one")).toEqual([
      { type: "text", text: "Cut" },
      call,
    ]);
    expect(replayed({ ...message, toolCalls: [] }, "anthropic/one")).toEqual([
      { type: "text", text: "Then" },
    ]);
  });
});
