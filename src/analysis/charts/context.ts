import { createScores, type Scores, toRunsFor } from "../study/scores.ts";
import type { Group, Study } from "../study/study.ts";
import type { ChartContext } from "./chart.ts";

/** Curves go on to so many times the longest time limit. */
const longestBudget = 8;
const mostBudgets = 14;

/** Fixes what all charts of a study share: colours, budgets, and the horizon at which ways are compared. */
export function toChartContext(study: Study, scores: Scores = createScores()): ChartContext {
  const times = study.groups.map(({ timeMs }) => timeMs);
  const horizonMs = times.length === 0 ? null : Math.max(...times);
  const series = [
    ...Map.groupBy(
      study.groups.filter(({ isHuman }) => !isHuman),
      ({ series: own }) => own,
    ),
  ]
    .map(([name, groups]) => ({
      name,
      value: Math.max(...groups.map((group) => toHorizonValue(scores, group, horizonMs ?? group.timeMs))),
    }))
    .toSorted((a, b) => b.value - a.value)
    .map(({ name }) => name);
  return { study, scores, series, budgetsMs: toBudgets(times), horizonMs };
}

function toHorizonValue(scores: Scores, group: Group, horizonMs: number): number {
  const score = scores.atK(group, toRunsFor(horizonMs, group.timeMs) ?? 1);
  return score.kind === "refused" ? 0 : score.value;
}

/** Doublings of the shortest time limit. */
function toBudgets(times: readonly number[]): readonly number[] {
  if (times.length === 0) return [];
  const shortest = Math.min(...times);
  const last = Math.max(...times) * longestBudget;
  const budgets = Array.from({ length: mostBudgets }, (_, index) => shortest * 2 ** index);
  return budgets.filter((budgetMs) => budgetMs <= last);
}
