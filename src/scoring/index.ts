export {
  type JudgeAnswer,
  judgeAnswerSchema,
  type ScoreEntry,
  type ScoreReply,
  type ScoringResult,
  type SnapshotRef,
} from "./result.ts";
