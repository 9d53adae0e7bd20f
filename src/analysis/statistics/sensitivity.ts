import type { RunRow } from "../data/run-row.ts";
import { findExcludingFlags } from "./cells.ts";

/** A result with and without runs that are in doubt. Both are always told. */
export interface Sensitivity<Result> {
  /** As reported: doubtful runs left out. */
  readonly without: Result;
  /** As if nothing were doubtful. */
  readonly with: Result;
  readonly doubtful: readonly { readonly runId: string; readonly reasons: readonly string[] }[];
}

/**
 * Computes a result twice: from the runs without doubt, and from all.
 *
 * @param findDoubts - Why a run is in doubt, one sentence each; none for one that is not. By default the flags
 *   that keep a run out of results.
 * @param compute - Must not leave flagged runs out by itself in the second call: it is told which one it is in.
 */
export function toSensitivity<Result>(
  rows: readonly RunRow[],
  compute: (rows: readonly RunRow[], flagged: "leave-out" | "keep") => Result,
  findDoubts: (row: RunRow) => readonly string[] = findExcludingFlags,
): Sensitivity<Result> {
  const doubtful = rows
    .map((row) => ({ runId: row.runId, reasons: findDoubts(row) }))
    .filter(({ reasons }) => reasons.length > 0);
  const ids = new Set(doubtful.map(({ runId }) => runId));
  const sound = rows.filter(({ runId }) => !ids.has(runId));
  return { without: compute(sound, "leave-out"), with: compute(rows, "keep"), doubtful };
}

/** Doubts of a stricter reader: every flag about the score counts, those for review included. */
export function findAllDoubts(row: Pick<RunRow, "flags">): readonly string[] {
  return row.flags
    .filter(({ kind }) => kind !== "torn-log" && kind !== "clock-backwards")
    .map(({ kind, detail }) => `${kind}: ${detail}`);
}
