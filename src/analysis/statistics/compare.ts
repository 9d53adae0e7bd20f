import { evaluateOnce, mean, refuseInterval } from "./across-environments.ts";
import { type BootstrapOptions, bootstrap, defaultBootstrap, toPercentileInterval } from "./bootstrap.ts";
import type { Cell } from "./cells.ts";
import { type Interval, type MissingCell, type Refusal, refuse } from "./estimate.ts";
import { createScoreAtK } from "./score-at-k.ts";

/** Two agents over the environments both were run in. */
export type Comparison =
  | {
      readonly kind: "compared";
      /** Mean over environments of left minus right. */
      readonly difference: number;
      readonly interval: Interval | Refusal;
      /** Share of resamples in which left is ahead; equal ones count by half. Null where nothing was resampled. */
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
 * Compares score@k of two agents, paired by environment: differences within each environment, then their mean, so that hard
 * and easy environments cancel out. Runs of both are resampled within environments; the runs themselves have no partners.
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
  const refusal = refuseInterval(pairs.flatMap((pair) => [pair.left, pair.right]));
  const [draws] =
    refusal !== null
      ? []
      : bootstrap(
          statistics.map((pair) => [pair.left.runs, pair.right.runs]),
          1,
          (drawn, out) => {
            let sum = 0;
            for (const { environment, counts } of drawn) {
              const pair = statistics[environment];
              const [ofLeft, ofRight] = counts;
              if (pair === undefined || ofLeft === undefined || ofRight === undefined) continue;
              sum += pair.left.evaluate(ofLeft) - pair.right.evaluate(ofRight);
            }
            out[0] = sum / drawn.length;
          },
          settings,
        );
  return {
    kind: "compared",
    difference: mean(values.map((pair) => pair.left - pair.right)),
    interval: draws === undefined ? (refusal ?? refuse("")) : toPercentileInterval(draws, settings.level),
    shareLeftAhead: draws === undefined ? null : shareAhead(draws),
    environments: pairs.map((pair, index) => ({
      environment: pair.left.environment,
      left: { n: pair.left.values.length, value: values[index]?.left ?? Number.NaN },
      right: { n: pair.right.values.length, value: values[index]?.right ?? Number.NaN },
    })),
    missing,
  };
}

function shareAhead(differences: Float64Array): number {
  let ahead = 0;
  for (const difference of differences) ahead += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
  return ahead / differences.length;
}
