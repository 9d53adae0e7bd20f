import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EventBody, EventLog, loadRunRecord, type RunRecord, toRunPaths } from "../../run/index.ts";
import type { ScoringResult } from "../../scoring/index.ts";
import { fabricateRun } from "./fabricate-run.ts";

/** What happens in a written run, in order; each step ends at `minute` of wall time. */
export type WrittenStep =
  | {
      readonly minute: number;
      readonly score: number;
      readonly clockMinutes?: number;
      readonly flagged?: boolean;
      /** What the log says instead of `score`, for a run that lies. */
      readonly normalized?: number;
    }
  | { readonly minute: number; readonly invalid: string }
  | {
      readonly minute: number;
      readonly modelFrom: number;
      readonly outputTokens: number;
      readonly costUsd: number | null;
    };

/** What a test says about a run folder. */
export interface WrittenRun {
  readonly runId: string;
  readonly steps: readonly WrittenStep[];
  readonly record?: Partial<RunRecord>;
  /** Null for a run that has not ended. */
  readonly end: { readonly minute: number; readonly reason: "time-limit" | "platform-failed" } | null;
}

const minuteMs = 60_000;

/**
 * Writes a run folder as the harness does: `run.json` and a hash-chained log, begun at time 0 with entry 0
 * worth 0. Scores are normalized ones on the scale of {@link fabricateRun}.
 *
 * @returns The run's folder.
 */
export function writeRunFolder(runsDirectory: string, run: WrittenRun): string {
  const { record } = fabricateRun({
    agent: "modular",
    model: "anthropic/example",
    runId: run.runId,
    scorings: [],
    limitMinutes: 60,
    ...(run.record === undefined ? {} : { record: run.record }),
  });
  const paths = toRunPaths(join(runsDirectory, run.runId));
  mkdirSync(paths.root, { recursive: true });
  writeFileSync(paths.record, JSON.stringify(record));
  const { sha256 } = loadRunRecord(paths);
  let now = 0;
  let operation = 0;
  let entry = 0;
  using log = EventLog.open({ path: paths.events, firstPrevious: sha256, now: () => now, onEvent: () => {} });
  const at = (minute: number, ...bodies: readonly EventBody[]) => {
    now = minute * minuteMs;
    for (const body of bodies) log.append(body);
  };
  const scoring = (asked: number | null, clockMs: number, result: ScoringResult): readonly EventBody[] => {
    const index = entry;
    entry += 1;
    return [
      { type: "score-requested", operation: asked, entry: index, snapshot, clockMs },
      {
        type: "score-recorded",
        operation: asked,
        entry: index,
        result,
        seed: "00",
        durationMs: 1,
        log: { text: "" },
      },
    ];
  };
  at(0, { type: "run-started", runRecordSha256: sha256 }, ...scoring(null, 0, toScored(0, false)), {
    type: "clock-started",
  });
  for (const step of run.steps) {
    operation += 1;
    if ("modelFrom" in step) {
      const { outputTokens, costUsd } = step;
      at(step.modelFrom, { type: "model-requested", operation, request: { text: "" } });
      at(step.minute, {
        type: "model-responded",
        operation,
        result: { text: "" },
        inputTokens: 1_000,
        outputTokens,
        costUsd,
      });
    } else if ("invalid" in step) {
      const result = { result: "invalid", reason: step.invalid, message: "", details: {} } as const;
      at(step.minute, ...scoring(operation, step.minute * minuteMs, result));
    } else {
      const clockMs = (step.clockMinutes ?? step.minute) * minuteMs;
      at(
        step.minute,
        ...scoring(operation, clockMs, toScored(step.score, step.flagged === true, step.normalized)),
      );
    }
  }
  if (run.end !== null) {
    const { minute, reason } = run.end;
    at(
      minute,
      { type: "clock-stopped", reason, message: reason },
      { type: "run-ended", reason, message: reason },
    );
  }
  return paths.root;
}

const snapshot = { treeSha256: "0".repeat(64), files: 1, sizeBytes: 1 };

/** Raw 10 is normalized 0, raw 2 is normalized 1. */
function toScored(score: number, flagged: boolean, normalized = score): ScoringResult {
  const flag = flagged ? "implausible" : null;
  return { result: "scored", raw: 10 - 8 * score, normalized, flag, message: "", details: {} };
}
