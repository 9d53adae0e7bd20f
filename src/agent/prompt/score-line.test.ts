import { expect, test } from "vitest";
import type { TaskView, VisibleScoreEntry } from "../../run/index.ts";
import { scoreLine } from "./score-line.ts";

const score: TaskView["score"] = {
  name: "time",
  unit: "ms",
  direction: "lower",
  final: "best",
  visible: true,
  mostRequests: null,
};
const entry = (index: number, raw: number): VisibleScoreEntry => ({
  index,
  clockMs: index * 60_000,
  reply: { status: "scored", score: raw, normalized: 1 - raw, message: "" },
});

test("names the best entry by direction, the earliest on ties, and the newest", () => {
  const log = [entry(0, 1), entry(1, 0.25), entry(2, 0.25), entry(3, 0.5)];
  expect(scoreLine(log, score)).toBe(
    "Score log: 4 entries, best 0.25 (normalized 0.750) (entry 1, at 1 min), newest 0.5 (normalized 0.500) (entry 3, at 3 min).",
  );
  expect(scoreLine(log, { ...score, direction: "higher" })).toContain(
    "best 1 (normalized 0.000) (starting solution",
  );
});

test("says when nothing is valid and reveals nothing that is hidden", () => {
  const invalid: VisibleScoreEntry = { index: 0, clockMs: 0, reply: { status: "invalid", message: "no" } };
  expect(scoreLine([invalid], score)).toContain("none valid yet");
  expect(scoreLine([entry(0, 0.123)], { ...score, visible: false })).not.toContain("0.123");
});
