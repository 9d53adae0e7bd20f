import { type Refusal, refuse } from "./estimate.ts";
import { toHours } from "./score-at-time.ts";

/** A value at a time. */
export interface TimedValue {
  /** Above 0, in milliseconds. */
  readonly timeMs: number;
  readonly value: number;
}

/**
 * The value at a time between two known ones, linear in the logarithm of time:
 * `y₁ + (y₂ − y₁) · ln(t/t₁) / ln(t₂/t₁)`.
 *
 * @param points - Ascending in time, no time twice.
 * @returns A refusal outside the times known: nothing is extrapolated.
 * @see arXiv 2411.15114, where scores are drawn over a logarithmic axis of time
 */
export function interpolateLogLinear(points: readonly TimedValue[], timeMs: number): TimedValue | Refusal {
  const exact = points.find((point) => point.timeMs === timeMs);
  if (exact !== undefined) return exact;
  const next = points.findIndex((point) => point.timeMs > timeMs);
  const before = points[next - 1];
  const after = points[next];
  if (before === undefined || after === undefined) {
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return refuse("there is no point to go through");
    const range = `${toHours(first.timeMs)} to ${toHours(last.timeMs)}`;
    return refuse(`${toHours(timeMs)} lies outside ${range}`);
  }
  const share = Math.log(timeMs / before.timeMs) / Math.log(after.timeMs / before.timeMs);
  return { timeMs, value: before.value + (after.value - before.value) * share };
}
