import { describe, expect, test } from "vitest";
import type { GenerateRequest, GenerateResult } from "./language-model.ts";
import type { ModelPrice } from "./prices.ts";
import { createFakeModel } from "./scripted/fake-model.ts";
import type { Script } from "./scripted/script.ts";
import { openModelBudget, withBudget } from "./with-budget.ts";

const price: ModelPrice = {
  inputUsdPerMillion: 1,
  outputUsdPerMillion: 10,
  asOf: "2026-11-24",
  source: "this test",
};
const usage = { inputTokens: 60, outputTokens: 40 };
const never = new AbortController().signal;

function ask(text = "Hello", maxOutputTokens?: number): GenerateRequest {
  return {
    messages: [{ role: "user", text }],
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
}

/** Answers at once and remembers the output limits that reached the provider. */
function recordingScript(): { script: Script; limits: (number | null)[] } {
  const limits: (number | null)[] = [];
  return {
    limits,
    script: (request) => {
      limits.push(request.maxOutputTokens);
      return { text: "Yes", usage };
    },
  };
}

describe("withBudget", () => {
  test.each([
    ["at", 1000],
    ["over", 1001],
  ])("a call that starts %s the token limit is refused and asks nobody", async (_, used) => {
    const { script, limits } = recordingScript();
    const model = withBudget(createFakeModel(script), { tokens: { limit: 1000, used: () => used } });
    expect(await model.generate(ask(), { signal: never })).toEqual({
      status: "refused",
      reason: "over-budget",
      message: `the token budget is used up (${used} of 1000)`,
    });
    expect(limits).toEqual([]);
  });

  test("output is held to what is left, and a smaller wish is kept", async () => {
    const { script, limits } = recordingScript();
    const model = withBudget(createFakeModel(script), { tokens: { limit: 1000, used: () => 700 } });
    for (const wish of [5000, 100, undefined]) await model.generate(ask("Hello", wish), { signal: never });
    expect(limits).toEqual([298, 100, 98]);
  });

  test("with much left a call without a limit of its own is given none", async () => {
    const { script, limits } = recordingScript();
    const model = withBudget(createFakeModel(script), { tokens: { limit: 1e6, used: () => 0 } });
    await model.generate(ask(), { signal: never });
    expect(limits).toEqual([null]);
  });

  test("the usage of a call counts even before the caller has recorded it", async () => {
    const { script } = recordingScript();
    const model = withBudget(createFakeModel(script), { tokens: { limit: 150, used: () => 0 } });
    const statuses: string[] = [];
    for (let call = 0; call < 3; call += 1) {
      statuses.push((await model.generate(ask(), { signal: never })).status);
    }
    expect(statuses).toEqual(["completed", "completed", "refused"]);
  });

  test("dollars are limited through the price of output", async () => {
    const { script, limits } = recordingScript();
    let used = 0.009;
    const model = withBudget(createFakeModel(script, { price }), {
      costUsd: { limit: 0.01, used: () => used },
    });
    const result = await model.generate(ask("Hello", 5000), { signal: never });
    expect(limits).toEqual([99]);
    expect(result).toMatchObject({ costUsd: 0.00046 });
    used = 0.01;
    expect(await model.generate(ask(), { signal: never })).toMatchObject({ status: "refused" });
  });

  test("a dollar limit for a model without a known price is an error at once", () => {
    const model = createFakeModel({ steps: [{ text: "Yes" }] });
    expect(() => withBudget(model, { costUsd: { limit: 1, used: () => 0 } })).toThrow(
      expect.objectContaining({ code: "MODEL_PRICE_UNKNOWN", exitCode: 2 }),
    );
  });

  test("a dollar limit with an unknown cost so far refuses", async () => {
    const model = withBudget(createFakeModel({ steps: [{ text: "Yes" }] }, { price }), {
      costUsd: { limit: 1, used: () => null },
    });
    expect(await model.generate(ask(), { signal: never })).toMatchObject({ status: "refused" });
  });

  test("after a call whose tokens were not reported a limit cannot be kept, and calls are refused", async () => {
    const model = withBudget(
      createFakeModel(() => ({ text: "Yes", usage: null })),
      {
        tokens: { limit: 1000, used: () => 0 },
      },
    );
    expect(await model.generate(ask(), { signal: never })).toMatchObject({ status: "completed" });
    expect(await model.generate(ask(), { signal: never })).toMatchObject({ status: "refused" });
  });

  test("calls that overlap cannot together pass the limit", async () => {
    let running = 0;
    let mostRunning = 0;
    const script: Script = async () => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return { text: "Yes", usage: { inputTokens: 0, outputTokens: 100 } };
    };
    const model = withBudget(createFakeModel(script), { tokens: { limit: 450, used: () => 0 } });
    const results = await Promise.all(
      Array.from({ length: 20 }, () => model.generate(ask("Hello", 200), { signal: never })),
    );
    const completed = results.filter((result: GenerateResult) => result.status === "completed");
    expect(completed.length).toBe(5);
    expect(results.filter((result) => result.status === "refused").length).toBe(15);
    expect(mostRunning).toBeLessThanOrEqual(3);
  });

  test("calls are counted one by one, those in flight included", async () => {
    const model = withBudget(
      createFakeModel(() => ({ text: "Yes", usage, delayMs: 5 })),
      {
        calls: { limit: 5, used: () => 2 },
      },
    );
    const results = await Promise.all(
      Array.from({ length: 10 }, () => model.generate(ask(), { signal: never })),
    );
    expect(results.filter(({ status }) => status === "completed").length).toBe(3);
    expect(results.find(({ status }) => status === "refused")).toMatchObject({
      message: "the budget of calls is used up (5 of 5)",
    });
  });

  test("what overlapping calls read is set aside too", async () => {
    let running = 0;
    let mostRunning = 0;
    const script: Script = async () => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return { text: "Yes", usage: { inputTokens: 1_000, outputTokens: 1 } };
    };
    const model = withBudget(createFakeModel(script), { tokens: { limit: 2_500, used: () => 0 } });
    const long = ask("x".repeat(4_000), 10);
    const results = await Promise.all(
      Array.from({ length: 9 }, () => model.generate(long, { signal: never })),
    );
    expect(mostRunning).toBe(2);
    expect(results.filter(({ status }) => status === "completed").length).toBe(3);
  });

  test("a call that failed leaves its place to another", async () => {
    const script: Script = (request) =>
      request.number === 0 ? { fault: "rejected" } : { text: "Yes", usage };
    const model = withBudget(createFakeModel(script), { calls: { limit: 1, used: () => 0 } });
    const both = await Promise.all([
      model.generate(ask(), { signal: never }),
      model.generate(ask(), { signal: never }),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["failed", "completed"]);
  });

  test("models of different prices spend from one budget", async () => {
    const budget = openModelBudget({ costUsd: { limit: 0.01, used: () => 0 } });
    const script: Script = () => ({ text: "Yes", usage });
    const cheap = budget.limit(createFakeModel(script, { price }));
    const dear = budget.limit(createFakeModel(script, { price: { ...price, outputUsdPerMillion: 300 } }));
    expect(await dear.generate(ask(), { signal: never })).toMatchObject({ status: "completed" });
    expect(await cheap.generate(ask(), { signal: never })).toMatchObject({ status: "refused" });
  });

  test("a call that waits for another one to end can be cancelled", async () => {
    const cancel = new AbortController();
    const other = new AbortController();
    const model = withBudget(createFakeModel({ steps: [{ fault: "hang" }] }), {
      tokens: { limit: 100, used: () => 0 },
    });
    const first = model.generate(ask(), { signal: other.signal });
    const second = model.generate(ask(), { signal: cancel.signal });
    cancel.abort();
    expect(await second).toEqual({ status: "cancelled" });
    other.abort();
    expect(await first).toEqual({ status: "cancelled" });
  });

  test("without a limit the model is handed back as it is", () => {
    const model = createFakeModel({ steps: [{ text: "Yes" }] });
    expect(withBudget(model, {})).toBe(model);
  });
});
