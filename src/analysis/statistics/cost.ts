import type { RunRow } from "../data/run-row.ts";
import { type AcrossEnvironments, mean, scoreAtKAcross } from "./across-environments.ts";
import type { BootstrapOptions } from "./bootstrap.ts";
import type { Cell } from "./cells.ts";
import { type Refusal, refuse } from "./estimate.ts";

/** Mean pay of one 8-hour attempt of an expert, in US dollars. @see arXiv 2411.15114 */
export const expertAttemptUsd = 1_855;

/** What is counted along the axis of a cost curve. */
export type CostUnit = "usd" | "tokens";

/** score@k against what k runs cost. */
export type CostCurve =
  | {
      readonly kind: "curve";
      readonly unit: CostUnit;
      /** Mean cost of one run, over environments with the same weight. */
      readonly costPerRun: number;
      readonly points: readonly {
        readonly k: number;
        /** k times the cost of one run: the k runs are all paid for, the best one counts. */
        readonly cost: number;
        readonly score: AcrossEnvironments;
      }[];
    }
  | Refusal;

/**
 * What one run cost: model calls for agents, pay for people. A run of a baseline without a model costs nothing
 * in either.
 *
 * @param humanAttemptUsd - Pay of one attempt of a person; null where it is not known.
 * @returns Null where it is not known; never 0 for that.
 */
export function toRunCost(
  row: Pick<RunRow, "actor" | "usage">,
  unit: CostUnit,
  humanAttemptUsd: number | null,
): number | null {
  if (row.actor === "human") return unit === "usd" ? humanAttemptUsd : null;
  return unit === "usd" ? row.usage.costUsd : row.usage.totalTokens;
}

/**
 * The curve of score@k over cost for runs that are repeats of each other.
 *
 * @param rows - Holds every run of `cells`.
 * @param ks - Numbers of runs to draw the curve at.
 * @returns A refusal where the cost of any run is not known: leaving such runs out would make the others' price
 *   theirs.
 */
export function toCostCurve(
  rows: readonly RunRow[],
  cells: readonly Cell[],
  ks: readonly number[],
  options: { readonly unit: CostUnit; readonly humanAttemptUsd?: number | null } & Partial<BootstrapOptions>,
): CostCurve {
  const { unit, humanAttemptUsd = expertAttemptUsd, ...bootstrapOptions } = options;
  const costs = new Map(rows.map((row) => [row.runId, toRunCost(row, unit, humanAttemptUsd)]));
  const present = cells.filter(({ runIds }) => runIds.length > 0);
  const ids = present.flatMap(({ runIds }) => runIds);
  if (ids.length === 0) return refuse("there is no run");
  const unknown = ids.filter((id) => typeof costs.get(id) !== "number");
  if (unknown.length > 0) {
    const what = unit === "usd" ? "price" : "count of tokens";
    return refuse(`the ${what} of ${unknown.length} of ${ids.length} runs is not known`);
  }
  const costPerRun = mean(present.map(({ runIds }) => mean(runIds.map((id) => costs.get(id) ?? 0))));
  const points = ks.map((k) => ({
    k,
    cost: k * costPerRun,
    score: scoreAtKAcross(cells, k, "with-replacement", bootstrapOptions),
  }));
  return { kind: "curve", unit, costPerRun, points };
}
