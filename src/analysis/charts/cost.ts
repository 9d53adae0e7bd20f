import { type CostUnit, expertAttemptUsd, toCostCurve, toRunCost } from "../statistics/cost.ts";
import { type Group, toCompleteGroups, toCountedRows } from "../study/study.ts";
import { toCountText, toScoreText, toTimeText } from "../study/words.ts";
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
import { toEndLabelLayers, toEndLabels, toReferenceRule, toScoreY } from "./encoding.ts";
import { drawnKs } from "./score-at-k.ts";

/** What the best of k runs costs and is worth. */
export interface CostRow extends CurveRow {
  /** Agent and time limit. */
  readonly group: string;
  readonly k: number;
  readonly cost: number;
}

const [widthPx, heightPx] = [500, 300];

/** Best score against what all runs cost, in dollars and in tokens. */
export function toCostCharts(context: ChartContext): readonly Chart[] {
  return [toCostChart(context, "usd"), toCostChart(context, "tokens")];
}

function toCostChart(context: ChartContext, unit: CostUnit): Chart {
  const id = unit === "usd" ? "best-score-by-cost" : "best-score-by-tokens";
  const title = unit === "usd" ? "Best score by cost" : "Best score by tokens";
  const complete = toCompleteGroups(context.study);
  const agents = complete.filter(({ isHuman }) => !isHuman);
  if (agents.length === 0)
    return leaveOut(id, title, "no agent has 3 runs with one time limit in every environment");
  const drawn: { readonly group: Group; readonly rows: readonly CostRow[] }[] = [];
  const refused: string[] = [];
  for (const group of complete) {
    const curve = toCostCurve(group.rows, group.arm.cells, drawnKs, { unit, ...context.scores.bootstrap });
    if (curve.kind === "refused") {
      refused.push(`${group.series} of ${toTimeText(group.timeMs)}: ${curve.reason}`);
      continue;
    }
    if (curve.costPerRun <= 0) {
      refused.push(`${group.series} of ${toTimeText(group.timeMs)}: it costs nothing`);
      continue;
    }
    const rows = curve.points.flatMap(({ k, cost, score }): readonly CostRow[] => {
      if (score.kind === "refused" || k > score.n) return [];
      const bounds = score.interval.kind === "interval" ? score.interval : null;
      return [
        {
          group: `${group.series}, ${toTimeText(group.timeMs)}`,
          series: group.series,
          isHuman: group.isHuman,
          value: score.value,
          low: bounds?.low ?? null,
          high: bounds?.high ?? null,
          isBeyond: score.beyondRuns.length > 0,
          hasBand: bounds !== null && (group.isHuman || group.series === context.series[0]),
          k,
          cost,
        },
      ];
    });
    if (rows.length > 0) drawn.push({ group, rows });
  }
  if (!drawn.some(({ group }) => !group.isHuman)) return leaveOut(id, title, toReason(agents, unit));
  const points = drawn.flatMap(({ rows }) => rows);
  const { top, axis: y } = toScoreY(
    Math.max(...points.map(({ value, high, hasBand }) => (hasBand ? (high ?? value) : value))),
  );
  const costs = points.map(({ cost }) => cost);
  const x = {
    field: "cost",
    type: "quantitative" as const,
    scale: {
      type: "log" as const,
      domain: [Math.min(...costs) * 0.95, Math.max(...costs) * 1.05],
      nice: false,
    },
    axis: {
      title: unit === "usd" ? "Cost of all runs, US dollars" : "Tokens of all runs, input and output",
      grid: false,
      tickCount: 6,
      format: unit === "usd" ? "$,.3~f" : ".2~s",
    },
  };
  const labels = toEndLabels(
    drawn.flatMap(({ rows }) => {
      const end = rows.at(-1);
      return end === undefined ? [] : [{ ...end, text: `${end.group}  ${toScoreText(end.value)}` }];
    }),
    top,
    heightPx,
  );
  const groups = drawn.map(({ group }) => group);
  return draw({
    id,
    title,
    caption: toCaption([
      `Expected best normalized score of k runs against what k runs cost on average, mean of ${context.study.environments.length} environments with equal weight; all k runs are paid for. Dotted: more runs than some environment has, so the value is low.`,
      unit === "usd" && groups.some(({ isHuman }) => isHuman)
        ? `Humans at $${expertAttemptUsd.toLocaleString("en-US")} an attempt (arXiv 2411.15114).`
        : "",
      toRunsSentence(groups),
      `${toIntervalSentence(context, "Bands")} Drawn for humans and the agent with the highest score.`,
      refused.length === 0 ? "" : `Not drawn: ${refused.join("; ")}.`,
      toThinSentence(context.study.groups),
      toDoubtSentence(context),
    ]),
    spec: {
      $schema: vegaLiteSchema,
      width: widthPx,
      height: heightPx,
      title: { text: "Best normalized score, mean over environments", offset: 10 },
      layer: [
        toReferenceRule("y"),
        ...toCurveLayers(context.series, x, y, { lineField: "group" }),
        ...toEndLabelLayers(context.series, widthPx),
      ],
    },
    rows: { points, lines: drawn.flatMap(({ rows }) => toParts(rows)), labels },
  });
}

/** Why no agent has a curve, over all their runs at once. */
function toReason(agents: readonly Group[], unit: CostUnit): string {
  const costs = agents.flatMap(toCountedRows).map((row) => toRunCost(row, unit, null));
  const unknown = costs.filter((cost) => cost === null).length;
  const what = unit === "usd" ? "price" : "count of tokens";
  return unknown === 0
    ? "the agents’ runs cost nothing"
    : `the ${what} of ${unknown.toLocaleString("en-US")} of ${toCountText(costs.length, "agent run")} is not known, so none has a curve`;
}
