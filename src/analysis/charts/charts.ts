import { toBestScoreByBudget } from "./best-score-by-budget.ts";
import { toBudgetsByEnvironment } from "./budget-by-environment.ts";
import { toByEnvironment } from "./by-environment.ts";
import type { Chart, ChartContext } from "./chart.ts";
import { toCostCharts } from "./cost.ts";
import { toGenerationCharts } from "./generation.ts";
import { toHistograms } from "./histograms.ts";
import { toAverageOverTime, toHumanPercentiles, toOverTimeByEnvironment } from "./over-time.ts";
import { toHumanScores, toRunsByEnvironment } from "./runs.ts";
import { toScoreAtKChart } from "./score-at-k.ts";
import { toScoreByTimeLimit, toWaysToSpend } from "./ways.ts";
import { toWhereRunCharts } from "./where-run.ts";

/** Charts that belong under one heading. */
export interface ChartSection {
  readonly id: string;
  readonly heading: string;
  readonly charts: readonly Chart[];
}

/** Every chart these data could give, drawn or with the reason why not, in the order of a report. */
export function toChartSections(context: ChartContext): readonly ChartSection[] {
  return [
    {
      id: "agents-and-humans",
      heading: "Agents and humans",
      charts: [
        toBestScoreByBudget(context),
        ...toWhereRunCharts(context),
        toWaysToSpend(context),
        toScoreByTimeLimit(context),
        toScoreAtKChart(context),
        toByEnvironment(context),
        toHistograms(context),
      ],
    },
    { id: "humans", heading: "Humans", charts: [toHumanScores(context), toHumanPercentiles(context)] },
    {
      id: "over-time-cost-speed",
      heading: "Over time, by cost, and speed",
      charts: [toAverageOverTime(context), ...toCostCharts(context), ...toGenerationCharts(context)],
    },
    {
      id: "environments",
      heading: "Environment by environment",
      charts: [
        ...toBudgetsByEnvironment(context),
        ...toRunsByEnvironment(context),
        ...toOverTimeByEnvironment(context),
      ],
    },
  ];
}
