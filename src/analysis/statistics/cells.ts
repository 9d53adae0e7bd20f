import { excludingFlags, type RunRow, type RunScore } from "../data/run-row.ts";
import { scoreAtTime } from "./score-at-time.ts";

/** The normalized scores of the runs of one environment that are repeats of each other. */
export interface Cell {
  readonly environment: string;
  /** One number a run, at least 0, in the order of `runIds`. */
  readonly values: readonly number[];
  readonly runIds: readonly string[];
  /** Runs among them that left nothing valid and so are worth the starting solution, 0. */
  readonly worthNothing: readonly string[];
}

/** A run that is in no cell, and why. */
export interface LeftOutRun {
  readonly runId: string;
  readonly environment: string;
  readonly reason: string;
}

/** Cells with every run that is in none. */
export interface CellTable {
  /** One for each environment asked for, in that order; empty ones included. */
  readonly cells: readonly Cell[];
  /** Every given run that no cell holds, so that nothing leaves a denominator unseen. */
  readonly leftOut: readonly LeftOutRun[];
}

/** Which runs count and what each is worth. */
export interface CellOptions {
  readonly environments: readonly string[];
  readonly scale: RunRow["scale"];
  /** What becomes of runs with a flag of {@link excludingFlags}, and of flagged entries. Default `leave-out`. */
  readonly flagged?: "leave-out" | "keep";
  /** Default `logged`. */
  readonly score?: "logged" | "confirmed";
  /** Cuts every run at this time of its clock, in milliseconds; by default each counts as it ended. */
  readonly atMs?: number | undefined;
}

/**
 * Sorts runs into one cell for each environment. The caller gives runs that are repeats of each other: one
 * agent, one model, one time limit.
 *
 * A run whose every entry is invalid is worth 0, what it began with; one that the platform lost is left out by
 * name.
 */
export function toCells(rows: readonly RunRow[], options: CellOptions): CellTable {
  const leftOut: LeftOutRun[] = [];
  const held = new Map(options.environments.map((environment) => [environment, new CellDraft(environment)]));
  for (const row of rows) {
    const { runId, environment } = row;
    const draft = held.get(environment);
    const value = draft === undefined ? "its environment was not asked for" : toValue(row, options);
    if (draft === undefined || typeof value === "string") {
      leftOut.push({ runId, environment, reason: String(value) });
    } else draft.add(runId, value);
  }
  return { cells: [...held.values()].map((draft) => draft.toCell()), leftOut };
}

/** Names the flags of a run that keep it out of results; empty for most runs. */
export function findExcludingFlags(row: Pick<RunRow, "flags">): readonly string[] {
  return row.flags
    .filter(({ kind }) => excludingFlags.has(kind))
    .map(({ kind, detail }) => `${kind}: ${detail}`);
}

class CellDraft {
  readonly #environment: string;
  readonly #values: number[] = [];
  readonly #runIds: string[] = [];
  readonly #worthNothing: string[] = [];

  constructor(environment: string) {
    this.#environment = environment;
  }

  add(runId: string, value: number | null): void {
    this.#runIds.push(runId);
    this.#values.push(value ?? 0);
    if (value === null) this.#worthNothing.push(runId);
  }

  toCell(): Cell {
    return {
      environment: this.#environment,
      values: this.#values,
      runIds: this.#runIds,
      worthNothing: this.#worthNothing,
    };
  }
}

/** A score; null for a run that left nothing valid; or why the run is in no cell. */
function toValue(row: RunRow, options: CellOptions): number | null | string {
  if (row.scale !== options.scale) return `it ran at ${row.scale} scale`;
  if (options.flagged !== "keep") {
    const [flag] = findExcludingFlags(row);
    if (flag !== undefined) return flag;
  }
  const score = toScore(row, options);
  if (score === null) return "it has no confirmed score";
  if (score.kind === "scored") return score.normalized;
  return score.fault === "agent" ? null : score.reason;
}

function toScore(row: RunRow, options: CellOptions): RunScore | null {
  if (options.atMs !== undefined) return scoreAtTime(row, options.atMs);
  if (options.score === "confirmed") return row.confirmed;
  return options.flagged === "keep" ? row.loggedWithFlagged : row.logged;
}
