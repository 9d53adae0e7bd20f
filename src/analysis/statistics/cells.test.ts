import { describe, expect, test } from "vitest";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { toCells } from "./cells.ts";
import { findAllDoubts, toSensitivity } from "./sensitivity.ts";

const options = { environments: ["optimize-kernel", "fix-embedding"], scale: "paper" } as const;
const flag = (kind: "impossible-score" | "review-score" | "torn-log") =>
  [{ kind, detail: "because" }] as const;

describe("toCells", () => {
  test("every run is in a cell or named with the reason it is not", () => {
    const rows = [
      fabricateRow({ runId: "good", score: 0.7 }),
      fabricateRow({ runId: "invalid", logged: { kind: "none", fault: "agent", reason: "all invalid" } }),
      fabricateRow({
        runId: "lost",
        logged: { kind: "none", fault: "platform", reason: "the judge failed" },
      }),
      fabricateRow({ runId: "flagged", flags: flag("impossible-score") }),
      fabricateRow({ runId: "review", score: 1, flags: flag("review-score") }),
      fabricateRow({ runId: "laptop", scale: "laptop" }),
      fabricateRow({ runId: "elsewhere", environment: "scaling-law" }),
    ];
    const { cells, leftOut } = toCells(rows, options);
    expect(cells).toEqual([
      {
        environment: "optimize-kernel",
        values: [0.7, 0, 1],
        runIds: ["good", "invalid", "review"],
        worthNothing: ["invalid"],
      },
      { environment: "fix-embedding", values: [], runIds: [], worthNothing: [] },
    ]);
    expect(leftOut.map(({ runId, reason }) => [runId, reason])).toEqual([
      ["lost", "the judge failed"],
      ["flagged", "impossible-score: because"],
      ["laptop", "it ran at laptop scale"],
      ["elsewhere", "its environment was not asked for"],
    ]);
  });

  test("confirmed scores are taken where asked for, and runs without one are named", () => {
    const confirmed = { kind: "scored", normalized: 0.4, raw: null } as const;
    const rows = [fabricateRow({ runId: "a", confirmed }), fabricateRow({ runId: "b" })];
    const { cells, leftOut } = toCells(rows, { ...options, score: "confirmed" });
    expect(cells[0]?.values).toEqual([0.4]);
    expect(leftOut).toMatchObject([{ runId: "b", reason: "it has no confirmed score" }]);
  });
});

describe("toSensitivity", () => {
  const rows = [
    fabricateRow({ runId: "a", score: 1 }),
    fabricateRow({ runId: "b", score: 3, flags: flag("impossible-score") }),
    fabricateRow({ runId: "c", score: 2, flags: flag("review-score") }),
    fabricateRow({ runId: "d", score: 0, flags: flag("torn-log") }),
  ];
  const valuesOf = (given: typeof rows, flagged: "leave-out" | "keep") =>
    toCells(given, { ...options, flagged }).cells[0]?.values;

  test("both numbers come with the runs that make the difference", () => {
    expect(toSensitivity(rows, (given, flagged) => valuesOf([...given], flagged))).toEqual({
      without: [1, 2, 0],
      with: [1, 3, 2, 0],
      doubtful: [{ runId: "b", reasons: ["impossible-score: because"] }],
    });
  });

  test("a stricter reader leaves out what is for review as well, but no run for its torn log", () => {
    const { without } = toSensitivity(rows, (given, flagged) => valuesOf([...given], flagged), findAllDoubts);
    expect(without).toEqual([1, 0]);
  });
});
