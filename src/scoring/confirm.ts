import { isBetter, type ScoreDirection } from "../environment/index.ts";
import type { ScoringResult } from "./result.ts";

/** Fewest scorings with an outcome of the agent's that a median is taken of. */
const fewestOutcomes = 3;

/** Chance with which the interval is to hold the median, where the number of scorings allows it. */
const wantedCoverage = 0.95;

/** How k fresh scorings of one snapshot ended; nothing is left out of the count. */
export interface ScoringCounts {
  readonly asked: number;
  readonly scored: number;
  readonly invalid: number;
  readonly timedOut: number;
  readonly judgeFailed: number;
  /** Of those scored, how many beat the plausible limit. They take part in the median. */
  readonly flagged: number;
}

/** A place on the scale. `invalid` lies below every score and is no number. */
export type Level =
  | { readonly kind: "score"; readonly raw: number; readonly normalized: number }
  | { readonly kind: "invalid" };

/** Median of fresh scorings with an interval for it, or that there are too few. */
export type Confirmation =
  | {
      readonly kind: "confirmed";
      readonly counts: ScoringCounts;
      readonly median: Level;
      /** `worst` and `best` are outcomes that were observed. */
      readonly interval: {
        readonly worst: Level;
        readonly best: Level;
        /** Chance in [0, 1] that such an interval holds the median of all scorings, whatever their law. */
        readonly coverage: number;
      };
    }
  | { readonly kind: "too-few"; readonly counts: ScoringCounts; readonly needed: number };

/**
 * Sums up k fresh scorings of one snapshot, because the best of many noisy entries flatters.
 *
 * `invalid` is the agent's outcome and ranks below every score; `timed-out` and `judge-failed` are nobody's and are
 * counted but not ranked. The median of an even number lies midway between the two middle scores; if either is
 * `invalid`, so is the median.
 *
 * The interval runs between the d-th worst and the d-th best outcome. It holds the median with chance
 * `1 − 2 · P(Binomial(n, ½) < d)` for any continuous law, at least that for others; d is the largest that keeps 95 %,
 * or 1 where n < 6 cannot reach it.
 *
 * @see H. A. David, H. N. Nagaraja, Order Statistics, 3rd edition (2003), section 7.1
 */
export function confirmScore(results: readonly ScoringResult[], direction: ScoreDirection): Confirmation {
  const counts = toCounts(results);
  const levels = results.flatMap(toLevel).toSorted((left, right) => compareLevels(left, right, direction));
  if (levels.length < fewestOutcomes) return { kind: "too-few", counts, needed: fewestOutcomes };
  const rank = toIntervalRank(levels.length);
  return {
    kind: "confirmed",
    counts,
    median: toMedian(levels),
    interval: {
      worst: levelAt(levels, rank - 1),
      best: levelAt(levels, levels.length - rank),
      coverage: medianCoverage(levels.length, rank),
    },
  };
}

/**
 * Chance that the median lies between the `rank`-th smallest and `rank`-th largest of `n` independent draws.
 *
 * @param rank - At least 1, at most n / 2 rounded up.
 */
export function medianCoverage(n: number, rank: number): number {
  let term = 0.5 ** n;
  let tail = 0;
  for (let successes = 0; successes < rank; successes += 1) {
    tail += term;
    term *= (n - successes) / (successes + 1);
  }
  return Math.max(0, 1 - 2 * tail);
}

function toIntervalRank(n: number): number {
  let rank = 1;
  while (rank + 1 <= n / 2 && medianCoverage(n, rank + 1) >= wantedCoverage) rank += 1;
  return rank;
}

function toCounts(results: readonly ScoringResult[]): ScoringCounts {
  const count = (kind: ScoringResult["result"]) => results.filter(({ result }) => result === kind).length;
  return {
    asked: results.length,
    scored: count("scored"),
    invalid: count("invalid"),
    timedOut: count("timed-out"),
    judgeFailed: count("judge-failed"),
    flagged: results.filter((result) => result.result === "scored" && result.flag !== null).length,
  };
}

function toLevel(result: ScoringResult): readonly Level[] {
  if (result.result === "scored") {
    return [{ kind: "score", raw: result.raw, normalized: result.normalized }];
  }
  return result.result === "invalid" ? [{ kind: "invalid" }] : [];
}

/** Worst first. */
function compareLevels(left: Level, right: Level, direction: ScoreDirection): number {
  if (left.kind === "invalid" || right.kind === "invalid") {
    return Number(left.kind === "score") - Number(right.kind === "score");
  }
  return Number(isBetter(left.raw, right.raw, direction)) - Number(isBetter(right.raw, left.raw, direction));
}

function toMedian(levels: readonly Level[]): Level {
  const lower = levelAt(levels, Math.ceil(levels.length / 2) - 1);
  const upper = levelAt(levels, Math.floor(levels.length / 2));
  if (lower.kind === "invalid" || upper.kind === "invalid") return { kind: "invalid" };
  return {
    kind: "score",
    raw: (lower.raw + upper.raw) / 2,
    normalized: (lower.normalized + upper.normalized) / 2,
  };
}

function levelAt(levels: readonly Level[], index: number): Level {
  const level = levels[index];
  if (level === undefined) throw new RangeError(`there is no level ${index} of ${levels.length}`);
  return level;
}
