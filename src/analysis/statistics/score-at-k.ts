import { analysisErrors } from "../errors.ts";
import { type Refusal, refuse } from "./estimate.ts";

/**
 * How the k runs of score@k are drawn from the n there are: `with-replacement`, as in the paper: the plug-in
 * estimate, low for k near n and past it; or `without-replacement`, which estimates the best of k fresh runs
 * without bias and needs k ≤ n.
 */
export type Sampling = "with-replacement" | "without-replacement";

/** A number made of the runs of one cell, each counted as often as it was drawn. */
export interface CellStatistic {
  /** Runs in the cell. */
  readonly runs: number;
  /**
   * @param counts - How often each run was drawn, in the order of the cell; they add up to `runs`. All 1 gives
   *   the estimate itself.
   */
  readonly evaluate: (counts: Int32Array) => number;
}

/** score@k of one cell. */
export type ScoreAtK =
  | {
      readonly kind: "estimated";
      readonly value: number;
      readonly n: number;
      /**
       * True for k > n: the best of more runs than there are is drawn from those there are, so the number is
       * low.
       */
      readonly isBeyondRuns: boolean;
    }
  | Refusal;

/**
 * Expected best of k runs, exactly. With values in ascending order, `Σᵢ x₍ᵢ₎ · (F(i) − F(i − 1))`, where F(j)
 * is the chance that all k runs drawn are among the j lowest: `(j/n)ᵏ` with replacement, `C(j, k) / C(n, k)`
 * without.
 *
 * @see arXiv 2411.15114 for score@k; H. A. David, H. N. Nagaraja, Order Statistics, 3rd edition (2003), section
 *   2.1; arXiv 2107.03374, section 2.1, for the estimate without replacement (there for pass@k)
 */
export function scoreAtK(values: readonly number[], k: number, sampling: Sampling): ScoreAtK {
  const n = values.length;
  if (n === 0) return refuse("there is no run");
  if (sampling === "without-replacement" && k > n) return refuse(`there are ${n} runs, fewer than k = ${k}`);
  const { evaluate } = createScoreAtK(values, k, sampling);
  return { kind: "estimated", value: evaluate(new Int32Array(n).fill(1)), n, isBeyondRuns: k > n };
}

/**
 * score@k as a statistic that can be resampled: one pass over the runs, sorted once.
 *
 * @throws STATISTIC_ARGUMENT_UNUSABLE for k below 1 or no whole number, no values, or k > n without replacement.
 */
export function createScoreAtK(values: readonly number[], k: number, sampling: Sampling): CellStatistic {
  const runs = values.length;
  if (!Number.isSafeInteger(k) || k < 1) {
    throw analysisErrors.STATISTIC_ARGUMENT_UNUSABLE({
      name: "k",
      value: k,
      wanted: "a whole number of runs",
    });
  }
  if (runs === 0 || (sampling === "without-replacement" && k > runs)) {
    const wanted = sampling === "with-replacement" ? "at least one" : `at least k = ${k}`;
    throw analysisErrors.STATISTIC_ARGUMENT_UNUSABLE({ name: "the number of runs", value: runs, wanted });
  }
  const order = Int32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const sorted = Float64Array.from(order, (run) => values[run] ?? 0);
  const chance = sampling === "with-replacement" ? chanceWith(runs, k) : chanceWithout(runs, k);
  const evaluate = (counts: Int32Array): number => {
    let below = 0;
    let chanceBelow = 0;
    let sum = 0;
    for (let rank = 0; rank < runs; rank += 1) {
      below += counts[order[rank] ?? 0] ?? 0;
      const chanceUpTo = chance[below] ?? 0;
      sum += (sorted[rank] ?? 0) * (chanceUpTo - chanceBelow);
      chanceBelow = chanceUpTo;
    }
    return sum;
  };
  return { runs, evaluate };
}

/** The mean as a statistic that can be resampled: score@1. */
export function createMean(values: readonly number[]): CellStatistic {
  return createScoreAtK(values, 1, "with-replacement");
}

/** Chance that k draws with replacement from n are all among the lowest j, for j from 0 to n. */
function chanceWith(n: number, k: number): Float64Array {
  return Float64Array.from({ length: n + 1 }, (_, j) => (j / n) ** k);
}

/** The same without replacement, by C(j − 1, k) = C(j, k) · (j − k) / j. */
function chanceWithout(n: number, k: number): Float64Array {
  const chance = new Float64Array(n + 1);
  chance[n] = 1;
  for (let j = n; j > k; j -= 1) chance[j - 1] = ((chance[j] ?? 0) * (j - k)) / j;
  return chance;
}
