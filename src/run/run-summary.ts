import { type FinalScore, toFinalScore } from "../scoring/index.ts";
import { readSoundEvents } from "./event-log.ts";
import { loadRunRecord, type RunPaths } from "./run-directory.ts";
import type { RunRecord } from "./run-record.ts";
import { initialRunState, type RunState, reduceRun } from "./run-state.ts";

/** What a run folder says, read once: the record and what its events add up to. */
export interface RunSummary {
  readonly paths: RunPaths;
  readonly record: RunRecord;
  readonly state: RunState;
  /** Hash of the newest event. */
  readonly head: string;
  /** What the run is worth by the environment's rule, with and without entries under review. */
  readonly final: FinalScore;
}

/**
 * Reads a run without taking it over; a torn last line is passed over.
 *
 * @throws RUN_RECORD_BROKEN, RUN_LOG_BROKEN, RUN_TOO_NEW
 */
export function loadRunSummary(paths: RunPaths): RunSummary {
  const { record, sha256 } = loadRunRecord(paths);
  let state = initialRunState;
  let head = sha256;
  for (const event of readSoundEvents(paths.events, sha256)) {
    state = reduceRun(state, event);
    head = event.hash;
  }
  const { final, direction } = record.environment.score;
  return { paths, record, state, head, final: toFinalScore(state.entries, final, direction) };
}
