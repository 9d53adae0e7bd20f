import type { Anchors } from "../environment/index.ts";
import type { Judged } from "../scoring/index.ts";

/** One thing that was tried, what came out and what was allowed. */
export interface EnvironmentCheck {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly found: string;
  readonly allowed: string;
  /** Places between the anchors behind it, where there are any: 0 the start, 1 the reference, not cut off at 0. */
  readonly values: readonly number[];
}

/** What came of one scoring, for checks. */
export type Outcome =
  /** Normalized but not cut off at 0, where a spread would look small. */
  | { readonly kind: "score"; readonly unclamped: number }
  /** `isInvalid` where the submission is at fault, not the judge or a limit. */
  | { readonly kind: "other"; readonly text: string; readonly isInvalid: boolean };

/** Places one verdict between the anchors. */
export function toOutcome({ verdict }: Pick<Judged, "verdict">, anchors: Anchors): Outcome {
  if (verdict.kind === "refused") return toInvalid(verdict.refusal.reason);
  if (verdict.kind === "timed-out") return { kind: "other", text: "timed-out", isInvalid: false };
  if (verdict.kind === "failed") {
    return { kind: "other", text: `judge-failed: ${verdict.failure}`, isInvalid: false };
  }
  const { answer } = verdict;
  if (answer.result === "invalid") return toInvalid(answer.reason);
  return { kind: "score", unclamped: toPlace(answer.raw, anchors) };
}

/** Where a raw score lies between the anchors: 0 the start, 1 the reference, not cut off. */
export function toPlace(raw: number, { start, reference }: Anchors): number {
  return (raw - start.raw) / (reference.raw - start.raw);
}

/** The numbers among outcomes. */
export function toScores(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "score" ? [outcome.unclamped] : []));
}

function toInvalid(reason: string): Outcome {
  return { kind: "other", text: `invalid: ${reason}`, isInvalid: true };
}
