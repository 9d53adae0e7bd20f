import type { ScoreDirection } from "../environment/index.ts";
import { defineErrors } from "../errors/index.ts";

/** Everything this folder throws on purpose. What a submission or a judge does wrong is a result, never one of these. */
export const scoringErrors = defineErrors({
  SNAPSHOT_MISSING: {
    fault: "caller",
    exitCode: 5,
    message: (d: { treeSha256: string; store: string }) =>
      `there is no snapshot ${d.treeSha256} in the store ${d.store}`,
    remedy: () => "check that the run folder was copied whole, its `snapshots` folder included",
  },
  SNAPSHOT_DROPPED: {
    fault: "caller",
    exitCode: 5,
    message: (d: { treeSha256: string }) =>
      `the content of snapshot ${d.treeSha256} was not kept: only its manifest is left`,
    remedy: () => "score an entry whose snapshot was kept, or make the next run with `--snapshots all`",
  },
  SNAPSHOT_CORRUPT: {
    fault: "platform",
    exitCode: 5,
    message: (d: { treeSha256: string; place: string; problem: string }) =>
      `snapshot ${d.treeSha256} is damaged: ${d.place} ${d.problem}`,
    remedy: () => "restore the run folder from an unchanged copy; a damaged snapshot is never scored",
  },
  SNAPSHOT_STORAGE_FAILED: {
    fault: "platform",
    exitCode: 3,
    message: (d: { action: string; path: string; problem: string }) =>
      `could not ${d.action} ${d.path}: ${d.problem}`,
    remedy: () => "free disk space or repair the folder's permissions, then go on with `rebench resume`",
  },
  ANCHORS_WITHOUT_SCALE: {
    fault: "environment",
    exitCode: 3,
    message: (d: { start: number; reference: number; direction: ScoreDirection }) =>
      `the anchors define no scale: start ${d.start}, reference ${d.reference}, and ${d.direction} is better`,
    remedy: () => "run `rebench calibrate` again, or correct the anchors in environment.yaml",
  },
  RAW_SCORE_UNUSABLE: {
    fault: "platform",
    exitCode: 4,
    message: (d: { raw: number }) => `${d.raw} is no raw score and cannot be normalized`,
    remedy: () => "report this as a bug: a judge's answer is checked before it is normalized",
  },
});
