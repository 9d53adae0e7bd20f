import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  type AcrossEnvironments,
  type Cell,
  compareAgents,
  findAllDoubts,
  findBestAllocation,
  findCrossing,
  isEightHourAttempt,
  publishedEnvironments,
  type RunRow,
  type RunTable,
  readHumanAttempts,
  scoreAtKAcross,
  scoreAtTime,
  toArms,
  toCells,
  toRunTable,
  toSensitivity,
} from "../../analysis/index.ts";
import { readMetrRuns } from "./read-metr-runs.ts";

const published = fileURLToPath(new URL("../../../../shared/data/metr-runs.jsonl", import.meta.url));
const isAbsent = !existsSync(published);
const why = isAbsent ? " (skipped: METR's runs.jsonl is not at ../shared/data/metr-runs.jsonl)" : "";

const hour = 3_600_000;
const environments = publishedEnvironments.map(({ id }) => id);
const options = { environments, scale: "paper" } as const;

function load(): RunTable {
  return toRunTable(readMetrRuns(published, { humans: "leave-out" }), readHumanAttempts());
}

function runsOf(model: string, hours: number): readonly RunRow[] {
  return load().rows.filter((row) => row.model === model && row.timeLimitMs === hours * hour);
}

function cellsOf(model: string, hours: number): readonly Cell[] {
  return toCells(runsOf(model, hours), options).cells;
}

function humanCells(): readonly Cell[] {
  return toCells(load().rows.filter(isEightHourAttempt), options).cells;
}

/** Value and ends of the interval to two digits. */
function toNumbers(across: AcrossEnvironments): readonly number[] {
  if (across.kind === "refused" || across.interval.kind === "refused") throw new Error("no number");
  return [across.value, across.interval.low, across.interval.high].map((value) => Number(value.toFixed(2)));
}

const round = (value: number) => Number(value.toFixed(2));

describe(`the paper's headlines by METR's rows${why}`, () => {
  test.skipIf(isAbsent)(`humans: 0.61 after 8 hours, best of 4 after 32 hours 1.06${why}`, () => {
    expect(toNumbers(scoreAtKAcross(humanCells(), 1))).toEqual([0.61, 0.5, 0.72]);
    expect(toNumbers(scoreAtKAcross(humanCells(), 4))).toEqual([1.06, 0.88, 1.12]);
  });

  test.skipIf(isAbsent)(`o1-preview at 2 h: 0.23 once, 0.37 as best of 4, 0.53 as best of 16${why}`, () => {
    const cells = cellsOf("o1-preview", 2);
    expect(toNumbers(scoreAtKAcross(cells, 1))).toEqual([0.23, 0.19, 0.27]);
    expect(toNumbers(scoreAtKAcross(cells, 4))).toEqual([0.37, 0.28, 0.44]);
    expect(toNumbers(scoreAtKAcross(cells, 16))).toEqual([0.53, 0.34, 0.57]);
  });

  test.skipIf(isAbsent)(
    `Claude 3.5 Sonnet (New) at 30 min has runs in four of seven environments only${why}`,
    () => {
      const across = scoreAtKAcross(cellsOf("Claude 3.5 Sonnet (New)", 0.5), 16);
      expect(toNumbers(across)).toEqual([0.6, 0.51, 0.64]);
      if (across.kind === "refused") throw new Error(across.reason);
      expect(across.missing.map(({ environment }) => environment)).toEqual([
        "fix-embedding",
        "restricted-mlm",
        "finetune-qa",
      ]);
      expect(across.beyondRuns).toEqual(["optimize-llm-foundry"]);
    },
  );

  // Statement 1, agents ahead at 2 hours: humans' scores after 2 hours are in neither file.
  test.skipIf(isAbsent)(
    `agents ahead at 2 hours cannot be tested: no human's score after 2 hours is known${why}`,
    () => {
      const { cells, leftOut } = toCells(load().rows.filter(isEightHourAttempt), {
        ...options,
        atMs: 2 * hour,
      });
      expect(cells.every(({ values }) => values.length === 0)).toBe(true);
      expect(leftOut).toHaveLength(79);
      expect(scoreAtKAcross(cells, 1)).toMatchObject({ kind: "refused" });
      expect(
        load()
          .rows.filter(({ actor }) => actor === "human")
          .map((row) => scoreAtTime(row, 2 * hour).kind),
      ).not.toContain("scored");
    },
  );

  // Statement 2, humans narrowly ahead at 8 hours.
  test.skipIf(isAbsent)(
    `at 8 hours humans lead o1-preview, and tie with Claude over its four environments${why}`,
    () => {
      const humans = { cells: humanCells(), k: 1 };
      const o1 = compareAgents(humans, { cells: cellsOf("o1-preview", 2), k: 4 });
      expect(toDifference(o1)).toEqual([0.24, 0.11, 0.39]);
      const claude = compareAgents(humans, { cells: cellsOf("Claude 3.5 Sonnet (New)", 0.5), k: 16 });
      expect(toDifference(claude)).toEqual([-0.02, -0.16, 0.16]);
      expect(claude.missing).toHaveLength(3);
    },
  );

  // Statement 3, humans at about twice the agents at 32 hours.
  test.skipIf(isAbsent)(
    `at 32 hours humans reach twice o1-preview, and 1.5 times Claude over its four environments${why}`,
    () => {
      const humans = { cells: humanCells(), k: 4 };
      expect(toRatio(compareAgents(humans, { cells: cellsOf("o1-preview", 2), k: 16 }))).toEqual([
        1.99, 1.67, 3.01,
      ]);
      const claude = compareAgents(humans, { cells: cellsOf("Claude 3.5 Sonnet (New)", 0.5), k: 64 });
      expect(toRatio(claude)).toEqual([1.49, 1.22, 1.72]);
    },
  );

  test.skipIf(isAbsent)(
    `one impossible run would carry o1-preview's 30-minute runs from 0.41 to 0.61 at 8 hours${why}`,
    () => {
      const runs = runsOf("o1-preview", 0.5);
      const compute = (rows: readonly RunRow[], flagged: "leave-out" | "keep") => {
        const across = scoreAtKAcross(toCells(rows, { ...options, flagged }).cells, 16);
        return across.kind === "refused" ? null : round(across.value);
      };
      expect(toSensitivity(runs, compute)).toMatchObject({
        without: 0.41,
        with: 0.61,
        doubtful: { length: 1 },
      });
      expect(toSensitivity(runs, compute, findAllDoubts)).toMatchObject({
        without: 0.31,
        doubtful: { length: 2 },
      });
    },
  );

  test.skipIf(isAbsent)(`from 8 to 32 hours humans are ahead of o1-preview throughout${why}`, () => {
    const rows = load().rows.filter(({ model }) => model === "o1-preview");
    const { arms } = toArms(rows, options, []);
    const human = { name: "human", timeMs: 8 * hour, runsName: "human", cells: humanCells() };
    const crossing = findCrossing(
      [1, 2, 4].map((k) => ({ budgetMs: 8 * hour * k, ways: [{ arm: human, k }] })),
      [2, 8, 32].map((hours) => ({
        budgetMs: hours * hour,
        ways: arms.map((arm) => ({ arm, k: Math.floor((hours * hour) / arm.timeMs) })),
      })),
      { resamples: 2_000 },
    );
    expect(crossing).toMatchObject({
      kind: "no-crossing",
      ahead: "humans",
      fromMs: 8 * hour,
      toMs: 32 * hour,
    });
    const best = findBestAllocation(arms, 8 * hour, { resamples: 2_000 });
    expect(best).toMatchObject({ best: { arm: "30 min", k: 16 } });
  });
});

function toDifference(comparison: ReturnType<typeof compareAgents>): readonly number[] {
  if (comparison.kind === "refused" || comparison.interval.kind === "refused") throw new Error("no number");
  return [comparison.difference, comparison.interval.low, comparison.interval.high].map(round);
}

function toRatio(comparison: ReturnType<typeof compareAgents>): readonly number[] {
  if (comparison.kind === "refused" || comparison.ratio.kind === "refused") throw new Error("no number");
  const { value, interval } = comparison.ratio;
  if (interval.kind === "refused") throw new Error(interval.reason);
  return [value, interval.low, interval.high].map(round);
}
