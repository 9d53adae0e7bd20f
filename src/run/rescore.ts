import type { ScoreDirection } from "../environment/index.ts";
import { type Confirmation, confirmScore, type FinalRule, toFinalScore } from "../scoring/index.ts";
import { assertUnchanged, lockRun, openJudging, type RunParts } from "./carry-out-run.ts";
import { runErrors } from "./errors.ts";
import { loadRunRecord, type RunPaths } from "./run-directory.ts";
import type { RunHost } from "./run-host.ts";
import { RunSession } from "./run-session.ts";
import type { Rescoring, RunState } from "./run-state.ts";

/** What to judge again. */
export type RescoreRequest =
  | { readonly purpose: "rescore"; readonly entries: "all" | readonly number[]; readonly times: number }
  /** The entry that is the run's score, `times` times. */
  | { readonly purpose: "confirm"; readonly times: number };

/** How judging again is followed and cancelled. */
export interface RescoreOptions {
  readonly signal: AbortSignal;
  readonly onRescored?: (rescoring: Rescoring, done: number, total: number) => void;
}

/** What judging again gave. */
export interface Rescored {
  readonly rescorings: readonly Rescoring[];
  /** Entries that could not be judged again, because the policy dropped their content. */
  readonly dropped: readonly number[];
  /** Hash of the newest event: what was written down before no longer names the end of the log. */
  readonly head: string;
}

/**
 * Judges kept snapshots of an ended run again, with fresh inputs, and appends what comes out to its log.
 *
 * @throws RUN_NOT_ENDED, RUN_ENTRY_MISSING, RUN_CHANGED, RUN_BUSY; SNAPSHOT_CORRUPT
 */
export async function rescoreRun(
  paths: RunPaths,
  request: RescoreRequest,
  parts: Pick<RunParts, "environment" | "assets" | "gatewayModels">,
  host: RunHost,
  options: RescoreOptions,
): Promise<Rescored> {
  await using _lock = await lockRun(paths);
  const { record, sha256 } = loadRunRecord(paths);
  assertUnchanged(record, parts);
  using session = new RunSession({ paths, record, recordSha256: sha256, now: host.now });
  if (session.state.phase !== "ended") throw runErrors.RUN_NOT_ENDED({ path: paths.root });
  await using judging = await openJudging(paths, record, parts, host);

  const indexes = toEntryIndexes(request, session.state, paths, record.environment.score);
  const batch = Buffer.from(host.randomBytes(6)).toString("hex");
  const rescorings: Rescoring[] = [];
  const dropped: number[] = [];
  for (const index of indexes) {
    const entry = session.state.entries[index];
    if (entry === undefined) throw runErrors.RUN_ENTRY_MISSING({ path: paths.root, entry: index });
    const { treeSha256 } = entry.snapshot;
    if (!(await judging.store.keepsContent(treeSha256))) {
      dropped.push(index);
      continue;
    }
    const startedAt = host.now();
    const scoring = await judging.scorer.score(treeSha256, record.environment.anchors, options.signal);
    session.append({
      type: "entry-rescored",
      entry: index,
      purpose: request.purpose,
      batch,
      result: scoring.result,
      seed: scoring.seed,
      durationMs: host.now() - startedAt,
      log: session.blobs.toPayload(scoring.log),
    });
    const rescoring = { entry: index, purpose: request.purpose, batch, result: scoring.result };
    rescorings.push(rescoring);
    options.onRescored?.(rescoring, rescorings.length + dropped.length, indexes.length);
  }
  return { rescorings, dropped, head: session.head };
}

/** The newest batch of confirming scorings of a run, summed up; null when there is none. */
export function toConfirmation(
  state: RunState,
  direction: ScoreDirection,
): { readonly entry: number; readonly confirmation: Confirmation } | null {
  const newest = state.rescorings.findLast(({ purpose }) => purpose === "confirm");
  if (newest === undefined) return null;
  const results = state.rescorings.filter(({ batch }) => batch === newest.batch).map(({ result }) => result);
  return { entry: newest.entry, confirmation: confirmScore(results, direction) };
}

function toEntryIndexes(
  request: RescoreRequest,
  state: RunState,
  paths: RunPaths,
  score: { readonly final: FinalRule; readonly direction: ScoreDirection },
): readonly number[] {
  if (request.purpose === "rescore") {
    const indexes = request.entries === "all" ? state.entries.map(({ index }) => index) : request.entries;
    return indexes.flatMap((index) => Array.from({ length: request.times }, () => index));
  }
  const { logged } = toFinalScore(state.entries, score.final, score.direction);
  if (logged.kind === "none") throw runErrors.RUN_ENTRY_MISSING({ path: paths.root, entry: "with a score" });
  return Array.from({ length: request.times }, () => logged.entry.index);
}
