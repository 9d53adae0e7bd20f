import { toRunsFor } from "../study/scores.ts";
import { type Group, type StudyEnvironment, toCompleteGroups } from "../study/study.ts";
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
  vegaLiteSchema,
} from "./chart.ts";
import { toNameLayers } from "./dot-plot.ts";
import { toReferenceRule, toScoreX, toSeriesColor } from "./encoding.ts";

/** What a series is worth in one environment at the horizon. */
export interface EnvironmentRow {
  readonly environment: string;
  readonly series: string;
  readonly isHuman: boolean;
  readonly yPx: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly runs: number;
  readonly eachMinutes: number;
  readonly n: number;
  readonly isBeyond: boolean;
}

/** The best single run of a series in one environment. */
export interface BestMarkRow {
  readonly environment: string;
  readonly series: string;
  readonly isHuman: boolean;
  readonly yPx: number;
  readonly value: number;
  readonly raw: number | null;
  readonly runId: string;
  readonly eachMinutes: number;
}

const [panelWidthPx, rowPx, columns] = [200, 19, 3];
const id = "by-environment";

/** For each environment what every series reaches at the horizon, and its best single run. */
export function toByEnvironment(context: ChartContext): Chart {
  const { study, scores, horizonMs } = context;
  const title = "Best score by environment";
  const series = [...new Set(study.groups.map((group) => group.series))].toSorted(
    (a, b) => context.series.indexOf(a) - context.series.indexOf(b),
  );
  const yPx = new Map(series.map((name, index) => [name, rowPx * (index + 0.5)]));
  const bySeries = Map.groupBy(study.groups, ({ series }) => series);
  const marks: EnvironmentRow[] = [];
  const bests: BestMarkRow[] = [];
  for (const { id: environment } of study.environments) {
    for (const [name, groups] of bySeries) {
      const place = {
        environment,
        series: name,
        isHuman: groups[0]?.isHuman === true,
        yPx: yPx.get(name) ?? 0,
      };
      const ways = groups.flatMap((group): readonly EnvironmentRow[] => {
        const k = horizonMs === null ? null : toRunsFor(horizonMs, group.timeMs);
        const score = k === null ? null : scores.inEnvironment(group, environment, k);
        if (k === null || score === null || score.kind === "refused" || score.interval.kind === "refused")
          return [];
        const { low, high } = score.interval;
        const { value, n } = score;
        const isBeyond = score.beyondRuns.length > 0;
        return [{ ...place, value, low, high, runs: k, eachMinutes: group.timeMs / 60_000, n, isBeyond }];
      });
      marks.push(...ways.toSorted((a, b) => b.value - a.value).slice(0, 1));
      const best = findBestRun(groups, environment);
      if (best !== null) bests.push({ ...place, ...best });
    }
  }
  if (marks.length === 0)
    return leaveOut(id, title, "no agent and no humans have 3 runs of one time limit in any environment");
  const span = horizonMs === null ? "the budget" : toTimeText(horizonMs);
  const highest = Math.max(
    ...marks.map(({ high, value }) => high ?? value),
    ...bests.map(({ value }) => value),
  );
  return draw({
    id,
    title,
    caption: toCaption([
      `Expected best normalized score of the runs that ${span} pay for (dots; open where they are more than there are runs, so the value is low), at each agent’s best time limit in that environment, and the best single run of each (upright strokes). The best of several time limits flatters where they are close.`,
      "A dot needs 3 runs; a row without one has fewer.",
      toRunsSentence(toCompleteGroups(study)),
      toIntervalSentence(context, "Lines"),
      toDoubtSentence(context),
    ]),
    spec: {
      $schema: vegaLiteSchema,
      columns,
      spacing: 18,
      concat: study.environments.map((environment, index) =>
        toPanel(environment, index, highest, rowPx * series.length, context.series),
      ),
    },
    rows: { marks, bests, names: series.map((name) => ({ name, yPx: yPx.get(name) ?? 0 })) },
  });
}

function toPanel(
  environment: StudyEnvironment,
  index: number,
  highest: number,
  heightPx: number,
  series: readonly string[],
): Panel {
  const { axis } = toScoreX(highest, null);
  const y = { field: "yPx", type: "quantitative" as const, scale: null, axis: null };
  const color = toSeriesColor(series);
  const own = { field: "environment", equal: environment.id };
  const only = (...more: readonly { readonly field: string; readonly equal: boolean }[]) =>
    [own, ...more].map((filter) => ({ filter }));
  const [agents, humans] = [
    { field: "isHuman", equal: false },
    { field: "isHuman", equal: true },
  ];
  const value = { ...axis, field: "value" };
  const span = { x: { ...axis, field: "low" }, x2: { field: "high" }, y };
  const stroke = { type: "tick" as const, orient: "vertical" as const, thickness: 2, size: 11, opacity: 1 };
  const marks = { name: "marks" };
  const bests = { name: "bests" };
  const dot = (isHuman: boolean, isBeyond: boolean): Layer => ({
    data: marks,
    transform: only(isHuman ? humans : agents, { field: "isBeyond", equal: isBeyond }),
    mark: {
      type: "point",
      shape: "circle",
      filled: !isBeyond,
      size: isBeyond ? 34 : 46,
      strokeWidth: isBeyond ? 1.5 : 0,
      opacity: 1,
      ...(isHuman ? { style: "human" } : {}),
    },
    encoding: { x: value, y, ...(isHuman ? {} : { color }) },
  });
  return {
    width: panelWidthPx,
    height: heightPx,
    title: { text: environment.title, offset: 6, frame: "group" as const },
    layer: [
      toReferenceRule("x"),
      ...(index % columns === 0 ? toNameLayers() : []),
      {
        data: marks,
        transform: only(agents),
        mark: { type: "rule", strokeWidth: 1.5 },
        encoding: { ...span, color },
      },
      {
        data: marks,
        transform: only(humans),
        mark: { type: "rule", strokeWidth: 1.5, style: "human" },
        encoding: span,
      },
      { data: bests, transform: only(agents), mark: stroke, encoding: { x: value, y, color } },
      {
        data: bests,
        transform: only(humans),
        mark: { ...stroke, style: "human" },
        encoding: { x: value, y },
      },
      dot(false, false),
      dot(false, true),
      dot(true, false),
      dot(true, true),
    ],
  };
}

function findBestRun(groups: readonly Group[], environment: string) {
  const runs = groups.flatMap(({ arm, rows, timeMs }) => {
    const cell = arm.cells.find((one) => one.environment === environment);
    return (cell?.runIds ?? []).map((runId, index) => {
      const logged = rows.find((row) => row.runId === runId)?.logged;
      return {
        runId,
        value: cell?.values[index] ?? 0,
        raw: logged?.kind === "scored" ? logged.raw : null,
        eachMinutes: timeMs / 60_000,
      };
    });
  });
  return runs.toSorted((a, b) => b.value - a.value)[0] ?? null;
}
