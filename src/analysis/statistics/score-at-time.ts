import type { RunRow, RunScore, ScorePoint } from "../data/run-row.ts";

/** One corner of a run's step line: from `clockMs` on, the run is worth `normalized`. */
export interface ScoreStep {
  readonly clockMs: number;
  readonly normalized: number;
}

/**
 * What a run was worth over its clock, as a step function that is constant to the right of each corner: the
 * best valid entry so far, or the last one where the environment counts that. It begins at (0, 0), since a run
 * begins as the starting solution; flagged, invalid and failed entries change nothing.
 */
export function toScoreSteps(
  log: readonly ScorePoint[],
  finalRule: RunRow["finalRule"],
): readonly ScoreStep[] {
  const steps: ScoreStep[] = [{ clockMs: 0, normalized: 0 }];
  let standing = 0;
  let isFirst = true;
  for (const { outcome, normalized, clockMs } of log) {
    if (outcome !== "valid" || normalized === null) continue;
    const next = isFirst || finalRule === "last" ? normalized : Math.max(standing, normalized);
    isFirst = false;
    if (next === standing) continue;
    standing = next;
    if (steps.at(-1)?.clockMs === clockMs) steps.pop();
    steps.push({ clockMs, normalized: standing });
  }
  return steps;
}

/**
 * What a run was worth at a moment of its clock, as if it had been cut there.
 *
 * @returns `none` where that cannot be known: the source has no score log, or the run was given less time.
 */
export function scoreAtTime(row: RunRow, atMs: number): RunScore {
  if (row.logged.kind === "none") return row.logged;
  if (row.timeLimitMs !== null && atMs > row.timeLimitMs) {
    return unknown(`was given ${toHours(row.timeLimitMs)}, less than ${toHours(atMs)}`);
  }
  if (row.timeLimitMs === atMs) return row.logged;
  if (row.log === null) return unknown(`has no score log, so its score after ${toHours(atMs)} is not known`);
  if (row.timeLimitMs === null && (row.timeUsedMs === null || row.timeUsedMs < atMs)) {
    return unknown(`ended before ${toHours(atMs)}`);
  }
  const step = toScoreSteps(row.log, row.finalRule).findLast(({ clockMs }) => clockMs <= atMs);
  return { kind: "scored", normalized: step?.normalized ?? 0, raw: null };
}

/** Milliseconds as hours, for sentences. */
export function toHours(milliseconds: number): string {
  return `${Number((milliseconds / 3_600_000).toPrecision(3))} h`;
}

function unknown(reason: string): RunScore {
  return { kind: "none", fault: "platform", reason };
}
