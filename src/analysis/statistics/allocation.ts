import { refuseInterval } from "./across-environments.ts";
import { type Arm, ArmDesign, findEmptyCells } from "./arms.ts";
import { type BootstrapOptions, bootstrap, defaultBootstrap, toPercentileInterval } from "./bootstrap.ts";
import { type Interval, type Refusal, refuse } from "./estimate.ts";
import { toHours } from "./score-at-time.ts";

/** One way to spend a budget: the best of k runs, each stopped after `arm.timeMs`. */
export interface Allocation {
  readonly arm: string;
  readonly timeMs: number;
  readonly k: number;
  /** Mean score@k over environments, each weighing the same. */
  readonly value: number;
  readonly interval: Interval | Refusal;
  /** Share of resamples in which this is the best way; null where nothing was resampled. */
  readonly shareBest: number | null;
  /** Environments with fewer runs than k: the number is low there. */
  readonly beyondRuns: readonly string[];
}

/** All ways to spend a budget, best first. */
export type BestAllocation =
  | {
      readonly kind: "allocated";
      readonly budgetMs: number;
      /**
       * The way with the highest value. The highest of several noisy numbers flatters: `shareBest` says how
       * sure the choice is.
       */
      readonly best: Allocation;
      readonly all: readonly Allocation[];
      /** Arms that cannot be compared, since an environment has no run. */
      readonly left: readonly { readonly arm: string; readonly reason: string }[];
    }
  | (Refusal & { readonly left: readonly { readonly arm: string; readonly reason: string }[] });

/**
 * Spends a total time in every way the arms allow, k = ⌊budget / time⌋ runs each, and finds the best by score@k
 * with replacement. Only arms that have runs in every environment take part.
 *
 * @param budgetMs - Total time of all runs, in milliseconds.
 * @see arXiv 2411.15114, on the best of k runs of T hours under a budget of k · T
 */
export function findBestAllocation(
  arms: readonly Arm[],
  budgetMs: number,
  options: Partial<BootstrapOptions> = {},
): BestAllocation {
  const settings = { ...defaultBootstrap, ...options };
  const left: { readonly arm: string; readonly reason: string }[] = [];
  const usable = arms.filter((arm) => {
    const empty = findEmptyCells(arm);
    if (empty.length > 0) left.push({ arm: arm.name, reason: `no run in ${empty.join(", ")}` });
    else if (arm.timeMs > budgetMs)
      left.push({ arm: arm.name, reason: `longer than the budget of ${toHours(budgetMs)}` });
    return empty.length === 0 && arm.timeMs <= budgetMs;
  });
  if (usable.length === 0)
    return { ...refuse("no arm has runs in every environment within the budget"), left };

  const design = new ArmDesign(usable);
  const ways = usable.map((arm) => {
    const k = Math.floor(budgetMs / arm.timeMs);
    return { arm, k, ...design.toScoreAtK(arm, k) };
  });
  const refusal = refuseInterval(usable.flatMap(({ cells }) => cells));
  const draws =
    refusal ??
    bootstrap(
      design.design,
      ways.length,
      (drawn, out) => {
        for (const [index, way] of ways.entries()) out[index] = way.evaluate(drawn);
      },
      settings,
    );
  const wins = "kind" in draws ? null : countWins(draws);
  const all = ways
    .map(({ arm, k, value }, index): Allocation => {
      const own = "kind" in draws ? draws : draws[index];
      return {
        arm: arm.name,
        timeMs: arm.timeMs,
        k,
        value,
        interval:
          own === undefined || "kind" in own
            ? (own ?? refuse("no draw"))
            : toPercentileInterval(own, settings.level),
        shareBest: wins === null ? null : (wins[index] ?? 0) / settings.resamples,
        beyondRuns: arm.cells.filter(({ values }) => values.length < k).map(({ environment }) => environment),
      };
    })
    .toSorted((a, b) => b.value - a.value);
  const [best] = all;
  return best === undefined
    ? { ...refuse("no arm"), left }
    : { kind: "allocated", budgetMs, best, all, left };
}

/** How often each way is the best; of equals the first. */
function countWins(draws: readonly Float64Array[]): readonly number[] {
  const wins = draws.map(() => 0);
  for (let resample = 0; resample < (draws[0]?.length ?? 0); resample += 1) {
    let best = 0;
    for (let way = 1; way < draws.length; way += 1) {
      if ((draws[way]?.[resample] ?? 0) > (draws[best]?.[resample] ?? 0)) best = way;
    }
    wins[best] = (wins[best] ?? 0) + 1;
  }
  return wins;
}
