import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScorePoint } from "../data/run-row.ts";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { scoreAtTime, toScoreSteps } from "./score-at-time.ts";

function point(
  clockMs: number,
  normalized: number | null,
  outcome: ScorePoint["outcome"] = "valid",
): ScorePoint {
  return { entry: 0, clockMs, askedFor: true, outcome, raw: null, normalized, usage: null };
}

const log = [
  point(0, 0),
  point(10, 0.5),
  point(20, null, "invalid"),
  point(30, 9, "flagged"),
  point(40, 0.3),
  point(50, 0.8),
];

describe("toScoreSteps", () => {
  test("best so far climbs, last so far follows; what is not valid changes nothing", () => {
    expect(toScoreSteps(log, "best").map(({ clockMs, normalized }) => [clockMs, normalized])).toEqual([
      [0, 0],
      [10, 0.5],
      [50, 0.8],
    ]);
    expect(toScoreSteps(log, "last").map(({ clockMs, normalized }) => [clockMs, normalized])).toEqual([
      [0, 0],
      [10, 0.5],
      [40, 0.3],
      [50, 0.8],
    ]);
  });

  test("times ascend strictly, and the best never falls", () => {
    const entries = fc.array(fc.tuple(fc.nat(100), fc.double({ min: 0, max: 2, noNaN: true })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(entries, (pairs) => {
        const points = pairs
          .toSorted(([a], [b]) => a - b)
          .map(([clockMs, normalized]) => point(clockMs, normalized));
        const steps = toScoreSteps(points, "best");
        for (const [index, step] of steps.slice(1).entries()) {
          expect(step.clockMs).toBeGreaterThan(steps[index]?.clockMs ?? 0);
          expect(step.normalized).toBeGreaterThan(steps[index]?.normalized ?? 0);
        }
        expect(steps.at(-1)?.normalized).toBe(
          Math.max(0, ...points.map(({ normalized }) => normalized ?? 0)),
        );
      }),
    );
  });
});

describe("scoreAtTime", () => {
  const row = fabricateRow({ log, timeLimitMs: 60, timeUsedMs: 60, score: 0.8 });

  test("a run is worth at a time what it was worth then", () => {
    expect([5, 10, 49, 50, 60].map((atMs) => scoreAtTime(row, atMs))).toMatchObject([
      { normalized: 0 },
      { normalized: 0.5 },
      { normalized: 0.5 },
      { normalized: 0.8 },
      { normalized: 0.8 },
    ]);
  });

  test("what cannot be known is none, with the reason", () => {
    expect(scoreAtTime(row, 61)).toMatchObject({
      kind: "none",
      reason: expect.stringContaining("was given"),
    });
    expect(scoreAtTime({ ...row, log: null }, 30)).toMatchObject({
      reason: expect.stringContaining("has no score log"),
    });
    expect(scoreAtTime({ ...row, log: null }, 60)).toMatchObject({ normalized: 0.8 });
    expect(scoreAtTime({ ...row, timeLimitMs: null }, 70)).toMatchObject({
      reason: expect.stringContaining("ended before"),
    });
  });
});
