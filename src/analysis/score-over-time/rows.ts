import type { RunRecord, RunSummary } from "../../run/index.ts";
import { finalEntry, type ScoreEntry } from "../../scoring/index.ts";

/** What became of one scoring, for the eye: `not-scored` is a time-out or a failure of the judge, nobody's score. */
export type ScoringOutcome = "valid" | "flagged" | "invalid" | "not-scored";

/** One scoring of one run. */
export interface ScoringRow {
  readonly runId: string;
  /** Agent, with its model where it has one. */
  readonly series: string;
  /** Index in the score log; 0 is the starting solution. */
  readonly entry: number;
  /** Clock of the run when the snapshot was taken; 0 for entry 0. */
  readonly minutes: number;
  readonly outcome: ScoringOutcome;
  readonly raw: number | null;
  readonly normalized: number | null;
}

/** A corner of a run's step line: from `minutes` on, the run is worth `normalized`, until its next corner. */
export interface StepRow {
  readonly runId: string;
  readonly series: string;
  readonly minutes: number;
  readonly normalized: number;
}

/** Score over time of some runs, in the order the runs came. */
export interface ScoreOverTimeRows {
  /** Every scoring, none left out. */
  readonly scorings: readonly ScoringRow[];
  /** First corner where a valid score first stands; last one at the end of the run's clock. None without a score. */
  readonly steps: readonly StepRow[];
}

/**
 * What each run was worth at every moment of its clock, by its environment's rule (best or last entry), from the
 * moment a snapshot was taken. Only valid scores that are not flagged count.
 */
export function toScoreOverTimeRows(
  runs: readonly Pick<RunSummary, "record" | "state">[],
): ScoreOverTimeRows {
  return {
    scorings: runs.flatMap(({ record, state }) => state.entries.map((entry) => toScoringRow(entry, record))),
    steps: runs.flatMap(({ record, state }) => toSteps(state.entries, state.clock.elapsedMs, record)),
  };
}

/** Name of the series a run belongs to: runs of one agent with one model share it. */
export function toSeries(record: Pick<RunRecord, "agent" | "model">): string {
  return record.model === null ? record.agent.id : `${record.agent.id} · ${record.model.id}`;
}

/** What became of an entry, for the eye. */
export function toOutcome(entry: ScoreEntry): ScoringOutcome {
  switch (entry.result.result) {
    case "scored":
      return entry.result.flag === null ? "valid" : "flagged";
    case "invalid":
      return "invalid";
    default:
      return "not-scored";
  }
}

function toScoringRow(entry: ScoreEntry, record: RunRecord): ScoringRow {
  const scored = entry.result.result === "scored" ? entry.result : null;
  return {
    runId: record.runId,
    series: toSeries(record),
    entry: entry.index,
    minutes: toMinutes(entry),
    outcome: toOutcome(entry),
    raw: scored?.raw ?? null,
    normalized: scored?.normalized ?? null,
  };
}

function toSteps(entries: readonly ScoreEntry[], elapsedMs: number, record: RunRecord): readonly StepRow[] {
  const { final, direction } = record.environment.score;
  const at = { runId: record.runId, series: toSeries(record) };
  const corners: StepRow[] = [];
  let standing: ScoreEntry | null = null;
  for (const entry of entries) {
    const candidates: readonly ScoreEntry[] = standing === null ? [entry] : [standing, entry];
    const choice = finalEntry(candidates, final, direction);
    if (choice.kind === "none" || choice.entry === standing) continue;
    standing = choice.entry;
    corners.push({ ...at, minutes: toMinutes(entry), normalized: choice.entry.result.normalized });
  }
  const last = corners.at(-1);
  const end = elapsedMs / 60_000;
  return last === undefined || last.minutes >= end ? corners : [...corners, { ...last, minutes: end }];
}

function toMinutes(entry: ScoreEntry): number {
  return entry.index === 0 ? 0 : entry.clockMs / 60_000;
}
