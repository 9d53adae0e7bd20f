import type { ScaleName } from "../../environment/index.ts";
import type { FinalRule } from "../../scoring/index.ts";
import type { ScoringOutcome } from "../score-over-time/rows.ts";

/** A price of dollars or a count of tokens is null where the source does not say; unknown is never 0. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Input and output together; known where a source gives only the sum. */
  readonly totalTokens: number | null;
  readonly costUsd: number | null;
}

/** One scoring of a run, in the order of the log. */
export interface ScorePoint {
  /** 0 is the starting solution, scored off the clock. */
  readonly entry: number;
  /**
   * Clock of the run when the snapshot was taken, in milliseconds; 0 for entry 0. Never less than the point
   * before.
   */
  readonly clockMs: number;
  /** False for the scorings the harness makes by itself: of the starting solution, and at the end. */
  readonly askedFor: boolean;
  readonly outcome: ScoringOutcome;
  /** Null unless the outcome is `valid` or `flagged`. */
  readonly raw: number | null;
  readonly normalized: number | null;
  /** What the run had used by then; null where the source does not say. */
  readonly usage: Pick<Usage, "totalTokens" | "costUsd"> | null;
}

/**
 * What a run is worth. `none` is no number: the agent's failure (nothing it left could be scored), the
 * platform's, or a source that does not say.
 */
export type RunScore =
  | { readonly kind: "scored"; readonly normalized: number; readonly raw: number | null }
  | { readonly kind: "none"; readonly fault: "agent" | "platform"; readonly reason: string };

/**
 * What makes a run's score doubtful. The first four keep a run out of results unless asked for; all are named.
 */
export type RunFlagKind =
  /** Better than anyone thought possible at all: a broken or cheated scoring. */
  | "impossible-score"
  /** The same round number in every environment: written in place of a score. */
  | "placeholder-score"
  /** The platform ended the run: nobody's result. */
  | "platform-failed"
  /** The run has not ended; its score can still rise. */
  | "unfinished"
  /**
   * As good as the best the paper's authors thought possible: a person must look before it counts as a record.
   */
  | "review-score"
  /** The log holds entries better than physics allows; they are not counted in `logged`. */
  | "flagged-entries"
  /** A clock reading was less than the one before it; it was read as equal to it. */
  | "clock-backwards"
  /** The writer of the log died in its last line. */
  | "torn-log";

/** One reason to doubt a run. */
export interface RunFlag {
  readonly kind: RunFlagKind;
  /** One sentence: which number, which bound. */
  readonly detail: string;
}

/** Where a row was read. */
export interface Provenance {
  readonly source: "run-folder" | "metr" | "csv" | "published";
  /** File or folder, as it was given. */
  readonly file: string;
  /** Line of the file, from 1; null for a run folder. */
  readonly line: number | null;
  /** Hash of the newest event of a run folder; null elsewhere. */
  readonly chainHead: string | null;
}

/** Time a run spent waiting for the model, and what came of it. */
export interface Generation {
  /** Milliseconds of clock with a question to the model open; what the provider lost is off the clock. */
  readonly waitingMs: number;
  /** Milliseconds of clock over which `waitingMs` was counted. */
  readonly clockMs: number;
  readonly modelCalls: number;
  readonly outputTokens: number | null;
}

/** Normalized 0 and 1 in raw units. */
export interface AnchorPair {
  readonly start: number;
  readonly reference: number;
}

/** One run of one agent or person: the row every statistic is made of. Plain JSON. */
export interface RunRow {
  readonly runId: string;
  readonly environment: string;
  readonly scale: ScaleName;
  readonly actor: "agent" | "human" | "baseline";
  /** Scaffold or baseline; `human` for a person; `not stated` where the source does not name it. */
  readonly agent: string;
  readonly model: string | null;
  /** Time the run was given, in milliseconds; null where none was set (published human attempts). */
  readonly timeLimitMs: number | null;
  /** Time on the clock at the end, in milliseconds; null where the source does not say. */
  readonly timeUsedMs: number | null;
  readonly finalRule: FinalRule;
  /** Null where the source does not say. */
  readonly anchors: AnchorPair | null;
  /** Every scoring in order; null where the source holds only the end. */
  readonly log: readonly ScorePoint[] | null;
  /** By the environment's rule over the log, without entries under review. */
  readonly logged: RunScore;
  /** As if every flagged entry were accepted. */
  readonly loggedWithFlagged: RunScore;
  /** Median of fresh scorings of the final snapshot; null where none were made. */
  readonly confirmed: RunScore | null;
  readonly usage: Usage;
  readonly generation: Generation | null;
  readonly flags: readonly RunFlag[];
  readonly provenance: Provenance;
}

/** Flags that keep a run out of results unless asked for; the run is counted and named as left out. */
export const excludingFlags: ReadonlySet<RunFlagKind> = new Set<RunFlagKind>([
  "impossible-score",
  "placeholder-score",
  "platform-failed",
  "unfinished",
]);

/** Agent and model as one name: runs that share it are repeats of each other. */
export function toSeriesName(row: Pick<RunRow, "agent" | "model">): string {
  if (row.model === null) return row.agent;
  return row.agent === "not stated" ? row.model : `${row.agent} · ${row.model}`;
}
