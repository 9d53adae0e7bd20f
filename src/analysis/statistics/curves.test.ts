import { describe, expect, test } from "vitest";
import type { RunRow } from "../data/run-row.ts";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { findBestAllocation } from "./allocation.ts";
import { type Arm, toArms } from "./arms.ts";
import { toCells } from "./cells.ts";
import { compareAgents } from "./compare.ts";
import { expertAttemptUsd, toCostCurve } from "./cost.ts";
import { findCrossing } from "./crossing.ts";

const hour = 3_600_000;
const environments = ["optimize-kernel", "fix-embedding"];
const options = { environments, scale: "paper" } as const;

function runs(scores: readonly number[], change: Partial<RunRow> = {}): readonly RunRow[] {
  return environments.flatMap((environment) =>
    scores.map((score) => fabricateRow({ environment, score, ...change })),
  );
}

/** Runs that reach their score at one time of their clock. */
function logged(scores: readonly number[], limitMs: number, reachedMs: number): readonly RunRow[] {
  return runs(scores, { timeLimitMs: limitMs }).map((row) => ({
    ...row,
    log: [
      {
        entry: 1,
        clockMs: reachedMs,
        askedFor: true,
        outcome: "valid",
        raw: null,
        normalized: row.logged.kind === "scored" ? row.logged.normalized : 0,
        usage: null,
      },
    ],
  }));
}

function toArm(name: string, timeMs: number, scores: readonly number[]): Arm {
  return { name, timeMs, runsName: name, cells: toCells(runs(scores), options).cells };
}

describe("findBestAllocation", () => {
  test("spends the budget in every way, runs cut early included", () => {
    const rows = [
      ...logged([0, 0, 1, 1], hour, hour / 4),
      ...runs([0.6, 0.6, 0.6], { timeLimitMs: 4 * hour }),
    ];
    const { arms, leftOut } = toArms(rows, options, [hour / 8, hour / 2]);
    expect(leftOut).toEqual([]);
    expect(arms.map(({ name }) => name)).toEqual([
      "60 min",
      "7.5 min of 60 min",
      "30 min of 60 min",
      "240 min",
    ]);
    const result = findBestAllocation(arms, 4 * hour);
    if (result.kind === "refused") throw new Error(result.reason);
    expect(result.all.map(({ arm, k, value }) => [arm, k, value])).toEqual([
      ["30 min of 60 min", 8, expect.closeTo(1 - 0.5 ** 8, 12)],
      ["60 min", 4, expect.closeTo(1 - 0.5 ** 4, 12)],
      ["240 min", 1, expect.closeTo(0.6, 12)],
      ["7.5 min of 60 min", 32, 0],
    ]);
    // Each environment draws four failures once in 16 times; the long run is then better.
    expect(result.best.shareBest).toBeCloseTo((15 / 16) ** 2, 1);
    expect(result.best.beyondRuns).toEqual(environments);
  });

  test("arms that lack an environment or exceed the budget are named, and none left is refused", () => {
    const one = runs([1, 1, 1], { timeLimitMs: hour }).filter(
      ({ environment }) => environment === "fix-embedding",
    );
    const { arms } = toArms([...one, ...runs([0, 1, 1], { timeLimitMs: 9 * hour })], options, []);
    expect(findBestAllocation(arms, 4 * hour)).toMatchObject({
      kind: "refused",
      left: [
        { arm: "60 min", reason: "no run in optimize-kernel" },
        { arm: "540 min", reason: "longer than the budget of 4 h" },
      ],
    });
  });

  test("runs without a score log are not cut", () => {
    expect(toArms(runs([1, 1], { timeLimitMs: hour }), options, [hour / 2]).arms).toHaveLength(1);
  });
});

describe("compareAgents", () => {
  test("differences are paired by environment, and environments that one side lacks are named", () => {
    const left = toCells(runs([0.8, 1, 1.2]), options).cells;
    const right = toCells(
      runs([0.4, 0.5, 0.6]).filter(({ environment }) => environment === "fix-embedding"),
      options,
    ).cells;
    const result = compareAgents({ cells: left, k: 1 }, { cells: right, k: 1 });
    expect(result).toMatchObject({
      kind: "compared",
      difference: expect.closeTo(0.5, 12),
      ratio: { value: expect.closeTo(2, 12) },
      shareLeftAhead: 1,
      missing: [{ environment: "optimize-kernel", reason: "no run of right" }],
    });
  });

  test("an agent compared with itself is ahead in half of the resamples", () => {
    const { cells } = toCells(runs([0, 0.2, 0.4, 0.6, 0.8, 1]), options);
    const result = compareAgents({ cells, k: 2 }, { cells, k: 2 });
    expect(result).toMatchObject({ difference: 0, shareLeftAhead: expect.closeTo(0.5, 1) });
  });

  test("no ratio to 0, and no interval from two runs", () => {
    const zero = toCells(runs([0, 0]), options).cells;
    const some = toCells(runs([1, 1]), options).cells;
    expect(compareAgents({ cells: some, k: 1 }, { cells: zero, k: 1 })).toMatchObject({
      ratio: { kind: "refused" },
      interval: { kind: "refused" },
      shareLeftAhead: null,
    });
  });
});

describe("toCostCurve", () => {
  test("k runs cost k times the mean of one, people their pay", () => {
    const priced = runs([0, 1, 1]).map((row, index) => ({
      ...row,
      usage: { ...row.usage, costUsd: index % 2 === 0 ? 10 : 20 },
    }));
    const curve = toCostCurve(priced, toCells(priced, options).cells, [1, 2], { unit: "usd" });
    expect(curve).toMatchObject({
      kind: "curve",
      costPerRun: 15,
      points: [
        { k: 1, cost: 15 },
        { k: 2, cost: 30 },
      ],
    });
    const people = runs([0, 1, 1], { actor: "human" });
    expect(toCostCurve(people, toCells(people, options).cells, [4], { unit: "usd" })).toMatchObject({
      points: [{ cost: 4 * expertAttemptUsd }],
    });
  });

  test("one unknown price refuses the curve", () => {
    const rows = runs([0, 1, 1]).map((row, index) => ({
      ...row,
      usage: { ...row.usage, costUsd: index === 0 ? null : 1 },
    }));
    expect(toCostCurve(rows, toCells(rows, options).cells, [1], { unit: "usd" })).toEqual({
      kind: "refused",
      reason: "the price of 1 of 6 runs is not known",
    });
  });
});

describe("findCrossing", () => {
  const curve = (arms: readonly Arm[]) =>
    arms.map((arm) => ({ budgetMs: arm.timeMs, ways: [{ arm, k: 1 }] }));
  const flat = [0.5, 0.5, 0.5];

  test("lies where the lines over the logarithm of time meet", () => {
    const humans = curve([toArm("h1", hour, [0, 0, 0]), toArm("h4", 4 * hour, [1, 1, 1])]);
    const agents = curve([toArm("a1", hour, flat), toArm("a4", 4 * hour, flat)]);
    expect(findCrossing(humans, agents)).toMatchObject({
      kind: "crosses",
      atMs: expect.closeTo(2 * hour, 3),
      interval: { lowMs: expect.closeTo(2 * hour, 3), highMs: expect.closeTo(2 * hour, 3) },
      shares: { crosses: 1 },
    });
  });

  test("an end of the interval outside the budgets is open", () => {
    const humans = curve([toArm("h1", hour, [0.4, 0.5, 0.6]), toArm("h4", 4 * hour, [0, 0.7, 1, 1])]);
    const agents = curve([toArm("a1", hour, [0.4, 0.5, 0.7]), toArm("a4", 4 * hour, [0.3, 0.5, 0.9])]);
    const result = findCrossing(humans, agents);
    expect(result).toMatchObject({
      kind: "crosses",
      interval: { kind: "interval", lowMs: null, highMs: null },
    });
  });

  test("who is ahead throughout is said, and curves that share no range are refused", () => {
    const agents = curve([toArm("a1", hour, flat), toArm("a4", 4 * hour, flat)]);
    const humans = curve([toArm("h1", hour, [1, 1, 1]), toArm("h4", 4 * hour, [1, 1, 1])]);
    expect(findCrossing(humans, agents)).toMatchObject({
      kind: "no-crossing",
      ahead: "humans",
      shares: { crosses: 0 },
    });
    expect(findCrossing(agents, humans)).toMatchObject({ kind: "no-crossing", ahead: "agents" });
    const later = curve([toArm("l8", 8 * hour, flat), toArm("l9", 9 * hour, flat)]);
    expect(findCrossing(humans, later)).toMatchObject({ kind: "refused" });
  });
});
