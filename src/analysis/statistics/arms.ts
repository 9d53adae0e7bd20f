import type { RunRow } from "../data/run-row.ts";
import { evaluateOnce, mean } from "./across-environments.ts";
import type { BootstrapDesign, EnvironmentDraw } from "./bootstrap.ts";
import { type Cell, type CellOptions, type LeftOutRun, toCells } from "./cells.ts";
import { type CellStatistic, createScoreAtK } from "./score-at-k.ts";

/**
 * Runs that were planned for one time and are looked at after another (or the same) time of their clock. Runs
 * of other plans are another arm: an agent that knows it has 8 hours works otherwise in its first 2.
 */
export interface Arm {
  /** Names the arm in results. */
  readonly name: string;
  /** Time after which the runs are looked at, in milliseconds. */
  readonly timeMs: number;
  /** The same runs share this name, whenever they are looked at; they are then resampled together. */
  readonly runsName: string;
  /** One for each environment asked for, in the same order in every arm. */
  readonly cells: readonly Cell[];
}

/**
 * The arms of some runs that share an agent and a model: for each time limit the runs as they ended, and the
 * same runs cut at each earlier time where they have a score log.
 *
 * @param cutTimesMs - Times to cut at, in milliseconds; [] takes the runs only as they ended.
 */
export function toArms(
  rows: readonly RunRow[],
  options: Omit<CellOptions, "atMs">,
  cutTimesMs: readonly number[],
): { readonly arms: readonly Arm[]; readonly leftOut: readonly LeftOutRun[] } {
  const arms: Arm[] = [];
  const leftOut: LeftOutRun[] = [];
  for (const [limitMs, own] of Map.groupBy(rows, ({ timeLimitMs }) => timeLimitMs)) {
    if (limitMs === null) {
      const reason = "it was given no time limit, so it belongs to no plan";
      leftOut.push(...own.map(({ runId, environment }) => ({ runId, environment, reason })));
      continue;
    }
    const runsName = toMinutes(limitMs);
    const whole = toCells(own, options);
    leftOut.push(...whole.leftOut);
    arms.push({ name: runsName, timeMs: limitMs, runsName, cells: whole.cells });
    const kept = new Set(whole.cells.flatMap(({ runIds }) => runIds));
    const logged = own.filter(({ runId, log }) => kept.has(runId) && log !== null);
    if (logged.length < kept.size) continue;
    for (const timeMs of cutTimesMs.filter((time) => time < limitMs)) {
      const { cells } = toCells(logged, { ...options, atMs: timeMs });
      arms.push({ name: `${toMinutes(timeMs)} of ${runsName}`, timeMs, runsName, cells });
    }
  }
  return { arms, leftOut };
}

/** score@k of one arm over all environments, ready to be resampled together with other arms. */
export interface ArmStatistic {
  readonly value: number;
  readonly evaluate: (draws: readonly EnvironmentDraw[]) => number;
}

/** Arms as one design: arms of the same runs share one set of draws. */
export class ArmDesign {
  readonly design: BootstrapDesign;
  readonly #columns: ReadonlyMap<string, number>;

  constructor(arms: readonly Arm[]) {
    const byRuns = new Map(arms.map((arm) => [arm.runsName, arm]));
    this.#columns = new Map([...byRuns.keys()].map((runsName, column) => [runsName, column]));
    const environments = arms[0]?.cells ?? [];
    this.design = environments.map((_, index) =>
      [...byRuns.values()].map(({ cells }) => cells[index]?.values.length ?? 0),
    );
  }

  /** @throws STATISTIC_ARGUMENT_UNUSABLE where a cell of the arm is empty */
  toScoreAtK(arm: Arm, k: number): ArmStatistic {
    const column = this.#columns.get(arm.runsName) ?? 0;
    const statistics: readonly CellStatistic[] = arm.cells.map(({ values }) =>
      createScoreAtK(values, k, "with-replacement"),
    );
    const evaluate = (draws: readonly EnvironmentDraw[]): number => {
      let sum = 0;
      for (const { environment, counts } of draws) {
        const own = counts[column];
        if (own !== undefined) sum += statistics[environment]?.evaluate(own) ?? 0;
      }
      return sum / draws.length;
    };
    return { value: mean(statistics.map(evaluateOnce)), evaluate };
  }
}

/** Names of the environments in which an arm has no run. */
export function findEmptyCells({ cells }: Arm): readonly string[] {
  return cells.filter(({ values }) => values.length === 0).map(({ environment }) => environment);
}

function toMinutes(milliseconds: number): string {
  return `${Number((milliseconds / 60_000).toFixed(2))} min`;
}
