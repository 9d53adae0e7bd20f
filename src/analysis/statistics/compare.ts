import { evaluateOnce, mean, refuseInterval } from "./across-environments.ts";
import { type BootstrapOptions, bootstrap, defaultBootstrap, toPercentileInterval } from "./bootstrap.ts";
import type { Cell } from "./cells.ts";
import { type Interval, type MissingCell, type Refusal, refuse } from "./estimate.ts";
import { type CellStatistic, createScoreAtK } from "./score-at-k.ts";

/** Two agents over the environments both were run in. */
export type Comparison =
  | {
      readonly kind: "compared";
      /** Mean over environments of left minus right. */
      readonly difference: number;
      readonly interval: Interval | Refusal;
      /** Mean of left over mean of right; refused where right is 0, or is 0 in some resample. */
      readonly ratio:
        | { readonly kind: "estimated"; readonly value: number; readonly interval: Interval | Refusal }
        | Refusal;
      /**
       * Share of resamples in which left is ahead; equal ones count by half. Null where nothing was resampled.
       */
      readonly shareLeftAhead: number | null;
      readonly environments: readonly {
        readonly environment: string;
        readonly left: { readonly n: number; readonly value: number };
        readonly right: { readonly n: number; readonly value: number };
      }[];
      /** Environments asked for that one of the two lacks: they are in no part of the difference. */
      readonly missing: readonly MissingCell[];
    }
  | (Refusal & { readonly missing: readonly MissingCell[] });

/** One side of a comparison. */
export interface Side {
  /** One cell for each environment asked for, the same in both sides. */
  readonly cells: readonly Cell[];
  /** Runs of which the best counts. */
  readonly k: number;
}

/**
 * Compares score@k of two agents, paired by environment: differences within each environment, then their mean,
 * so that hard and easy environments cancel out. Runs of both are resampled within environments; the runs
 * themselves have no partners.
 */
export function compareAgents(left: Side, right: Side, options: Partial<BootstrapOptions> = {}): Comparison {
  const settings = { ...defaultBootstrap, ...options };
  const environments = [...new Set([...left.cells, ...right.cells].map(({ environment }) => environment))];
  const pairs: { readonly left: Cell; readonly right: Cell }[] = [];
  const missing: MissingCell[] = [];
  for (const environment of environments) {
    const sides = [left, right].map(({ cells }) => cells.find((cell) => cell.environment === environment));
    const [one, other] = sides;
    if (one !== undefined && other !== undefined && one.values.length > 0 && other.values.length > 0) {
      pairs.push({ left: one, right: other });
      continue;
    }
    const lacking = ["left", "right"].filter((_, side) => (sides[side]?.values.length ?? 0) === 0);
    missing.push({ environment, reason: `no run of ${lacking.join(" and ")}` });
  }
  if (pairs.length === 0) {
    return { ...refuse(`none of ${environments.length} environments has runs of both`), missing };
  }
  const statistics = pairs.map((pair) => ({
    left: createScoreAtK(pair.left.values, left.k, "with-replacement"),
    right: createScoreAtK(pair.right.values, right.k, "with-replacement"),
  }));
  const values = statistics.map((pair) => ({
    left: evaluateOnce(pair.left),
    right: evaluateOnce(pair.right),
  }));
  const leftMean = mean(values.map((pair) => pair.left));
  const rightMean = mean(values.map((pair) => pair.right));
  const resampled =
    refuseInterval(pairs.flatMap((pair) => [pair.left, pair.right])) ?? resample(statistics, settings);
  const toInterval = (read: "difference" | "ratio") =>
    resampled.kind === "refused" ? resampled : toPercentileInterval(resampled[read], settings.level);
  return {
    kind: "compared",
    difference: leftMean - rightMean,
    interval: toInterval("difference"),
    ratio:
      rightMean === 0
        ? refuse("the right side is 0")
        : { kind: "estimated", value: leftMean / rightMean, interval: toInterval("ratio") },
    shareLeftAhead: resampled.kind === "refused" ? null : shareAhead(resampled.difference),
    environments: pairs.map((pair, index) => ({
      environment: pair.left.environment,
      left: { n: pair.left.values.length, value: values[index]?.left ?? Number.NaN },
      right: { n: pair.right.values.length, value: values[index]?.right ?? Number.NaN },
    })),
    missing,
  };
}

interface ResampledPairs {
  readonly kind: "resampled";
  readonly difference: Float64Array;
  readonly ratio: Float64Array;
}

function resample(
  statistics: readonly { readonly left: CellStatistic; readonly right: CellStatistic }[],
  options: BootstrapOptions,
): ResampledPairs {
  const [difference = new Float64Array(), ratio = new Float64Array()] = bootstrap(
    statistics.map(({ left, right }) => [left.runs, right.runs]),
    2,
    (drawn, out) => {
      let left = 0;
      let right = 0;
      for (const { environment, counts } of drawn) {
        const pair = statistics[environment];
        const [ofLeft, ofRight] = counts;
        if (pair === undefined || ofLeft === undefined || ofRight === undefined) continue;
        left += pair.left.evaluate(ofLeft);
        right += pair.right.evaluate(ofRight);
      }
      out[0] = (left - right) / drawn.length;
      out[1] = right === 0 ? Number.NaN : left / right;
    },
    options,
  );
  return { kind: "resampled", difference, ratio };
}

function shareAhead(differences: Float64Array): number {
  let ahead = 0;
  for (const difference of differences) ahead += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
  return ahead / differences.length;
}
