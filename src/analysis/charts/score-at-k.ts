import { findThinCells, toCompleteGroups } from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import {
  type Chart,
  type ChartContext,
  draw,
  type Layer,
  leaveOut,
  type Panel,
  toCaption,
  toDoubtSentence,
  toIntervalSentence,
  toRunsSentence,
  toThinSentence,
  vegaLiteSchema,
} from "./chart.ts";
import { toCountX, toReferenceRule, toScoreY } from "./encoding.ts";

/** score@k of one group. */
export interface ScoreAtKRow {
  readonly series: string;
  /** Time limit of each run, as words. */
  readonly limit: string;
  readonly k: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly isBeyond: boolean;
}

const [panelWidthPx, panelHeightPx, columns] = [176, 132, 3];
/** Numbers of runs that curves over k have a point at. */
export const drawnKs = [1, 2, 4, 8, 16, 32, 64, 128] as const;
const id = "score-at-k";
const title = "Best score of k runs";

/** score@k against k, one panel for each agent and for humans, a line for each time limit. */
export function toScoreAtKChart(context: ChartContext): Chart {
  const { study, scores } = context;
  const complete = toCompleteGroups(study);
  if (complete.length === 0)
    return leaveOut(id, title, "no agent and no humans have 3 runs with one time limit in every environment");
  const rows = complete.flatMap((group) =>
    drawnKs.flatMap((k): readonly ScoreAtKRow[] => {
      const score = scores.atK(group, k);
      // Far past the runs there are, a curve only shows that they are used up.
      if (score.kind === "refused" || score.n < k) return [];
      const bounds = score.interval.kind === "interval" ? score.interval : null;
      return [
        {
          series: group.series,
          limit: toTimeText(group.timeMs),
          k,
          value: score.value,
          low: bounds?.low ?? null,
          high: bounds?.high ?? null,
          isBeyond: score.beyondRuns.length > 0,
        },
      ];
    }),
  );
  const limits = [...complete]
    .toSorted((a, b) => b.timeMs - a.timeMs)
    .map(({ timeMs }) => toTimeText(timeMs))
    .filter((limit, index, all) => all.indexOf(limit) === index);
  const names = [...new Set(complete.map(({ series }) => series))].toSorted(
    (a, b) => context.series.indexOf(a) - context.series.indexOf(b),
  );
  const kept = rows.filter(({ k }) => k <= 64);
  const highest = Math.max(...kept.map(({ value, high }) => high ?? value));
  return draw({
    id,
    title,
    caption: toCaption([
      `score@k: expected best normalized score of k runs drawn with replacement, mean of ${study.environments.length} environments with equal weight. Open points: k past the runs of some environment, so the value is low.`,
      toRunsSentence(complete),
      toIntervalSentence(context, "Bands"),
      toThinSentence(study.groups.filter((group) => findThinCells(group).length > 0)),
      toDoubtSentence(context),
    ]),
    spec: {
      $schema: vegaLiteSchema,
      columns,
      spacing: 22,
      concat: names.map((name, index) => toPanel(name, limits, highest, index)),
    },
    rows: { points: kept },
  });
}

function toPanel(name: string, limits: readonly string[], highest: number, index: number): Panel {
  const isFirst = index % columns === 0;
  const { axis: y } = toScoreY(highest, { isBare: !isFirst, named: false });
  const x = {
    ...toCountX(
      drawnKs.filter((k) => k <= 64),
      "k",
    ),
    field: "k",
  };
  const color = {
    field: "limit",
    type: "nominal" as const,
    scale: { domain: [...limits], range: "category" as const },
    legend: {
      orient: "top" as const,
      title: "time limit of a run",
      titleOrient: "left" as const,
      titleFontWeight: 400,
      symbolType: "stroke",
      symbolOpacity: 1,
      symbolStrokeWidth: 3,
      offset: 6,
    },
  };
  const only = [{ filter: { field: "series", equal: name } }];
  const data = { name: "points" };
  const layers: readonly Layer[] = [
    toReferenceRule("y"),
    {
      data,
      transform: only,
      mark: { type: "area", opacity: 0.16 },
      encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
    },
    {
      data,
      transform: only,
      mark: { type: "line", strokeWidth: 1.75 },
      encoding: { x, y: { ...y, field: "value" }, color },
    },
    {
      data,
      transform: [...only, { filter: { field: "isBeyond", equal: false } }],
      mark: { type: "circle", size: 24, opacity: 1 },
      encoding: { x, y: { ...y, field: "value" }, color },
    },
    {
      data,
      transform: [...only, { filter: { field: "isBeyond", equal: true } }],
      mark: { type: "point", size: 22, strokeWidth: 1.25, opacity: 1, filled: false },
      encoding: { x, y: { ...y, field: "value" }, color },
    },
  ];
  return {
    width: panelWidthPx,
    height: panelHeightPx,
    title: { text: name, offset: 6, frame: "group" as const },
    layer: [...layers],
  };
}
