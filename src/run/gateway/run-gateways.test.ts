import { describe, expect, test } from "vitest";
import type { GatewayExchange } from "../../model/index.ts";
import { FakeRun } from "../testing/fake-run.ts";
import type { GatewayUsage } from "./gateway-usage.ts";
import type { OpenRunGateway } from "./run-gateways.ts";

const exchange: GatewayExchange = {
  number: 0,
  protocol: "openai",
  name: "small",
  request: null,
  outcome: { status: "completed", answers: [] },
  completedCalls: 1,
  inputTokens: 60,
  outputTokens: 40,
  costUsd: 0.5,
  failedAttempts: [],
  arrivedMs: 0,
  endedMs: 1,
  clientGone: false,
};

/** A gateway whose call under way ends as it is closed; it notes what it finds used as it opens. */
function closingGateway(opened: GatewayUsage[]): OpenRunGateway {
  return ({ record, used = () => unknownUsage }) => {
    opened.push(used());
    return {
      accept: () => {},
      [Symbol.asyncDispose]: async () => record(exchange),
    };
  };
}

const unknownUsage: GatewayUsage = { calls: {}, inputTokens: -1, outputTokens: -1, costUsd: null };
const nothing: GatewayUsage = { calls: {}, inputTokens: 0, outputTokens: 0, costUsd: 0 };

describe("RunGateways", () => {
  test("calls under way are recorded before the clock starts, and before the last scoring", async () => {
    const run = await FakeRun.create();
    const { state } = await run.execute(async () => {}, { openGateway: closingGateway([]) });
    const types = run.types.filter((type) => /gateway|clock-st|score-req|run-ended/.test(type));
    expect(types).toEqual([
      "score-requested",
      "gateway-exchange",
      "clock-started",
      "clock-stopped",
      "gateway-exchange",
      "score-requested",
      "run-ended",
    ]);
    expect(state.usage).toMatchObject({ inputTokens: 60, costUsd: 0.5, gateway: { calls: { small: 1 } } });
  });

  test("a run taken up again goes on with what was used, and records what an interruption cut off", async () => {
    const run = await FakeRun.create();
    const opened: GatewayUsage[] = [];
    const openGateway = closingGateway(opened);
    const stop = new AbortController();
    const first = await run.execute(
      async (context) => {
        stop.abort();
        await context.exec(["sleep", "1000"], { timeoutMs: 5_000 });
      },
      { openGateway, signal: stop.signal },
    );
    expect(first.status).toBe("interrupted");
    expect(run.types.slice(-2)).toEqual(["gateway-exchange", "run-interrupted"]);
    const second = await run.execute(async () => {}, { openGateway });
    expect(second.status).toBe("ended");
    const used = { calls: { small: 1 }, inputTokens: 60, outputTokens: 40, costUsd: 0.5 };
    expect(opened).toEqual([nothing, nothing, nothing, used]);
  });

  test("what programs use counts against the run's budget and ends it", async () => {
    const run = await FakeRun.create({ budget: { timeMs: 5_000, tokens: 100, costUsd: null } });
    const recorders: ((exchange: GatewayExchange) => void)[] = [];
    const { state } = await run.execute(
      async (context) => {
        recorders.at(-1)?.(exchange);
        await context.exec(["sleep", "4000"], { timeoutMs: 4_000 });
      },
      {
        openGateway: ({ record }) => {
          recorders.push(record);
          return { accept: () => {}, [Symbol.asyncDispose]: async () => {} };
        },
      },
    );
    expect(state.ending).toMatchObject({ reason: "token-limit" });
  });
});
