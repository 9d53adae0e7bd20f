import { describe, expect, test } from "vitest";
import { fabricateRun } from "../testing/fabricate-run.ts";
import { toScoreOverTimeRows } from "./rows.ts";

/** `[minutes, normalized]` of every corner. */
function cornersOf(...runs: Parameters<typeof fabricateRun>[0][]) {
  return toScoreOverTimeRows(runs.map(fabricateRun)).steps.map(({ minutes, normalized }) => [
    minutes,
    normalized,
  ]);
}

describe("steps", () => {
  test("a score counts from the clock of its snapshot, and the line ends with the run's clock", () => {
    expect(
      cornersOf({
        agent: "tweak",
        elapsedMinutes: 1.5,
        scorings: [
          { minutes: 0, raw: 10 },
          { minutes: 0.5, raw: 6 },
          { minutes: 1, raw: 8 },
          { minutes: 1.25, raw: 2 },
        ],
      }),
    ).toEqual([
      [0, 0],
      [0.5, 0.5],
      [1.25, 1],
      [1.5, 1],
    ]);
  });

  test("invalid, timed-out, judge-failed and flagged scorings move nothing", () => {
    expect(
      cornersOf({
        agent: "tweak",
        scorings: [
          { minutes: 0, raw: 10 },
          { minutes: 0.2, failure: "invalid" },
          { minutes: 0.4, failure: "timed-out" },
          { minutes: 0.6, failure: "judge-failed" },
          { minutes: 0.8, raw: 0.1, flagged: true },
        ],
      }),
    ).toEqual([
      [0, 0],
      [2, 0],
    ]);
  });

  test("a line begins where the first valid score stands", () => {
    expect(
      cornersOf({
        agent: "tweak",
        elapsedMinutes: 1,
        scorings: [
          { minutes: 0, failure: "judge-failed" },
          { minutes: 0.5, raw: 6 },
        ],
      }),
    ).toEqual([
      [0.5, 0.5],
      [1, 0.5],
    ]);
  });

  test("a run without a valid score has no line", () => {
    expect(
      cornersOf(
        { agent: "tweak", scorings: [{ minutes: 0, failure: "invalid" }] },
        { agent: "none", scorings: [] },
      ),
    ).toEqual([]);
  });

  test("a score past the reference stays above 1", () => {
    expect(
      cornersOf({
        agent: "tweak",
        elapsedMinutes: 1,
        scorings: [
          { minutes: 0, raw: 10 },
          { minutes: 1, raw: -6 },
        ],
      }),
    ).toEqual([
      [0, 0],
      [1, 2],
    ]);
  });

  test("where the last entry is the score, the line falls with it", () => {
    expect(
      cornersOf({
        agent: "tweak",
        final: "last",
        elapsedMinutes: 1,
        scorings: [
          { minutes: 0, raw: 10 },
          { minutes: 0.25, raw: 2 },
          { minutes: 0.5, raw: 6 },
          { minutes: 0.75, failure: "invalid" },
        ],
      }),
    ).toEqual([
      [0, 0],
      [0.25, 1],
      [0.5, 0.5],
      [1, 0.5],
    ]);
  });

  test("entry 0 stands at clock 0 whatever it recorded", () => {
    expect(cornersOf({ agent: "tweak", elapsedMinutes: 0, scorings: [{ minutes: 0.3, raw: 6 }] })).toEqual([
      [0, 0.5],
    ]);
  });

  test("the worth at the end is the run's score", () => {
    const scorings = Array.from({ length: 200 }, (_, index) => ({
      minutes: index / 100,
      raw: 10 - ((index * 37) % 101) / 12,
      flagged: index % 11 === 5,
    }));
    for (const final of ["best", "last"] as const) {
      const run = fabricateRun({ agent: "search", final, scorings });
      const { logged } = run.final;
      expect(toScoreOverTimeRows([run]).steps.at(-1)?.normalized).toBe(
        logged.kind === "entry" ? logged.entry.result.normalized : undefined,
      );
    }
  });
});

describe("scorings", () => {
  test("every scoring has a row that says what became of it", () => {
    const { scorings } = toScoreOverTimeRows([
      fabricateRun({
        agent: "modular",
        model: "anthropic/example",
        scorings: [
          { minutes: 0, raw: 10 },
          { minutes: 0.5, failure: "invalid" },
          { minutes: 0.75, failure: "timed-out" },
          { minutes: 1, raw: 1, flagged: true },
        ],
      }),
    ]);
    expect(
      scorings.map(({ series, entry, minutes, outcome, raw }) => [series, entry, minutes, outcome, raw]),
    ).toEqual([
      ["modular · anthropic/example", 0, 0, "valid", 10],
      ["modular · anthropic/example", 1, 0.5, "invalid", null],
      ["modular · anthropic/example", 2, 0.75, "not-scored", null],
      ["modular · anthropic/example", 3, 1, "flagged", 1],
    ]);
  });
});
