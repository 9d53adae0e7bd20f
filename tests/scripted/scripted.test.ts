import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type ScriptStep, startScriptedServer } from "../../src/model/index.ts";
import { loadRunSummary, toRunPaths } from "../../src/run/index.ts";
import { modularRun, runRebench } from "../command-line/rebench.ts";
import { eventsOfType, findOnlyRun, onlyRun, readEventsOf } from "../command-line/run-folder.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { expectedClockMs, lostMs } from "./expected-clock.ts";
import { bashStep, endingTokens, lastStep, playRun, type ScriptedRun, scoreStep } from "./scripted-run.ts";

const write = (level: number): ScriptStep => bashStep(`echo 'LEVEL = ${level}' > solution.py`);

/** A machine that is busy may move one of the two measurements; a clock that is wrong is wrong each time. */
const repeated = { retry: 2 };

function expectClock({ events, records, state }: Pick<ScriptedRun, "events" | "records" | "state">): void {
  const differenceMs = Math.abs(state.clock.elapsedMs - expectedClockMs(events, lostMs(records)));
  expect(differenceMs, "milliseconds between the clock and what the server saw").toBeLessThan(50);
}

const scoresOf = ({ state }: Pick<ScriptedRun, "state">) =>
  state.entries.map(({ result }) => (result.result === "scored" ? result.normalized : result.result));

test(
  "a scripted conversation over HTTP edits the solution, scores three times and improves",
  repeated,
  async () => {
    const steps = [write(7), scoreStep, write(4), scoreStep, write(1), scoreStep, lastStep];
    const run = await playRun({ steps });
    expect([run.ended.exitCode, run.state.ending?.reason, run.verified]).toEqual([0, "token-limit", 0]);
    const scores = scoresOf(run).map(Number);
    expect(scores).toEqual([0, expect.closeTo(1 / 3), expect.closeTo(2 / 3), 1]);
    expect(run.ended.stdout).toContain("normalized 1.000");
    expect(run.records.map(({ protocol }) => protocol)).toEqual(steps.map(() => "openai"));
    expectClock(run);
  },
);

describe("a fault of the provider", () => {
  test.each<[string, ScriptStep, string]>([
    ["429 with retry-after", { fault: "rate-limit", retryAfterSeconds: 1 }, "rate-limited"],
    ["429 with retry-after in ms", { fault: "rate-limit", retryAfterMs: 300, delayMs: 200 }, "rate-limited"],
    ["429 without retry-after", { fault: "rate-limit" }, "rate-limited"],
    ["500", { fault: "server-error", delayMs: 300 }, "server-error"],
    ["hang", { fault: "hang" }, "timed-out"],
    ["hang in the middle of an answer", { fault: "hang", midAnswer: true }, "timed-out"],
    ["lost connection", { fault: "connection-lost", delayMs: 300 }, "connection-lost"],
    ["cut stream", { fault: "cut-stream", delayMs: 300 }, "connection-lost"],
    ["malformed JSON", { fault: "malformed-json", delayMs: 300 }, "malformed-answer"],
  ])(
    "%s: the run goes on, ends in order, and none of it is on the clock",
    repeated,
    async (_, fault, name) => {
      const steps = [write(4), fault, scoreStep, lastStep];
      const run = await playRun({ steps }, { more: ["--model-timeout", "1s"] });
      expect([run.ended.exitCode, run.state.ending?.reason, run.verified]).toEqual([0, "token-limit", 0]);
      expect(scoresOf(run)).toEqual([0, expect.closeTo(2 / 3)]);
      expect(eventsOfType(run.events, "model-attempt-failed").map((failed) => failed.fault)).toEqual([name]);
      expect(lostMs(run.records)).toBeGreaterThan(400);
      expectClock(run);
    },
  );

  test.each<[string, ScriptStep, string]>([
    ["an unknown tool", { fault: "wrong-tool-call", wrong: "unknown-tool" }, "there is no tool"],
    [
      "arguments that are not JSON",
      { fault: "wrong-tool-call", wrong: "arguments-not-json" },
      "not a valid JSON object",
    ],
  ])("a call of %s is answered, and its time counts", repeated, async (_, wrong, answer) => {
    const run = await playRun({ steps: [write(4), wrong, scoreStep, lastStep] });
    expect([run.ended.exitCode, run.state.ending?.reason, run.verified]).toEqual([0, "token-limit", 0]);
    expect(scoresOf(run)).toEqual([0, expect.closeTo(2 / 3)]);
    expect(run.records[2]?.request.messages.find(({ text }) => text.includes(answer))?.role).toBe("tool");
    expect(lostMs(run.records)).toBe(0);
    expectClock(run);
  });

  test(
    "that does not end interrupts the run, exit 4; when the provider is back, resume completes it",
    repeated,
    async () => {
      await using folder = await openTemporaryFolder();
      const down: ScriptStep = { fault: "rate-limit", retryAfterMs: 50, delayMs: 20 };
      const attempts = 8;
      const steps = [write(4), scoreStep, ...Array.from({ length: attempts }, () => down), lastStep];
      await using server = await startScriptedServer({ script: { steps }, record: true });
      const more = ["--tokens", String(endingTokens)];
      const failed = await runRebench(modularRun({ baseUrl: server.baseUrl, runs: folder.path, more }));
      expect([failed.exitCode, failed.stderr]).toEqual([
        4,
        expect.stringMatching(/PROVIDER_FAILED.*rebench resume/s),
      ]);
      const run = toRunPaths(onlyRun(folder.path));
      const interrupted = readEventsOf(run.root);
      expect(eventsOfType(interrupted, "model-attempt-failed")).toHaveLength(attempts);
      expect(interrupted.at(-1)).toMatchObject({
        type: "run-interrupted",
        message: expect.stringContaining("429"),
      });
      expectClock({ events: interrupted, records: server.records(), state: loadRunSummary(run).state });

      expect((await runRebench(["resume", run.root])).exitCode).toBe(0);
      const { state } = loadRunSummary(run);
      expect([state.phase, state.ending?.reason]).toEqual(["ended", "token-limit"]);
      expect(scoresOf({ state })).toEqual([0, expect.closeTo(2 / 3)]);
      expect((await runRebench(["verify", run.root])).exitCode).toBe(0);
    },
  );
});

describe("a budget", () => {
  test("of tokens ends the run at the call that uses it up", async () => {
    const run = await playRun({ steps: [write(4), lastStep, write(1)] });
    expect([run.ended.exitCode, run.state.ending?.reason]).toEqual([0, "token-limit"]);
    expect(run.records).toHaveLength(2);
    expect(scoresOf(run)).toEqual([0, expect.closeTo(2 / 3)]);
  });

  test("of dollars ends the run, by prices from a file", async () => {
    await using folder = await openTemporaryFolder();
    const prices = join(folder.path, "prices.json");
    const price = { inputUsdPerMillion: 2, outputUsdPerMillion: 4, asOf: "2026-01-01", source: "a test" };
    const models = { "openai-compatible/scripted": price };
    await writeFile(prices, JSON.stringify({ schemaVersion: 1, models }));
    const more = ["--cost", "2", "--prices", prices];
    const run = await playRun({ steps: [write(4), lastStep, write(1)] }, { endingTokens: null, more });
    expect([run.ended.exitCode, run.state.ending?.reason, run.verified]).toEqual([0, "cost-limit", 0]);
    expect(run.records).toHaveLength(2);
    expect(run.state.usage.costUsd).toBeGreaterThan(2);
  });

  test("of dollars without a known price is refused before anything is made or asked", async () => {
    await using folder = await openTemporaryFolder();
    await using server = await startScriptedServer({ script: { steps: [lastStep] } });
    const { exitCode, stderr } = await runRebench([
      ...["run", "quick", "--agent", "modular", "--model", "openai-compatible/scripted"],
      ...["--base-url", server.baseUrl, "--cost", "1", "--runs", folder.path],
    ]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("MODEL_PRICE_UNKNOWN")]);
    expect(findOnlyRun(folder.path)).toBeNull();
    expect(server.requestCount()).toBe(0);
  });
});

test("Anthropic's protocol plays the same conversation", async () => {
  await using folder = await openTemporaryFolder();
  const steps = [write(4), scoreStep, lastStep];
  await using server = await startScriptedServer({ script: { steps }, record: true });
  const { exitCode } = await runRebench(
    [
      ...[
        "run",
        "quick",
        "--agent",
        "modular",
        "--model",
        "anthropic/scripted",
        "--base-url",
        server.baseUrl,
      ],
      ...["--tokens", String(endingTokens), "--runs", folder.path],
    ],
    { ANTHROPIC_API_KEY: "a-key-for-tests" },
  );
  expect(exitCode).toBe(0);
  expect(server.records().map(({ protocol }) => protocol)).toEqual(steps.map(() => "anthropic"));
  const recorded = eventsOfType(readEventsOf(onlyRun(folder.path)), "score-recorded");
  expect(recorded.map(({ result }) => (result.result === "scored" ? result.raw : null))).toEqual([10, 4]);
});
