import { describe, expect, test } from "vitest";
import type { ScoringResult } from "./result.ts";
import { toScoreReply } from "./score-reply.ts";

const outcomes: readonly ScoringResult[] = [
  {
    result: "scored",
    raw: 1.25,
    normalized: 0.5,
    flag: null,
    message: "median of 5 calls",
    details: { secret: "DETAILS" },
  },
  { result: "scored", raw: 0.1, normalized: 3, flag: "implausible", message: "fast", details: {} },
  { result: "invalid", reason: "REASON", message: "wrong answer", details: { secret: "DETAILS" } },
  { result: "timed-out", limitSeconds: 60, message: "too slow" },
  { result: "judge-failed", reason: "REASON", message: "try again" },
];

describe("toScoreReply", () => {
  test("hidden scores get one constant reply, whatever the outcome", () => {
    const replies = new Set(outcomes.map((result) => JSON.stringify(toScoreReply(result, false))));
    expect(replies.size).toBe(1);
    expect([...replies][0]).not.toMatch(/\d/);
  });

  test("visible scores are told with their message", () => {
    expect(outcomes.map((result) => toScoreReply(result, true))).toEqual([
      { status: "scored", score: 1.25, normalized: 0.5, message: "median of 5 calls" },
      { status: "scored", score: 0.1, normalized: 3, message: "fast" },
      { status: "invalid", message: "wrong answer" },
      { status: "not-scored", message: "too slow" },
      { status: "not-scored", message: "try again" },
    ]);
  });

  test("details, reasons and flags are never told", () => {
    for (const result of outcomes) {
      expect(JSON.stringify(toScoreReply(result, true))).not.toMatch(/DETAILS|REASON|implausible/);
    }
  });
});
