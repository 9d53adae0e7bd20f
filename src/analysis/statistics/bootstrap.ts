import { createSeededRandom } from "../../run/index.ts";
import { analysisErrors } from "../errors.ts";
import { type Interval, type Refusal, refuse } from "./estimate.ts";
import { quantileOfSorted } from "./quantiles.ts";

/**
 * What is resampled: the number of runs of each arm of each environment, `[environments][arms]`. An arm is a
 * set of runs that repeat each other (one agent, one time limit); every environment names the same arms, an
 * empty one has 0 runs.
 */
export type BootstrapDesign = readonly (readonly number[])[];

/** One environment in one resample. */
export interface EnvironmentDraw {
  /** Index in the design. */
  readonly environment: number;
  /** `[arms][runs]`: how often each run was drawn; each arm's add up to its size. */
  readonly counts: readonly Int32Array[];
}

/** How often, from what and for which interval runs are resampled. */
export interface BootstrapOptions {
  readonly resamples: number;
  /** The same seed gives the same numbers, on every machine. */
  readonly seed: string;
  /**
   * `fixed`: runs are drawn within each environment, so the interval speaks of these environments. `resampled`:
   * environments are drawn first, then runs within each draw, so that it speaks of environments like these;
   * wider, and with seven environments only roughly right.
   */
  readonly environments: "fixed" | "resampled";
  /** Chance the interval is to have, in (0, 1). */
  readonly level: number;
}

/** Settings where a caller names none. */
export const defaultBootstrap: BootstrapOptions = {
  resamples: 10_000,
  seed: "rebench",
  environments: "fixed",
  level: 0.95,
};

/**
 * Draws runs with replacement within each arm of each environment, and asks for some statistics of every draw.
 * The counts of one resample are shared by all statistics, so their differences keep what they have in common.
 *
 * @param dimensions - How many statistics are asked for at once.
 * @param statistic - Writes them into `out`; NaN where one is not defined. The draws are reused: copy nothing
 *   from them.
 * @returns `[dimensions][resamples]`, in the order drawn.
 * @see B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap (1993), chapters 8 and 13
 */
export function bootstrap(
  design: BootstrapDesign,
  dimensions: number,
  statistic: (draws: readonly EnvironmentDraw[], out: Float64Array) => void,
  options: Pick<BootstrapOptions, "resamples" | "seed" | "environments">,
): readonly Float64Array[] {
  const { resamples, seed, environments } = options;
  if (!Number.isSafeInteger(resamples) || resamples < 1) {
    const wanted = "a whole number of at least 1";
    throw analysisErrors.STATISTIC_ARGUMENT_UNUSABLE({ name: "resamples", value: resamples, wanted });
  }
  const random = createSeededRandom(seed);
  const slots = design.map(() =>
    design.map(
      (arms, environment): EnvironmentDraw => ({ environment, counts: arms.map((n) => new Int32Array(n)) }),
    ),
  );
  const draws = slots.flatMap((slot, index) => slot[index] ?? []);
  const results = Array.from({ length: dimensions }, () => new Float64Array(resamples));
  const out = new Float64Array(dimensions);
  for (let resample = 0; resample < resamples; resample += 1) {
    for (const [index, slot] of slots.entries()) {
      const environment = environments === "fixed" ? index : random.integer(design.length);
      const draw = slot[environment];
      if (draw === undefined) continue;
      draws[index] = draw;
      for (const counts of draw.counts) drawRuns(counts, random);
    }
    statistic(draws, out);
    for (const [dimension, result] of results.entries()) result[resample] = out[dimension] ?? Number.NaN;
  }
  return results;
}

/**
 * The middle `level` of what a bootstrap gave: its percentile interval. Refused where a resample gave no
 * number.
 */
export function toPercentileInterval(draws: Float64Array, level: number): Interval | Refusal {
  const undefinedDraws = draws.filter((value) => Number.isNaN(value)).length;
  if (undefinedDraws > 0 || draws.length === 0) {
    return refuse(`${undefinedDraws} of ${draws.length} resamples gave no number`);
  }
  const sorted = draws.toSorted();
  const tail = (1 - level) / 2;
  return {
    kind: "interval",
    low: quantileOfSorted(sorted, tail),
    high: quantileOfSorted(sorted, 1 - tail),
    level,
  };
}

function drawRuns(counts: Int32Array, random: { readonly integer: (bound: number) => number }): void {
  counts.fill(0);
  const runs = counts.length;
  for (let drawn = 0; drawn < runs; drawn += 1) {
    const run = random.integer(runs);
    counts[run] = (counts[run] ?? 0) + 1;
  }
}
