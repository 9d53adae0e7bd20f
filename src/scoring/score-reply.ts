import { assertNever } from "../errors/index.ts";
import type { ScoreReply, ScoringResult } from "./result.ts";

/** All that an agent whose scores are hidden hears of any scoring, whatever becomes of it. */
export const hiddenScoreReply: ScoreReply = {
  status: "recorded",
  message: "Your workspace was recorded for scoring. Its score is not shown in this environment.",
};

/** What an agent whose scores are hidden hears once it has asked as often as it may. */
export function toRefusedReply(most: number): ScoreReply {
  return {
    status: "refused",
    message: `Your workspace was not recorded: it may be recorded ${most} times, and has been. It will be scored once more as you leave it.`,
  };
}

/**
 * What the agent is told of a scoring. Where scores are hidden this is one constant, for `invalid`, `timed-out` and
 * `judge-failed` too: any difference would be a channel out of the judge. A flag is not told, since it would show a
 * cheat how far to go; `details` and failure reasons never are.
 */
export function toScoreReply(result: ScoringResult, visible: boolean): ScoreReply {
  if (!visible) return hiddenScoreReply;
  switch (result.result) {
    case "scored":
      return {
        status: "scored",
        score: result.raw,
        normalized: result.normalized,
        message: result.message,
      };
    case "invalid":
      return { status: "invalid", message: result.message };
    case "timed-out":
    case "judge-failed":
      return { status: "not-scored", message: result.message };
    default:
      return assertNever(result);
  }
}
