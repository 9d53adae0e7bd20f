export { type CollectedSnapshot, collectSnapshot } from "./collect-snapshot.ts";
export {
  type Confirmation,
  confirmScore,
  type Level,
  type ScoringCounts,
} from "./confirm.ts";
export { scoringErrors } from "./errors.ts";
export { normalize } from "./normalize.ts";
export {
  type JudgeAnswer,
  judgeAnswerSchema,
  type ScoreEntry,
  type ScoreReply,
  type ScoringResult,
  type SnapshotRef,
} from "./result.ts";
export { toResultText } from "./result-text.ts";
export type { JudgeFailure, JudgeTimings, JudgeVerdict } from "./run-judge.ts";
export {
  type AcceptedFlags,
  bestEntry,
  type Choice,
  type FinalRule,
  type FinalScore,
  finalEntry,
  type ScoredEntry,
  toFinalScore,
} from "./score-log.ts";
export { hiddenScoreReply, toRefusedReply, toScoreReply } from "./score-reply.ts";
export {
  createScorer,
  type Judged,
  type Scorer,
  type ScorerSetup,
  type Scoring,
  type ScoringTimings,
  toScoringResult,
} from "./scorer.ts";
export type { LeftOut, SnapshotManifest, SnapshotRefusal } from "./snapshot-manifest.ts";
export { type SnapshotPolicy, toDroppableSnapshots } from "./snapshot-policy.ts";
export { openSnapshotStore, type SnapshotStore } from "./snapshot-store.ts";
export { trustedPythonVariables } from "./start-judge.ts";
export type { SnapshotLimits } from "./workspace-walk.ts";
