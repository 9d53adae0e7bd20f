import type { AcrossEnvironments } from "../statistics/across-environments.ts";
import { toRunsFor } from "../study/scores.ts";
import { type Group, toCompleteGroups, toCutGroups } from "../study/study.ts";
import { toScoreText } from "../study/words.ts";
import {
  type Chart,
  type ChartContext,
  draw,
  leaveOut,
  toCaption,
  toDoubtSentence,
  toIntervalSentence,
  toRunsSentence,
  toThinSentence,
  vegaLiteSchema,
} from "./chart.ts";
import { type CurveRow, toCurveLayers, toParts } from "./curves.ts";
import { toEndLabelLayers, toEndLabels, toMinuteX, toReferenceRule, toScoreY } from "./encoding.ts";

/** What a series reaches with a total budget. */
export interface BudgetRow extends CurveRow {
  readonly minutes: number;
  readonly runs: number;
  /** Time limit of each of the runs. */
  readonly eachMinutes: number;
  readonly n: number;
}

const id = "best-score-by-budget";
const title = "Best score by total time budget";
const [widthPx, heightPx] = [500, 320];
const mostBands = 2;

/** The mean best normalized score over environments against the total time that all runs together may take. */
export function toBestScoreByBudget(context: ChartContext): Chart {
  const { study } = context;
  const complete = toCompleteGroups(study);
  if (complete.length === 0)
    return leaveOut(id, title, "no agent and no humans have 3 runs with one time limit in every environment");
  const curves = [...Map.groupBy(complete, ({ series }) => series).values()]
    .map((groups) => toCurve(context, groups))
    .filter((curve) => curve.length > 0);
  const best = [...curves]
    .filter(([first]) => first?.isHuman === false)
    .toSorted((a, b) => (b.at(-1)?.value ?? 0) - (a.at(-1)?.value ?? 0))
    .slice(0, mostBands)
    .map(([first]) => first?.series);
  const points = curves
    .flat()
    .map((row) => ({ ...row, hasBand: row.low !== null && (row.isHuman || best.includes(row.series)) }));
  return draw({
    id,
    title,
    caption: toCaption([
      `Best normalized score of k runs of T against the total time k · T, mean of ${study.environments.length} environments with equal weight; at each budget the best of the ways its agent’s runs allow, which flatters where ways are close.`,
      "Dotted: best of more runs than some environment has, so the value is low.",
      toRunsSentence(complete),
      `${toIntervalSentence(context, "Bands")} Drawn for humans and the ${mostBands} agents with the highest scores; all are in the data.`,
      toThinSentence(study.groups),
      toDoubtSentence(context),
    ]),
    ...toBudgetPlot(context, points, {
      widthPx,
      heightPx,
      title: "Best normalized score, mean over environments",
    }),
  });
}

function toCurve(context: ChartContext, groups: readonly Group[]): readonly BudgetRow[] {
  const [first] = groups;
  if (first === undefined) return [];
  const all = groups.flatMap((group) => [group, ...toCutGroups(context.study, group)]);
  return context.budgetsMs.flatMap((budgetMs): readonly BudgetRow[] => {
    const way = context.scores.best(all, budgetMs);
    if (way === null) return [];
    const group = all.find(({ arm }) => arm.name === way.arm);
    const bounds = way.interval.kind === "interval" ? way.interval : null;
    return [
      {
        series: first.series,
        isHuman: first.isHuman,
        minutes: budgetMs / 60_000,
        value: way.value,
        low: bounds?.low ?? null,
        high: bounds?.high ?? null,
        isBeyond: way.beyondRuns.length > 0,
        hasBand: false,
        runs: way.k,
        eachMinutes: way.timeMs / 60_000,
        n: group === undefined ? 0 : group.arm.cells.reduce((sum, { values }) => sum + values.length, 0),
      },
    ];
  });
}

/** A curve in one environment, or over those a group has: at each budget the best of its ways by their values. */
export function toPlainCurve(
  context: ChartContext,
  groups: readonly Group[],
  score: (group: Group, k: number) => AcrossEnvironments,
): readonly BudgetRow[] {
  return context.budgetsMs.flatMap((budgetMs) => {
    const ways = groups.flatMap((group): readonly BudgetRow[] => {
      const k = toRunsFor(budgetMs, group.timeMs);
      const across = k === null ? null : score(group, k);
      if (k === null || across === null || across.kind === "refused") return [];
      const bounds = across.interval.kind === "interval" ? across.interval : null;
      return [
        {
          series: group.series,
          isHuman: group.isHuman,
          minutes: budgetMs / 60_000,
          value: across.value,
          low: bounds?.low ?? null,
          high: bounds?.high ?? null,
          isBeyond: across.beyondRuns.length > 0,
          hasBand: bounds !== null && group.isHuman,
          runs: k,
          eachMinutes: group.timeMs / 60_000,
          n: across.n,
        },
      ];
    });
    return ways.toSorted((a, b) => b.value - a.value).slice(0, 1);
  });
}

/** Spec and rows of curves over budgets. */
export function toBudgetPlot(
  context: ChartContext,
  points: readonly BudgetRow[],
  plot: { readonly widthPx: number; readonly heightPx: number; readonly title: string },
) {
  const { top, axis: y } = toScoreY(
    Math.max(...points.map(({ value, high, hasBand }) => (hasBand ? (high ?? value) : value))),
  );
  const minutes = context.budgetsMs.map((budgetMs) => budgetMs / 60_000);
  const x = { ...toMinuteX(minutes, "Total time of all runs"), field: "minutes" };
  const curves = [...Map.groupBy(points, ({ series }) => series).values()];
  const labels = toEndLabels(
    curves.flatMap((curve) => {
      const end = curve.at(-1);
      return end === undefined ? [] : [{ ...end, text: `${end.series}  ${toScoreText(end.value)}` }];
    }),
    top,
    plot.heightPx,
  );
  return {
    spec: {
      $schema: vegaLiteSchema,
      width: plot.widthPx,
      height: plot.heightPx,
      title: { text: plot.title, offset: 10 },
      layer: [
        toReferenceRule("y"),
        ...toCurveLayers(context.series, x, y),
        ...toEndLabelLayers(context.series, plot.widthPx),
      ],
    },
    rows: { points, lines: curves.flatMap(toParts), labels },
  };
}
