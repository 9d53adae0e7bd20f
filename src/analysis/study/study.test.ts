import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { publishedEnvironments } from "../data/published-environments.ts";
import type { RunFlagKind } from "../data/run-row.ts";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { fabricateStudyRows } from "../testing/fabricate-study.ts";
import {
  countRuns,
  findGroup,
  findThinCells,
  restrictToThick,
  toCompleteGroups,
  toCutGroup,
  toStudy,
} from "./study.ts";

const hour = 3_600_000;

describe("toStudy", () => {
  test("runs of one agent, model and time limit are one group, humans first", () => {
    const { groups, leftOut, scale } = toStudy(fabricateStudyRows());
    expect(groups.map(({ name }) => name)).toEqual([
      "Human experts, 8 h",
      "aide · example/two, 2 h",
      "modular · example/one, 2 h",
      "modular · example/one, 8 h",
    ]);
    expect(groups.map(countRuns)).toEqual([28, 28, 28, 28]);
    expect([leftOut, scale]).toEqual([[], "paper"]);
  });

  test("a human attempt without a limit stands for 8 hours from 7 to 10 hours on; others are kept apart by name", () => {
    const human = { actor: "human", agent: "human", model: null, timeLimitMs: null } as const;
    const rows = [3.98, 7, 10, 10.1].map((hours) =>
      fabricateRow({ ...human, runId: `human-${hours}`, timeUsedMs: hours * hour }),
    );
    const study = toStudy(rows);
    expect(study.groups.map(({ timeMs }) => timeMs / hour)).toEqual([8]);
    expect(study.otherAttempts.map(({ runId }) => runId)).toEqual(["human-3.98", "human-10.1"]);
    expect(study.leftOut.map(({ reason }) => reason)).toEqual([
      "a human attempt of 3 h 58.8 min, not of 7 to 10 hours",
      "a human attempt of 10 h 6 min, not of 7 to 10 hours",
    ]);
  });

  test("the scale is that of most agents’ runs, and the others are left out by name", () => {
    const rows = [
      fabricateRow({ scale: "laptop" }),
      fabricateRow({ scale: "laptop" }),
      fabricateRow({ runId: "on-paper" }),
      ...Array.from({ length: 5 }, () => fabricateRow({ actor: "human", agent: "human", model: null })),
    ];
    const study = toStudy(rows);
    expect(study.scale).toBe("laptop");
    expect(study.leftOut[0]).toMatchObject({ runId: "on-paper", reason: "it ran at paper scale" });
    expect(toStudy(rows, { scale: "paper" }).scale).toBe("paper");
  });

  test("an environment counts only where it is asked for", () => {
    const rows = [fabricateRow({ environment: "mine", runId: "mine-1" }), fabricateRow({})];
    expect(toStudy(rows).leftOut).toEqual([
      { runId: "mine-1", environment: "mine", reason: "its environment was not asked for" },
    ]);
    const asked = toStudy(rows, { environments: ["mine"] });
    expect(asked.groups.map(countRuns)).toEqual([1]);
    expect(asked.environments).toEqual([{ id: "mine", title: "mine" }]);
  });

  test("property: every row is in one group or left out, never both or neither", () => {
    const kinds: readonly RunFlagKind[] = ["unfinished", "review-score", "impossible-score", "torn-log"];
    const row = fc.record({
      environment: fc.constantFrom("optimize-kernel", "fix-embedding", "other"),
      scale: fc.constantFrom("laptop" as const, "paper" as const),
      actor: fc.constantFrom("agent" as const, "human" as const),
      timeLimitMs: fc.constantFrom(null, hour, 2 * hour),
      timeUsedMs: fc.constantFrom(null, hour, 8 * hour),
      flags: fc.subarray([...kinds]).map((some) => some.map((kind) => ({ kind, detail: "" }))),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (changes) => {
        const rows = changes.map(fabricateRow);
        const study = toStudy(rows);
        const counted = study.groups.flatMap(({ arm }) => arm.cells.flatMap(({ runIds }) => runIds));
        const ids = [...counted, ...study.leftOut.map(({ runId }) => runId)].toSorted();
        expect(ids).toEqual(rows.map(({ runId }) => runId).toSorted());
      }),
    );
  });
});

describe("groups", () => {
  const rows = fabricateStudyRows();
  const study = toStudy(rows);

  test("are found by name, or by series where that has one time limit", () => {
    expect(findGroup(study, "modular · example/one, 2 h").timeMs).toBe(2 * hour);
    expect(findGroup(study, "human").timeMs).toBe(8 * hour);
    expect(() => findGroup(study, "modular · example/one")).toThrow(
      expect.objectContaining({
        code: "AGENT_NOT_IN_RUNS",
        message: "modular · example/one has runs of several time limits",
        remedy: 'name one of "modular · example/one, 2 h", "modular · example/one, 8 h"',
      }),
    );
    expect(() => findGroup(study, "nobody")).toThrow("no run of nobody counts");
  });

  test("stopped earlier are the same runs at an earlier moment of their clock", () => {
    const human = findGroup(study, "human");
    const cut = toCutGroup(study, human, 2 * hour);
    expect(cut?.arm.runsName).toBe(human.arm.runsName);
    const [whole, early] = [human, cut].map((group) => group?.arm.cells[0]?.values[0] ?? 0);
    expect(early).toBeCloseTo((whole ?? 0) / 4, 12);
    expect(toCutGroup(study, human, 8 * hour)).toBeNull();
  });

  test("cannot be stopped earlier without score logs", () => {
    const [first, ...rest] = rows;
    if (first === undefined) throw new Error("no rows");
    const without = toStudy([{ ...first, log: null }, ...rest]);
    expect(toCutGroup(without, findGroup(without, "human"), hour)).toBeNull();
  });

  test("with fewer than 3 runs somewhere are not complete and say where", () => {
    const [one = "", two = ""] = publishedEnvironments.map(({ id }) => id);
    const few = toStudy(
      rows
        .filter(({ environment, runId }) => environment !== one || /-[01]$/.test(runId))
        .filter((row) => row.environment !== two || row.actor === "human"),
    );
    expect(toCompleteGroups(few)).toEqual([]);
    const aide = findGroup(few, "aide · example/two");
    expect(findThinCells(aide)).toEqual([`${one} (2)`, `${two} (0)`]);
    expect(restrictToThick(aide, 5)?.arm.cells).toHaveLength(5);
    expect(restrictToThick(aide, 6)).toBeNull();
  });
});
