import type { RunRow } from "../data/run-row.ts";
import { type Rate, toTokensPerSecond, toWaitingShare } from "../statistics/rates.ts";
import { type Study, toCountedRows } from "../study/study.ts";
import { toCountText } from "../study/words.ts";
import { type Chart, type ChartContext, draw, leaveOut, toCaption } from "./chart.ts";
import { type StripRow, toStripPlot } from "./strip-plot.ts";

interface Quantity {
  readonly id: string;
  readonly title: string;
  readonly axis: string;
  readonly what: string;
  readonly ofRows: (rows: readonly RunRow[]) => Rate;
}

const quantities: readonly Quantity[] = [
  {
    id: "generation-speed",
    title: "Speed of generation",
    axis: "Output tokens per second of waiting for the model",
    what: "Output tokens per second of waiting for the model, as the agent sees it",
    ofRows: toTokensPerSecond,
  },
  {
    id: "waiting-share",
    title: "Time spent waiting for the model",
    axis: "Share of the clock",
    what: "Share of the clock spent waiting for the model",
    ofRows: toWaitingShare,
  },
];

/** How fast models speak and how much of the clock that takes. */
export function toGenerationCharts({ study }: ChartContext): readonly Chart[] {
  return quantities.map((quantity) => toGenerationChart(study, quantity));
}

function toGenerationChart(study: Study, { id, title, axis, what, ofRows }: Quantity): Chart {
  const agents = study.groups.filter(({ isHuman }) => !isHuman);
  const refusals: string[] = [];
  const strips = [...Map.groupBy(agents, ({ series }) => series)].flatMap(
    ([name, groups]): readonly StripRow[] => {
      const rows = groups.flatMap(toCountedRows);
      const rate = ofRows(rows);
      if (rate.kind === "refused") {
        refusals.push(`${name}: ${rate.reason}`);
        return [];
      }
      const runs = rows.flatMap((row) => {
        const own = ofRows([row]);
        return own.kind === "refused" ? [] : [{ runId: row.runId, value: own.ratio, raw: null }];
      });
      const mean = { value: rate.ratio, low: null, high: null };
      return [{ name: `${name} (n = ${rate.n})`, isHuman: false, runs, apart: [], mean }];
    },
  );
  if (strips.length === 0) {
    const all = ofRows(agents.flatMap(({ rows }) => rows));
    return leaveOut(id, title, all.kind === "refused" ? all.reason : refusals.join("; "));
  }
  return draw({
    id,
    title,
    caption: toCaption([
      `${what}: every counted run (dots) and all runs together, long ones weighing more (upright strokes).`,
      refusals.length === 0
        ? ""
        : `Not drawn, ${toCountText(refusals.length, "agent")}: ${refusals.join("; ")}.`,
    ]),
    ...toStripPlot(strips, { title: axis, hasReference: false }),
  });
}
