import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBetter, type ScoreDirection } from "../environment/index.ts";
import type { ScoreEntry, ScoringResult } from "./result.ts";
import { bestEntry, type Choice, finalEntry, toFinalScore } from "./score-log.ts";
import { toDroppableSnapshots } from "./snapshot-policy.ts";

const message = "";
const scored = (raw: number, flag: "implausible" | null = null): ScoringResult => ({
  result: "scored",
  raw,
  normalized: 0,
  flag,
  message,
  details: {},
});
const invalid: ScoringResult = { result: "invalid", reason: "wrong-answer", message, details: {} };
const failed: ScoringResult = { result: "judge-failed", reason: "crashed", message };
const timedOut: ScoringResult = { result: "timed-out", limitSeconds: 60, message };

/** A log in which the snapshot of entry n is named `n`, unless named otherwise. */
function log(results: readonly ScoringResult[], trees?: readonly string[]): readonly ScoreEntry[] {
  return results.map((result, index) => ({
    index,
    clockMs: index * 1_000,
    snapshot: { treeSha256: trees?.[index] ?? String(index), files: 1, sizeBytes: 1 },
    result,
    durationMs: 1,
  }));
}

function indexOf(choice: Choice): number | "none" {
  return choice.kind === "none" ? "none" : choice.entry.index;
}

const anyResult = fc.oneof(
  fc.integer({ min: -5, max: 5 }).map((raw) => scored(raw)),
  fc.integer({ min: -5, max: 5 }).map((raw) => scored(raw, "implausible")),
  fc.constantFrom(invalid, failed, timedOut),
);
const anyLog = fc.array(anyResult, { maxLength: 12 }).map((results) => log(results));
const anyDirection = fc.constantFrom<ScoreDirection>("lower", "higher");

describe("bestEntry and finalEntry", () => {
  test("the best of equals is the first", () => {
    expect(indexOf(bestEntry(log([scored(3), scored(1), scored(1)]), "lower"))).toBe(1);
    expect(indexOf(bestEntry(log([scored(3), scored(1), scored(3)]), "higher"))).toBe(0);
  });

  test("what is not scored takes no part, in first and in last place", () => {
    const entries = log([failed, scored(2), scored(4), invalid, timedOut]);
    expect(indexOf(finalEntry(entries, "best", "lower"))).toBe(1);
    expect(indexOf(finalEntry(entries, "last", "lower"))).toBe(2);
  });

  test("an empty log and one without a score have no final entry", () => {
    for (const entries of [log([]), log([invalid, failed, timedOut])]) {
      expect(finalEntry(entries, "best", "higher")).toEqual({ kind: "none" });
      expect(finalEntry(entries, "last", "higher")).toEqual({ kind: "none" });
    }
  });

  test("a flagged entry counts only once a reviewer accepted it; both numbers are given", () => {
    const entries = log([scored(5), scored(1, "implausible"), scored(3)]);
    const pending = toFinalScore(entries, "best", "lower");
    expect([indexOf(pending.logged), indexOf(pending.withFlagged), pending.underReview]).toEqual([2, 1, [1]]);
    const accepted = toFinalScore(entries, "best", "lower", new Set([1]));
    expect([indexOf(accepted.logged), indexOf(accepted.withFlagged), accepted.underReview]).toEqual([
      1,
      1,
      [],
    ]);
  });

  test("no unflagged score beats the best one, and none comes after the last one", () => {
    fc.assert(
      fc.property(anyLog, anyDirection, (entries, direction) => {
        const best = bestEntry(entries, direction);
        const last = finalEntry(entries, "last", direction);
        const honest = entries.flatMap(({ index, result }) =>
          result.result === "scored" && result.flag === null ? [{ index, raw: result.raw }] : [],
        );
        expect(best.kind).toBe(honest.length > 0 ? "entry" : "none");
        if (best.kind === "none" || last.kind === "none") return;
        expect(honest.some(({ raw }) => isBetter(raw, best.entry.result.raw, direction))).toBe(false);
        expect(last.entry.index).toBe(Math.max(...honest.map(({ index }) => index)));
      }),
    );
  });
});

describe("toDroppableSnapshots", () => {
  const entries = log([scored(5), scored(6), scored(4), scored(7), scored(3), invalid, scored(9)]);

  test("`all` drops nothing", () => {
    expect(toDroppableSnapshots(entries, "all", "best", "lower")).toEqual([]);
  });

  test("`improvements` drops what was worse than something before, and what is invalid", () => {
    expect(toDroppableSnapshots(entries, "improvements", "best", "lower")).toEqual(["1", "3", "5"]);
  });

  test("`final` keeps the start, the final entry and the newest", () => {
    expect(toDroppableSnapshots(entries, "final", "best", "lower")).toEqual(["1", "2", "3", "5"]);
    expect(toDroppableSnapshots(entries, "final", "last", "lower")).toEqual(["1", "2", "3", "4", "5"]);
  });

  test("what a person or a judge still has to settle is kept", () => {
    const unsettled = log([scored(5), scored(1, "implausible"), failed, timedOut, scored(6), scored(7)]);
    expect(toDroppableSnapshots(unsettled, "final", "best", "lower")).toEqual(["4"]);
  });

  test("a snapshot that two entries share is kept when either keeps it", () => {
    const shared = log([scored(5), scored(6), scored(4), scored(6), scored(8)], ["a", "b", "c", "b", "b"]);
    expect(toDroppableSnapshots(shared, "final", "best", "lower")).toEqual([]);
  });

  test("the final entry is never dropped, and a longer log never brings a dropped snapshot back", () => {
    fc.assert(
      fc.property(anyLog, anyDirection, fc.constantFrom("best", "last"), (entries, direction, rule) => {
        for (const policy of ["improvements", "final"] as const) {
          const dropped = new Set<string>();
          for (let length = 1; length <= entries.length; length += 1) {
            const sofar = entries.slice(0, length);
            for (const tree of toDroppableSnapshots(sofar, policy, rule, direction)) dropped.add(tree);
            const final = finalEntry(sofar, rule, direction);
            if (final.kind === "entry") expect(dropped).not.toContain(final.entry.snapshot.treeSha256);
          }
        }
      }),
    );
  });
});
