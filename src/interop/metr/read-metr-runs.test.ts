import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { publishedEnvironments, readHumanAttempts, toRunTable } from "../../analysis/index.ts";
import { metrScales, toRawScore } from "./metr-scale.ts";
import { readMetrRuns } from "./read-metr-runs.ts";

const published = fileURLToPath(new URL("../../../../shared/data/metr-runs.jsonl", import.meta.url));
const isAbsent = !existsSync(published);
const why = isAbsent ? " (skipped: METR's runs.jsonl is not at ../shared/data/metr-runs.jsonl)" : "";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "metr-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = {
  run_id: "server_1",
  task_family: "ai_rd_triton_cumsum",
  score: 1,
  time_limit: 7200,
  started_at: 1_000,
  completed_at: 9_000_000,
  alias: "o1-preview",
  model: "o1-p",
  dollar_equivalent: null,
  total_tokens: null,
  human_score: 0.62,
};

function read(...lines: readonly unknown[]) {
  const path = join(folder, "runs.jsonl");
  writeFileSync(
    path,
    lines.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join("\n"),
  );
  return toRunTable(readMetrRuns(path));
}

describe("readMetrRuns", () => {
  test("a score of 1 is the mean raw score of METR's human attempts, placed by the paper's anchors", () => {
    const { rows } = read(line);
    expect(rows[0]).toMatchObject({
      runId: "metr-server_1",
      environment: "optimize-kernel",
      scale: "paper",
      actor: "agent",
      agent: "not stated",
      model: "o1-preview",
      timeLimitMs: 7_200_000,
      timeUsedMs: null,
      logged: { kind: "scored", raw: 0.620191, normalized: expect.closeTo((1.56 - 0.620191) / 1.09, 9) },
      usage: { costUsd: null, totalTokens: null },
      flags: [],
    });
  });

  test("a score of 0 is worth 0, and its raw score is not known", () => {
    expect(read({ ...line, score: 0 }).rows[0]?.logged).toEqual({ kind: "scored", raw: null, normalized: 0 });
  });

  test("impossible scores and placeholders are flagged and kept", () => {
    const human = {
      ...line,
      run_id: 7,
      alias: "human",
      time_limit: 0,
      started_at: 0,
      completed_at: 28_800_000,
    };
    const { rows } = read(
      { ...line, score: 3 },
      { ...human, score: (1.553531 - 1) / (1.553531 - 0.620191) },
      { ...human, run_id: 8, completed_at: 28_740_000, score: (1.553531 - 1) / (1.553531 - 0.620191) },
    );
    expect(rows.map(({ flags }) => flags.map(({ kind }) => kind))).toEqual([
      ["impossible-score"],
      ["placeholder-score"],
      [],
    ]);
  });

  test("lines that cannot be read are skipped with their number and reason", () => {
    const { rows, skipped } = read(
      "{",
      { ...line, score: -1 },
      { ...line, task_family: "other" },
      { ...line, completed_at: 1 },
      { ...line, score: null },
      line,
      line,
    );
    expect(rows).toHaveLength(1);
    expect(skipped.map(({ line, reason }) => [line, reason])).toEqual([
      [1, "not JSON"],
      [2, expect.stringContaining("score")],
      [3, "other is no environment of the paper"],
      [4, expect.stringContaining("completed_at is before started_at")],
      [5, expect.stringContaining("score")],
      [7, expect.stringContaining("was already read")],
    ]);
  });

  test("a file that is not there is METR_FILE_MISSING", () => {
    expect(() => [...readMetrRuns(join(folder, "none"))]).toThrow(
      expect.objectContaining({ code: "METR_FILE_MISSING" }),
    );
  });
});

describe("METR's scale", () => {
  const humans = toRunTable(readHumanAttempts()).rows;

  test.each(metrScales)(
    "$environment: 1 is the mean of the published 8-hour attempts but $leftOut",
    (scale) => {
      const left = [...scale.leftOut];
      const raws = humans
        .filter(
          ({ environment, timeUsedMs }) => environment === scale.environment && isEightHours(timeUsedMs),
        )
        .flatMap(({ logged }) => (logged.kind === "scored" && logged.raw !== null ? [logged.raw] : []))
        .filter((raw) => {
          const index = left.indexOf(raw);
          if (index !== -1) left.splice(index, 1);
          return index === -1;
        });
      expect(left).toEqual([]);
      expect(raws.reduce((sum, raw) => sum + raw, 0) / raws.length).toBeCloseTo(scale.humanMean, 5);
    },
  );

  test("every environment of the paper has one", () => {
    expect(metrScales.map(({ environment }) => environment).sort()).toEqual(
      publishedEnvironments.map(({ id }) => id).sort(),
    );
  });

  test("0 and 1 come back as start and human mean", () => {
    for (const scale of metrScales) {
      expect(toRawScore(0, scale)).toBeNull();
      expect(toRawScore(1, scale)).toBeCloseTo(scale.humanMean, 12);
    }
  });
});

describe(`METR's published rows${why}`, () => {
  test.skipIf(isAbsent)(
    `1,808 rows are read: 8 are impossible or placeholders, 1 is for review${why}`,
    () => {
      const { rows, skipped } = toRunTable(readMetrRuns(published));
      expect([rows.length, skipped.length]).toEqual([1808, 0]);
      const kinds = rows.flatMap(({ actor, flags }) => flags.map(({ kind }) => `${actor}: ${kind}`));
      expect(
        Object.fromEntries([...Map.groupBy(kinds, String)].map(([kind, all]) => [kind, all.length])),
      ).toEqual({
        "human: placeholder-score": 7,
        "agent: review-score": 1,
        "agent: impossible-score": 1,
      });
    },
  );

  test.skipIf(isAbsent).each(metrScales)(
    `$environment: every human row lies on the line through the published raw scores${why}`,
    (scale) => {
      const { rows } = toRunTable(readMetrRuns(published), readHumanAttempts());
      const humans = rows.filter(
        ({ actor, environment }) => actor === "human" && environment === scale.environment,
      );
      const attempts = humans.filter(({ provenance }) => provenance.source === "published").map(toAttempt);
      const given = humans
        .filter(({ provenance, flags }) => provenance.source === "metr" && flags.length === 0)
        .map(toAttempt);
      const direction = publishedEnvironments.find(({ id }) => id === scale.environment)?.direction;
      const isAtOrBelowStart = (raw: number) =>
        direction === "lower" ? raw >= scale.start : raw <= scale.start;
      let above0 = 0;
      for (const { minutes, raw } of given) {
        const same = attempts.findIndex(
          (attempt) =>
            attempt.minutes === minutes &&
            attempt.raw !== null &&
            (raw === null ? isAtOrBelowStart(attempt.raw) : Math.abs(attempt.raw - raw) < 2e-5),
        );
        expect(same, `METR's row of ${minutes} minutes, raw score ${raw}`).not.toBe(-1);
        attempts.splice(same, 1);
        if (raw !== null) above0 += 1;
      }
      expect({ above0, rows: given.length }).toEqual(scale.matched);
    },
  );

  test.skipIf(isAbsent)(`humans are left out by name where the published attempts stand in${why}`, () => {
    const { rows, skipped } = toRunTable(readMetrRuns(published, { humans: "leave-out" }));
    expect([rows.length, skipped.length]).toEqual([1715, 93]);
  });
});

function toAttempt({
  timeUsedMs,
  logged,
}: {
  timeUsedMs: number | null;
  logged: { kind: string; raw?: number | null };
}) {
  return { minutes: timeUsedMs === null ? null : timeUsedMs / 60_000, raw: logged.raw ?? null };
}

function isEightHours(timeUsedMs: number | null): boolean {
  return timeUsedMs !== null && timeUsedMs >= 7 * 3_600_000 && timeUsedMs <= 10 * 3_600_000;
}
