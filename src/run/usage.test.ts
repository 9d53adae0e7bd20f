import { describe, expect, test } from "vitest";
import type { EventBody, RunEvent } from "./events.ts";
import { initialUsage, reduceUsage, tokensUsed } from "./usage.ts";

type Exchange = Extract<EventBody, { type: "gateway-exchange" }>;

const exchange: Exchange = {
  type: "gateway-exchange",
  phase: "agent",
  protocol: "openai",
  name: "small",
  status: "completed",
  request: { text: "null" },
  result: { text: "null" },
  completedCalls: 2,
  inputTokens: 10,
  outputTokens: 5,
  costUsd: 0.5,
  durationMs: 1,
  clientGone: false,
};

function usageAfter(...bodies: readonly EventBody[]) {
  const hash = "0".repeat(64);
  return bodies
    .map((body, seq): RunEvent => ({ hash, previous: hash, schemaVersion: 1, seq, at: seq, ...body }))
    .reduce(reduceUsage, initialUsage);
}

describe("reduceUsage", () => {
  const own = { type: "model-responded", operation: 0, result: { text: "" } } as const;

  test("calls of the agent and of its programs count together, and the programs' part apart", () => {
    const usage = usageAfter({ ...own, inputTokens: 100, outputTokens: 50, costUsd: 1 }, exchange, exchange);
    expect(usage).toMatchObject({ modelCalls: 1, costUsd: 2 });
    expect(tokensUsed(usage)).toBe(180);
    expect(usage.gateway).toEqual({ calls: { small: 4 }, inputTokens: 20, outputTokens: 10, costUsd: 1 });
  });

  test("a served request counts for its service, whatever model has the same name; a refusal counts for nothing", () => {
    const free = { completedCalls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 };
    const usage = usageAfter(
      { ...exchange, ...free, protocol: "service", status: "served" },
      { ...exchange, ...free, protocol: "service", status: "refused" },
      { ...exchange, ...free, status: "refused" },
      exchange,
    );
    expect(usage.gateway.calls).toEqual({ "services/small": 1, small: 2 });
  });

  test("what the starting solution cost to make is not the agent's", () => {
    expect(usageAfter({ ...exchange, phase: "start" })).toEqual(initialUsage);
  });

  test("a refused or failed exchange is charged for the calls that were completed", () => {
    const usage = usageAfter({ ...exchange, status: "failed", completedCalls: 1 });
    expect(usage.gateway).toMatchObject({ calls: { small: 1 }, inputTokens: 10 });
  });

  test("one unknown cost makes the whole unknown", () => {
    expect(usageAfter(exchange, { ...exchange, costUsd: null }, exchange)).toMatchObject({
      costUsd: null,
      gateway: { costUsd: null },
    });
  });
});
