import type { RunRecord } from "./run-record.ts";

/** Hidden scorings that may be asked for in a run however short. */
const leastOfMany = 10;

/**
 * Scorings that an agent may ask for where it is not told their results; null where it is told. Hidden ones are judged
 * after the agent's time and so cost it nothing: without a bound, an agent could keep the judge at work for days. With
 * this one, judging takes no longer than the run itself, as it does where scorings are on the clock.
 */
export function mostHiddenRequests({ environment, budget }: RunRecord): number | null {
  if (environment.score.visible) return null;
  return Math.max(leastOfMany, Math.floor(budget.timeMs / 1_000 / environment.scoringTimeoutSeconds));
}
