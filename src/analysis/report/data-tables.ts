import { dirname } from "node:path";
import { publishedHumanAttempts } from "../data/human-attempts.ts";
import { publishedEnvironments } from "../data/published-environments.ts";
import { type RunRow, toSeriesName } from "../data/run-row.ts";
import { findTableNotes, type RunTable, type TableNote } from "../data/run-table.ts";
import { findAllDoubts } from "../statistics/sensitivity.ts";
import { type Scores, toRunsFor } from "../study/scores.ts";
import { countRuns, findThinCells, restrictToThick, type Study } from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import { type TableRow as Row, type Table, toColumns } from "./table.ts";

/** What does not fit together in a table of runs, as one row each. */
export function toNotes(table: RunTable, study: Study): readonly TableNote[] {
  const known = [...publishedEnvironments, ...study.environments].map(({ id }) => id);
  return findTableNotes(table.rows, new Set(known));
}

/** Read, skipped, left out and counted for every file or folder of runs. */
export function toSourcesTable(table: RunTable, study: Study): Table {
  const leftOut = new Set(study.leftOut.map(({ runId }) => runId));
  const sources = new Map<string, { read: number; skipped: number; leftOut: number }>();
  const of = (source: string) => {
    const held = sources.get(source) ?? { read: 0, skipped: 0, leftOut: 0 };
    sources.set(source, held);
    return held;
  };
  for (const row of table.rows) {
    const held = of(toSource(row.provenance));
    held.read += 1;
    if (leftOut.has(row.runId)) held.leftOut += 1;
  }
  for (const entry of table.skipped) of(toSource(entry)).skipped += 1;
  return {
    id: "sources",
    title: "Where the runs come from",
    note: "Found = skipped + left out + counted. Skipped: could not be read or used as a run. Left out: a run that no number here counts, by the reasons below.",
    columns: toColumns(
      ["source", "Source", "text"],
      ["found", "Found", "count"],
      ["skipped", "Skipped", "count"],
      ["leftOut", "Left out", "count"],
      ["counted", "Counted", "count"],
    ),
    rows: [...sources].map(
      ([source, { read, skipped, leftOut: out }]): Row => ({
        source,
        found: read + skipped,
        skipped,
        leftOut: out,
        counted: read - out,
      }),
    ),
  };
}

export function toSkippedTable({ skipped }: RunTable): Table {
  return {
    id: "skipped",
    title: "Skipped",
    note: "What should have been a run and could not be read or used as one.",
    columns: toColumns(
      ["reason", "Reason", "text"],
      ["file", "File", "text"],
      ["line", "Line", "count"],
      ["runId", "Run", "text"],
    ),
    rows: skipped.map(({ reason, file, line, runId }): Row => ({ reason, file: toFile(file), line, runId })),
  };
}

export function toLeftOutTable({ leftOut }: Study): Table {
  return {
    id: "left-out",
    title: "Left out",
    note: "Runs that were read and that no number of this report counts.",
    columns: toColumns(
      ["reason", "Reason", "text"],
      ["environment", "Environment", "text"],
      ["runId", "Run", "text"],
    ),
    rows: leftOut.map(({ reason, environment, runId }): Row => ({ reason, environment, runId })),
  };
}

export function toFlagsTable({ rows }: RunTable, study: Study): Table {
  const leftOut = new Set(study.leftOut.map(({ runId }) => runId));
  return {
    id: "flags",
    title: "Flagged",
    note: "Runs with something doubtful about them; whether they count all the same.",
    columns: toColumns(
      ["kind", "Flag", "text"],
      ["detail", "What", "text"],
      ["counts", "Counts", "text"],
      ["agent", "Agent", "text"],
      ["environment", "Environment", "text"],
      ["runId", "Run", "text"],
    ),
    rows: rows.flatMap((row) =>
      row.flags.map(
        ({ kind, detail }): Row => ({
          kind,
          detail,
          counts: !leftOut.has(row.runId),
          agent: toSeriesName(row),
          environment: row.environment,
          runId: row.runId,
        }),
      ),
    ),
  };
}

export function toNotesTable(notes: readonly TableNote[]): Table {
  return {
    id: "notes",
    title: "What does not fit together",
    note: "Nothing is left out for these alone: a number is of one scale and of the environments asked for.",
    columns: toColumns(
      ["kind", "Kind", "text"],
      ["environment", "Environment", "text"],
      ["detail", "What", "text"],
      ["runs", "Runs", "count"],
    ),
    rows: notes.map(
      ({ kind, environment, detail, runIds }): Row => ({ kind, environment, detail, runs: runIds.length }),
    ),
  };
}

/** The same numbers from fewer and from more runs: as reported, with doubtful ones, and without any in doubt. */
export function toSensitivityTable(
  studies: { readonly counted: Study; readonly withDoubtful: Study; readonly withoutAnyDoubt: Study },
  scores: Scores,
  horizonMs: number | null,
): Table {
  const names = [
    ...new Set([...studies.counted.groups, ...studies.withDoubtful.groups].map(({ name }) => name)),
  ];
  const rows = names.flatMap((name): readonly Row[] => {
    const results = [studies.counted, studies.withDoubtful, studies.withoutAnyDoubt].map((study) => {
      const group = study.groups.find((one) => one.name === name);
      if (group === undefined) return { group: null, n: 0, value: null };
      const used = findThinCells(group).length === 0 ? group : restrictToThick(group, 1);
      const k = horizonMs === null ? null : toRunsFor(horizonMs, group.timeMs);
      const score = used === null || k === null ? null : scores.atK(used, k);
      return {
        group,
        n: countRuns(group),
        value: score === null || score.kind === "refused" ? null : score.value,
      };
    });
    const [counted, all, strict] = results;
    const group = counted?.group ?? all?.group ?? null;
    if (group === null || (counted?.n === all?.n && counted?.n === strict?.n)) return [];
    return [
      {
        agent: group.series,
        limit: toTimeText(group.timeMs),
        n: counted?.n ?? 0,
        value: counted?.value ?? null,
        nAll: all?.n ?? 0,
        valueAll: all?.value ?? null,
        nStrict: strict?.n ?? 0,
        valueStrict: strict?.value ?? null,
      },
    ];
  });
  const span = horizonMs === null ? "the longest time" : toTimeText(horizonMs);
  return {
    id: "sensitivity",
    title: "With and without runs in doubt",
    note: `Best score of the runs that ${span} pay for, three times: as reported, with doubtful runs as if they were sound, and without any that a person should look at. Groups that are the same every time are not listed.`,
    columns: toColumns(
      ["agent", "Agent", "text"],
      ["limit", "Each run", "text"],
      ["n", "Runs", "count"],
      ["value", "As reported", "score"],
      ["nAll", "Runs, all", "count"],
      ["valueAll", "With doubtful", "score"],
      ["nStrict", "Runs, strict", "count"],
      ["valueStrict", "Without any doubt", "score"],
    ),
    rows,
  };
}

/** Rows that even a strict reader takes. */
export function withoutAnyDoubt(rows: readonly RunRow[]): readonly RunRow[] {
  return rows.filter((row) => findAllDoubts(row).length === 0);
}

/** Every run that was read, for files rather than for eyes. */
export function toRunsTable({ rows }: RunTable, study: Study): Table {
  const reasons = new Map(study.leftOut.map(({ runId, reason }) => [runId, reason]));
  return {
    id: "runs",
    title: "Every run",
    note: "One row for each run that was read.",
    columns: toColumns(
      ["runId", "Run", "text"],
      ["environment", "Environment", "text"],
      ["scale", "Scale", "text"],
      ["actor", "Actor", "text"],
      ["agent", "Agent", "text"],
      ["model", "Model", "text"],
      ["timeLimitMinutes", "Time limit, min", "amount"],
      ["minutes", "Clock, min", "amount"],
      ["normalized", "Normalized", "score"],
      ["raw", "Raw", "raw"],
      ["costUsd", "US dollars", "amount"],
      ["totalTokens", "Tokens", "count"],
      ["flags", "Flags", "text"],
      ["leftOut", "Left out because", "text"],
      ["file", "File", "text"],
      ["line", "Line", "count"],
    ),
    rows: rows.map(
      (row): Row => ({
        runId: row.runId,
        environment: row.environment,
        scale: row.scale,
        actor: row.actor,
        agent: row.agent,
        model: row.model,
        timeLimitMinutes: toMinutes(row.timeLimitMs),
        minutes: toMinutes(row.timeUsedMs),
        normalized: row.logged.kind === "scored" ? row.logged.normalized : null,
        raw: row.logged.kind === "scored" ? row.logged.raw : null,
        costUsd: row.usage.costUsd,
        totalTokens: row.usage.totalTokens,
        flags: row.flags.map(({ kind }) => kind).join(" "),
        leftOut: reasons.get(row.runId) ?? null,
        file: toFile(row.provenance.file),
        line: row.provenance.line,
      }),
    ),
  };
}

/** The folder that holds a run, or the file that holds the line. */
function toSource({ file, line }: { readonly file: string; readonly line: number | null }): string {
  return line === null ? dirname(file) : toFile(file);
}

/** A file as it was given; what ships with this package is named without its place on this machine. */
function toFile(file: string): string {
  return file === publishedHumanAttempts ? "published human attempts (they come with rebench)" : file;
}

function toMinutes(milliseconds: number | null): number | null {
  return milliseconds === null ? null : milliseconds / 60_000;
}
