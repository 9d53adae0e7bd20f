import { analysisErrors } from "../errors.ts";
import {
  type BootstrapOptions,
  bootstrap,
  defaultBootstrap,
  type EnvironmentDraw,
  toPercentileInterval,
} from "./bootstrap.ts";
import type { Cell } from "./cells.ts";
import { fewestRunsForInterval, type Interval, type MissingCell, type Refusal, refuse } from "./estimate.ts";
import { type CellStatistic, createScoreAtK, type Sampling } from "./score-at-k.ts";

/** What one environment gives to a mean over environments. */
export interface EnvironmentPart {
  readonly environment: string;
  readonly n: number;
  readonly value: number;
  /** Of this environment alone, its runs resampled. */
  readonly interval: Interval | Refusal;
}

/** Mean over environments, each with the same weight. */
export type AcrossEnvironments =
  | {
      readonly kind: "estimated";
      readonly value: number;
      readonly interval: Interval | Refusal;
      /** Runs behind the number, over all environments. */
      readonly n: number;
      readonly parts: readonly EnvironmentPart[];
      /** Environments asked for that are not part of the number: it speaks of the others only. */
      readonly missing: readonly MissingCell[];
      /** Environments with fewer runs than k, where drawing with replacement makes the number low. */
      readonly beyondRuns: readonly string[];
    }
  | (Refusal & { readonly missing: readonly MissingCell[] });

/**
 * Mean of score@k over environments, each environment counting the same however many runs it has, with a
 * percentile interval from resampled runs. Cells without enough runs are named in `missing`; only where none is
 * left is there no number.
 *
 * @param cells - One for each environment asked for, as {@link toCells} gives them.
 */
export function scoreAtKAcross(
  cells: readonly Cell[],
  k: number,
  sampling: Sampling = "with-replacement",
  options: Partial<BootstrapOptions> = {},
): AcrossEnvironments {
  const needed = sampling === "with-replacement" ? 1 : k;
  const across = meanAcross(cells, needed, ({ values }) => createScoreAtK(values, k, sampling), options);
  if (across.kind === "refused") return across;
  const beyondRuns = across.parts.filter(({ n }) => n < k).map(({ environment }) => environment);
  return { ...across, beyondRuns };
}

/** Mean over environments of any statistic of one cell; see {@link scoreAtKAcross}. */
export function meanAcross(
  cells: readonly Cell[],
  fewestRuns: number,
  create: (cell: Cell) => CellStatistic,
  options: Partial<BootstrapOptions> = {},
): AcrossEnvironments {
  const present = cells.filter(({ values }) => values.length >= fewestRuns);
  const missing = cells.filter((cell) => !present.includes(cell)).map((cell) => toMissing(cell, fewestRuns));
  if (present.length === 0) {
    return { ...refuse(`none of ${cells.length} environments has ${fewestRuns} runs`), missing };
  }
  const settings = { ...defaultBootstrap, ...options };
  const statistics = present.map(create);
  const values = statistics.map(evaluateOnce);
  const resampled = refuseInterval(present) ?? resampleMeans(statistics, settings);
  const toInterval = (draws: Float64Array | Refusal) =>
    "kind" in draws ? draws : toPercentileInterval(draws, settings.level);
  const parts = present.map(
    ({ environment, values: runs }, index): EnvironmentPart => ({
      environment,
      n: runs.length,
      value: values[index] ?? Number.NaN,
      interval: toInterval(resampled.kind === "refused" ? resampled : resampled.ofPart(index)),
    }),
  );
  return {
    kind: "estimated",
    value: mean(values),
    interval: toInterval(resampled.kind === "refused" ? resampled : resampled.mean),
    n: present.reduce((sum, { values: runs }) => sum + runs.length, 0),
    parts,
    missing,
    beyondRuns: [],
  };
}

/** Null where every cell has enough runs to resample; else which have not. */
export function refuseInterval(cells: readonly Pick<Cell, "environment" | "values">[]): Refusal | null {
  const few = cells.filter(({ values }) => values.length < fewestRunsForInterval);
  if (few.length === 0) return null;
  const names = few.map(({ environment, values }) => `${environment} (${values.length})`).join(", ");
  return refuse(`fewer than ${fewestRunsForInterval} runs to resample in ${names}`);
}

/** The statistic of the runs as they are. */
export function evaluateOnce({ runs, evaluate }: CellStatistic): number {
  return evaluate(new Int32Array(runs).fill(1));
}

/** @throws STATISTIC_ARGUMENT_UNUSABLE for no values */
export function mean(values: readonly number[]): number {
  if (values.length === 0) {
    throw analysisErrors.STATISTIC_ARGUMENT_UNUSABLE({
      name: "the number of values",
      value: 0,
      wanted: "1 or more",
    });
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toMissing({ environment, values }: Cell, needed: number): MissingCell {
  const runs = values.length === 0 ? "no run" : `${values.length} runs`;
  return { environment, reason: `${runs}, where ${needed} ${needed === 1 ? "is" : "are"} needed` };
}

interface ResampledMeans {
  readonly kind: "resampled";
  readonly mean: Float64Array;
  readonly ofPart: (index: number) => Float64Array | Refusal;
}

function resampleMeans(statistics: readonly CellStatistic[], options: BootstrapOptions): ResampledMeans {
  const isFixed = options.environments === "fixed";
  const [total = new Float64Array(), ...parts] = bootstrap(
    statistics.map(({ runs }) => [runs]),
    isFixed ? statistics.length + 1 : 1,
    (draws: readonly EnvironmentDraw[], out: Float64Array) => {
      let sum = 0;
      for (const [index, { environment, counts }] of draws.entries()) {
        const own = counts[0];
        const value = own === undefined ? Number.NaN : (statistics[environment]?.evaluate(own) ?? Number.NaN);
        if (isFixed) out[index + 1] = value;
        sum += value;
      }
      out[0] = sum / draws.length;
    },
    options,
  );
  const ofPart = (index: number) =>
    parts[index] ?? refuse("environments were resampled, so no one of them has an interval of its own");
  return { kind: "resampled", mean: total, ofPart };
}
