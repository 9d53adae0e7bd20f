import { type Group, toCompleteGroups } from "../study/study.ts";
import { toPercentText, toTimeText } from "../study/words.ts";
import {
  type Chart,
  type ChartContext,
  draw,
  leaveOut,
  type Panel,
  toCaption,
  toDoubtSentence,
  toRunsSentence,
  toThinSentence,
  vegaLiteSchema,
} from "./chart.ts";
import { agentColor, toReferenceRule } from "./encoding.ts";

/** One bar of a histogram. */
export interface BinRow {
  readonly panel: string;
  readonly from: number;
  readonly to: number;
  /** Share of runs, every environment weighing the same. */
  readonly share: number;
  readonly runs: number;
  readonly isHuman: boolean;
}

const [binWidth, panelWidthPx, panelHeightPx, columns] = [0.1, 176, 96, 3];
const id = "score-histograms";
const title = "How single runs scored";

/** Histograms of normalized scores, one panel for each agent and time limit. */
export function toHistograms(context: ChartContext): Chart {
  const { study } = context;
  const complete = toCompleteGroups(study);
  if (complete.length === 0)
    return leaveOut(id, title, "no agent and no humans have 3 runs with one time limit in every environment");
  const sorted = complete.toSorted(
    (a, b) => context.series.indexOf(a.series) - context.series.indexOf(b.series) || b.timeMs - a.timeMs,
  );
  const bins = sorted.flatMap(toBins);
  const last = Math.max(1, ...bins.map(({ to }) => to));
  const zeros = sorted.map((group) => ({
    panel: toPanelName(group),
    text: `${toPercentText(toShareAtZero(group))} at 0`,
  }));
  return draw({
    id,
    title,
    caption: toCaption([
      `Normalized scores of single runs in bins of ${binWidth}, every environment weighing the same. Runs worth exactly 0 (the starting solution or nothing valid) are not in a bar; each panel says their share.`,
      toRunsSentence(sorted),
      toThinSentence(study.groups),
      toDoubtSentence(context),
    ]),
    spec: {
      $schema: vegaLiteSchema,
      columns,
      spacing: 22,
      concat: sorted.map((group, index) =>
        toPanel(group, index, last, Math.max(...bins.map(({ share }) => share))),
      ),
    },
    rows: { bins, zeros },
  });
}

function toPanelName(group: Group): string {
  return `${group.series}, ${toTimeText(group.timeMs)}`;
}

function toShareAtZero({ arm }: Group): number {
  const shares = arm.cells.map(({ values }) => values.filter((value) => value === 0).length / values.length);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function toBins(group: Group): readonly BinRow[] {
  const shares = new Map<number, { share: number; runs: number }>();
  for (const { values } of group.arm.cells) {
    for (const value of values) {
      if (value === 0) continue;
      const bin = Math.floor(value / binWidth + 1e-9);
      const held = shares.get(bin) ?? { share: 0, runs: 0 };
      held.share += 1 / (values.length * group.arm.cells.length);
      held.runs += 1;
      shares.set(bin, held);
    }
  }
  return [...shares]
    .toSorted(([a], [b]) => a - b)
    .map(([bin, { share, runs }]) => ({
      panel: toPanelName(group),
      from: Number((bin * binWidth).toFixed(10)),
      to: Number(((bin + 1) * binWidth).toFixed(10)),
      share,
      runs,
      isHuman: group.isHuman,
    }));
}

function toPanel(group: Group, index: number, last: number, tallest: number): Panel {
  const isFirst = index % columns === 0;
  const panel = toPanelName(group);
  const x = {
    type: "quantitative" as const,
    scale: { domain: [0, last], nice: false },
    axis: { title: null, grid: false, tickCount: 5, format: ",.2~f" },
  };
  const y = {
    field: "share",
    type: "quantitative" as const,
    scale: { domain: [0, tallest], nice: true },
    axis: {
      title: null,
      domain: false,
      ticks: false,
      grid: true,
      tickCount: 3,
      labelExpr: "format(datum.value * 100, ',.3~f') + ' %'",
      labels: isFirst,
    },
  };
  const only = [{ filter: { field: "panel", equal: panel } }];
  const bar = { type: "bar" as const, binSpacing: 1 };
  return {
    width: panelWidthPx,
    height: panelHeightPx,
    title: { text: panel, offset: 6, frame: "group" as const },
    layer: [
      {
        data: { name: "bins" },
        transform: only,
        mark: group.isHuman ? { ...bar, style: "human" } : bar,
        encoding: {
          x: { ...x, field: "from", bin: "binned" },
          x2: { field: "to" },
          y,
          ...(group.isHuman ? {} : { color: agentColor }),
        },
      },
      toReferenceRule("x"),
      {
        data: { name: "zeros" },
        transform: only,
        mark: { type: "text", align: "right", baseline: "top", style: "quiet" },
        encoding: { x: { value: panelWidthPx }, y: { value: 2 }, text: { field: "text" } },
      },
    ],
  };
}
