import { type Refusal, refuse } from "./estimate.ts";

/**
 * The value below which a share of the data lies, linear between the two nearest: with `h = (n − 1) · share`,
 * `x₍⌊h⌋₎ + (h − ⌊h⌋) · (x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎)`.
 *
 * @param sorted - Ascending, not empty.
 * @param share - In [0, 1].
 * @see R. J. Hyndman, Y. Fan, Sample Quantiles in Statistical Packages (1996), definition 7: that of R and NumPy
 */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low === high ? low : low + (high - low) * (at - below);
}

/** Percentiles of some scores, such as the bands of humans. */
export type Percentiles =
  | { readonly kind: "percentiles"; readonly n: number; readonly values: readonly number[] }
  | Refusal;

/** @param shares - Each in [0, 1]; `values` come in this order. Refused where there is no score. */
export function toPercentiles(scores: readonly number[], shares: readonly number[]): Percentiles {
  if (scores.length === 0) return refuse("there is no score to take percentiles of");
  const sorted = Float64Array.from(scores).sort();
  return {
    kind: "percentiles",
    n: sorted.length,
    values: shares.map((share) => quantileOfSorted(sorted, share)),
  };
}

/** Where a score stands among others. */
export type PercentileRank = { readonly kind: "rank"; readonly n: number; readonly share: number } | Refusal;

/** Share of `others` that a score beats; those it equals count by half. Refused where there are none. */
export function toPercentileRank(score: number, others: readonly number[]): PercentileRank {
  if (others.length === 0) return refuse("there is no score to stand among");
  const beaten = others.filter((other) => other < score).length;
  const equal = others.filter((other) => other === score).length;
  return { kind: "rank", n: others.length, share: (beaten + equal / 2) / others.length };
}
