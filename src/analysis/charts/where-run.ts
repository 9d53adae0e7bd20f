import { restrictToThick, toCompleteGroups } from "../study/study.ts";
import { toListText, toTimeText } from "../study/words.ts";
import { toBudgetPlot, toPlainCurve } from "./best-score-by-budget.ts";
import {
  type Chart,
  type ChartContext,
  draw,
  toCaption,
  toDoubtSentence,
  toIntervalSentence,
  toRunsSentence,
} from "./chart.ts";

const fewestEnvironments = 2;

/**
 * For each agent and time limit that lacks runs in some environments: its curve over those it has, beside humans over
 * the same ones. Such curves are comparable with each other only where the environments are the same.
 */
export function toWhereRunCharts(context: ChartContext): readonly Chart[] {
  const { study } = context;
  const complete = toCompleteGroups(study);
  const humans = study.groups.filter(({ isHuman }) => isHuman);
  return study.groups
    .filter((group) => !group.isHuman && !complete.includes(group))
    .flatMap((group, index): readonly Chart[] => {
      const partial = restrictToThick(group, fewestEnvironments);
      if (partial === null) return [];
      const environments = partial.arm.cells.map(({ environment }) => environment);
      const beside = [...humans, ...complete.filter(({ isHuman }) => !isHuman)].flatMap((other) => {
        const cells = other.arm.cells.filter(({ environment }) => environments.includes(environment));
        const restricted = restrictToThick({ ...other, arm: { ...other.arm, cells } }, environments.length);
        return restricted === null ? [] : [restricted];
      });
      const bySeries = [...Map.groupBy([partial, ...beside], ({ series }) => series).values()];
      const subject = partial.series;
      const points = bySeries
        .flatMap((groups) => toPlainCurve(context, groups, (one, k) => context.scores.atK(one, k)))
        .map((row) => ({ ...row, hasBand: row.low !== null && (row.isHuman || row.series === subject) }));
      const names = study.environments
        .filter((environment) => environments.includes(environment.id))
        .map((environment) => environment.title);
      const title = `Best score by total time budget where ${subject} ran ${toTimeText(group.timeMs)}`;
      return [
        draw({
          id: `best-score-by-budget-where-run-${index + 1}`,
          title,
          caption: toCaption([
            `As the figure over all environments, but over the ${environments.length} in which ${subject} has at least 3 runs of ${toTimeText(group.timeMs)}: ${toListText(names)}. Everyone is shown over the same environments.`,
            "At each budget the way with the highest value; dotted: best of more runs than some environment has, so the value is low.",
            toRunsSentence([partial, ...beside]),
            `${toIntervalSentence(context, "Bands")} Drawn for humans and ${subject}.`,
            toDoubtSentence(context),
          ]),
          ...toBudgetPlot(context, points, {
            widthPx: 500,
            heightPx: 320,
            title: `Best normalized score, mean over ${environments.length} environments`,
          }),
        }),
      ];
    });
}
