import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Attempt, AttemptOutcome } from "./attempt.ts";
import type { AttemptFailure } from "./language-model.ts";
import { createRetryingModel, type RetryLimits } from "./retrying-model.ts";

const completed: AttemptOutcome = {
  status: "completed",
  message: { role: "assistant", text: "Yes", toolCalls: [] },
  finishReason: "stop",
  usage: { inputTokens: 10, outputTokens: 10, cachedInputTokens: null },
  cacheWriteTokens: 0,
  servedModel: null,
};

function failed(fault: AttemptFailure["fault"], retryAfterMs: number | null = null): AttemptOutcome {
  return { status: "failed", fault, message: fault, retryAfterMs };
}

/** A clock that only its own attempts and waits move, and what the hooks were told at which time. */
function play(
  outcomes: readonly { takesMs: number; outcome: AttemptOutcome }[],
  options: { random?: () => number; limits?: Partial<RetryLimits> } = {},
) {
  let nowMs = 1000;
  let next = 0;
  const trace: string[] = [];
  const attempt: Attempt = async () => {
    const step = outcomes[next];
    next += 1;
    if (step === undefined) throw new Error("no such attempt");
    nowMs += step.takesMs;
    return step.outcome;
  };
  const model = createRetryingModel({
    id: "test/model",
    attempt,
    price: null,
    limits: options.limits ?? {},
    tools: {
      now: () => nowMs,
      random: options.random ?? (() => 0),
      sleep: async (ms) => {
        nowMs += ms;
      },
    },
  });
  const result = model.generate(
    { messages: [] },
    {
      signal: new AbortController().signal,
      onAttemptFailed: ({ attempt, fault, attemptMs, waitMs }) =>
        trace.push(`${nowMs}: attempt ${attempt} ${fault} took ${attemptMs} wait ${waitMs}`),
      onAttemptStarted: (number) => trace.push(`${nowMs}: start ${number}`),
    },
  );
  return { result, trace };
}

describe("createRetryingModel", () => {
  test("the hooks are told what was lost to the millisecond, before the wait and after it", async () => {
    const { result, trace } = play([
      { takesMs: 40, outcome: failed("connection-lost") },
      { takesMs: 7, outcome: failed("rate-limited", 2000) },
      { takesMs: 600, outcome: failed("server-error") },
      { takesMs: 250, outcome: completed },
    ]);
    expect(await result).toMatchObject({ status: "completed", durationMs: 250 });
    expect(trace).toEqual([
      "1040: attempt 1 connection-lost took 40 wait 500",
      "1540: start 2",
      "1547: attempt 2 rate-limited took 7 wait 2000",
      "3547: start 3",
      "4147: attempt 3 server-error took 600 wait 2000",
      "6147: start 4",
    ]);
  });

  test("eight attempts are made by default, and the pauses double up to a minute", async () => {
    const { result, trace } = play(Array(9).fill({ takesMs: 1, outcome: failed("server-error") }), {
      random: () => 1,
    });
    expect(await result).toMatchObject({ status: "failed", reason: "server-error", attempts: 8 });
    const waits = trace.flatMap((line) => line.match(/wait (\S+)/)?.[1] ?? []);
    expect(waits).toEqual(["1000", "2000", "4000", "8000", "16000", "32000", "60000", "null"]);
  });

  test("a pause of our own lies between half of its ceiling and the whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (chance) => {
        const { result, trace } = play(
          [
            { takesMs: 0, outcome: failed("timed-out") },
            { takesMs: 0, outcome: completed },
          ],
          { random: () => chance },
        );
        await result;
        const waitMs = Number(trace[0]?.match(/wait (\d+)$/)?.[1]);
        expect(waitMs).toBeGreaterThanOrEqual(500);
        expect(waitMs).toBeLessThanOrEqual(1000);
      }),
    );
  });

  test("an attempt that does not react to its limit or to cancelling is left behind", async () => {
    const deaf: Attempt = () => new Promise(() => {});
    const model = createRetryingModel({
      id: "test/model",
      attempt: deaf,
      price: null,
      limits: { maxAttempts: 1, attemptTimeoutMs: 20 },
    });
    expect(await model.generate({ messages: [] }, { signal: new AbortController().signal })).toMatchObject({
      status: "failed",
      reason: "timed-out",
    });
    const cancel = new AbortController();
    const patient = createRetryingModel({ id: "test/model", attempt: deaf, price: null });
    const call = patient.generate({ messages: [] }, { signal: cancel.signal });
    cancel.abort();
    expect(await call).toEqual({ status: "cancelled" });
  });

  test("cancelling ends a real wait at once", async () => {
    const cancel = new AbortController();
    const model = createRetryingModel({
      id: "test/model",
      attempt: async () => failed("rate-limited", 250_000),
      price: null,
    });
    const result = await model.generate(
      { messages: [] },
      { signal: cancel.signal, onAttemptFailed: () => setTimeout(() => cancel.abort(), 10) },
    );
    expect(result).toEqual({ status: "cancelled" });
  });
});
