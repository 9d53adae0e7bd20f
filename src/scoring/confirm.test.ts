import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confirmScore, type Level, medianCoverage } from "./confirm.ts";
import type { ScoringResult } from "./result.ts";

const scored = (raw: number): ScoringResult => ({
  result: "scored",
  raw,
  normalized: 2 * raw,
  flag: null,
  message: "",
  details: {},
});
const invalid: ScoringResult = { result: "invalid", reason: "wrong-answer", message: "", details: {} };
const failed: ScoringResult = { result: "judge-failed", reason: "crashed", message: "" };
const timedOut: ScoringResult = { result: "timed-out", limitSeconds: 60, message: "" };
const level = (raw: number): Level => ({ kind: "score", raw, normalized: 2 * raw });

function numbered(n: number): readonly ScoringResult[] {
  return Array.from({ length: n }, (_, index) => scored(index + 1));
}

describe("medianCoverage", () => {
  // Ranks and chances of the classical table of distribution-free intervals for the median (sums of binomials).
  test.each([
    [3, 1, 0.75],
    [5, 1, 0.9375],
    [6, 1, 0.96875],
    [10, 2, 0.978515625],
    [15, 4, 0.96484375],
    [20, 6, 0.9586105346679688],
    [100, 40, 0.9647998],
  ])("n = %d, rank %d covers with chance %f", (n, rank, expected) => {
    expect(medianCoverage(n, rank)).toBeCloseTo(expected, 6);
  });
});

describe("confirmScore", () => {
  test.each([
    [6, 1],
    [9, 2],
    [10, 2],
    [12, 3],
    [15, 4],
    [20, 6],
    [100, 40],
  ])("%d scorings give the interval of rank %d, the narrowest that covers 95 %%", (n, rank) => {
    const confirmation = confirmScore(numbered(n), "higher");
    expect(confirmation).toMatchObject({
      kind: "confirmed",
      median: level((n + 1) / 2),
      interval: { worst: level(rank), best: level(n + 1 - rank) },
    });
  });

  test("with fewer than six the whole range is given, with the lower chance it has", () => {
    expect(confirmScore(numbered(3), "lower")).toMatchObject({
      median: level(2),
      interval: { worst: level(3), best: level(1), coverage: 0.75 },
    });
  });

  test("fewer than three outcomes are too few, whatever else was asked", () => {
    const results = [scored(1), scored(2), failed, failed, timedOut];
    expect(confirmScore(results, "lower")).toEqual({
      kind: "too-few",
      needed: 3,
      counts: { asked: 5, scored: 2, invalid: 0, timedOut: 1, judgeFailed: 2, flagged: 0 },
    });
    expect(confirmScore([], "lower").kind).toBe("too-few");
  });

  test("invalid ranks below every score in both directions; failures and limits do not rank", () => {
    for (const direction of ["lower", "higher"] as const) {
      expect(
        confirmScore([scored(1), invalid, scored(2), scored(3), invalid, failed], direction),
      ).toMatchObject({
        counts: { asked: 6, scored: 3, invalid: 2, judgeFailed: 1 },
        median: level(direction === "lower" ? 3 : 1),
        interval: { worst: { kind: "invalid" }, best: level(direction === "lower" ? 1 : 3) },
      });
    }
  });

  test("the median is invalid as soon as one of the two in the middle is", () => {
    expect(confirmScore([scored(1), scored(2), invalid, invalid], "lower")).toMatchObject({
      median: { kind: "invalid" },
    });
  });

  test("order does not matter, and the median lies within the interval", () => {
    const results = fc.array(fc.integer({ min: 0, max: 9 }).map(scored), { minLength: 3, maxLength: 40 });
    fc.assert(
      fc.property(results, (given) => {
        const confirmation = confirmScore(given, "higher");
        expect(confirmScore(given.toReversed(), "higher")).toEqual(confirmation);
        if (confirmation.kind !== "confirmed") throw new Error("there were enough");
        const { median, interval } = confirmation;
        if (
          median.kind === "invalid" ||
          interval.worst.kind === "invalid" ||
          interval.best.kind === "invalid"
        )
          throw new Error("none was invalid");
        expect(interval.worst.raw).toBeLessThanOrEqual(median.raw);
        expect(interval.best.raw).toBeGreaterThanOrEqual(median.raw);
        if (given.length >= 6) expect(interval.coverage).toBeGreaterThanOrEqual(0.95);
      }),
    );
  });
});
