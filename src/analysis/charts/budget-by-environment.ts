import { fewestRunsForInterval } from "../statistics/estimate.ts";
import type { Group, StudyEnvironment } from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import { toBudgetPlot, toPlainCurve } from "./best-score-by-budget.ts";
import {
  type Chart,
  type ChartContext,
  draw,
  leaveOut,
  toCaption,
  toDoubtSentence,
  toIntervalSentence,
} from "./chart.ts";

/** Best score against total time, one figure for each environment. */
export function toBudgetsByEnvironment(context: ChartContext): readonly Chart[] {
  return context.study.environments.map((environment) => toBudgetIn(context, environment));
}

function toBudgetIn(context: ChartContext, environment: StudyEnvironment): Chart {
  const id = `best-score-by-budget-${environment.id}`;
  const title = `${environment.title}: best score by total time budget`;
  const enough = ({ arm }: Group) =>
    (arm.cells.find((cell) => cell.environment === environment.id)?.values.length ?? 0) >=
    fewestRunsForInterval;
  const groups = context.study.groups.filter(enough);
  if (groups.length === 0)
    return leaveOut(id, title, "no agent and no humans have 3 runs with one time limit in this environment");
  const curves = [...Map.groupBy(groups, ({ series }) => series).values()]
    .map((own) =>
      toPlainCurve(context, own, (group, k) => context.scores.inEnvironment(group, environment.id, k)),
    )
    .filter((curve) => curve.length > 0);
  const [leader] = curves
    .filter(([first]) => first?.isHuman === false)
    .toSorted((a, b) => (b.at(-1)?.value ?? 0) - (a.at(-1)?.value ?? 0));
  const points = curves.flat().map((row) => ({
    ...row,
    hasBand: row.low !== null && (row.isHuman || row.series === leader?.[0]?.series),
  }));
  const counts = [...Map.groupBy(groups, ({ series }) => series)].map(([name, own]) => {
    const each = own.map(({ arm, timeMs }) => {
      const runs = arm.cells.find((cell) => cell.environment === environment.id)?.values.length ?? 0;
      return `${runs} of ${toTimeText(timeMs)}`;
    });
    return `${name} ${each.join(", ")}`;
  });
  const few = context.study.groups.filter((group) => !groups.includes(group));
  return draw({
    id,
    title,
    caption: toCaption([
      "Best normalized score of k runs of T against the total time k · T; at each budget the time limit with the highest value. Dotted: best of more runs than there are, so the value is low.",
      `Runs: ${counts.join("; ")}.`,
      `${toIntervalSentence({ ...context, study: { ...context.study, environments: [environment] } }, "Bands")} Drawn for humans and the agent with the highest score.`,
      few.length === 0
        ? ""
        : `Not drawn for want of 3 runs: ${few.map((group) => `${group.series} of ${toTimeText(group.timeMs)}`).join(", ")}.`,
      toDoubtSentence(context, environment.id),
    ]),
    ...toBudgetPlot(context, points, {
      widthPx: 460,
      heightPx: 260,
      title: `Best normalized score, ${environment.title}`,
    }),
  });
}
