import { scoreAtKAcross } from "../statistics/across-environments.ts";
import { toCells } from "../statistics/cells.ts";
import { fewestRunsForInterval } from "../statistics/estimate.ts";
import { toPercentiles } from "../statistics/quantiles.ts";
import { scoreAtTime } from "../statistics/score-at-time.ts";
import { type Group, type StudyEnvironment, toCompleteGroups, toCountedRows } from "../study/study.ts";
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
import { toEndLabelLayers, toEndLabels, toMinuteX, toReferenceRule, toScoreY } from "./encoding.ts";

/** What runs are worth on average at a moment of their clock. */
export interface MomentRow extends CurveRow {
  /** Agent and time limit. */
  readonly group: string;
  readonly minutes: number;
  readonly n: number;
}

/** Curves have a point at each of these parts of the longest time limit, as far as their own goes, and at its end. */
const momentsOfLimit = Array.from({ length: 25 }, (_, index) => 2 ** (-6 + index / 4));
const resamplesOfMoments = 2_000;
const [widthPx, heightPx] = [500, 300];
const noLog =
  "no agent and no humans have a score log in every run, so nothing is known about their scores before the end";

/** Mean score against the clock, over environments, a line for each agent and time limit. */
export function toAverageOverTime(context: ChartContext): Chart {
  const [id, title] = ["average-over-time", "Average score over time"];
  const { study } = context;
  const complete = toCompleteGroups(study);
  const groups = complete.filter(hasLogs);
  if (complete.length === 0)
    return leaveOut(id, title, "no agent and no humans have 3 runs with one time limit in every environment");
  if (groups.length === 0) return leaveOut(id, title, noLog);
  const environments = study.environments.map((environment) => environment.id);
  return draw({
    id,
    title,
    caption: toCaption([
      `Mean of what single runs were worth at each moment of their clock (best entry so far, or last where that counts), ${study.environments.length} environments with equal weight.`,
      toRunsSentence(groups),
      toBandSentence(context),
      toThinSentence(study.groups),
      toLogSentence(complete),
      toDoubtSentence(context),
    ]),
    ...toMomentPlot(context, groups, environments, "Mean normalized score, over environments"),
  });
}

/** The same for one environment at a time. */
export function toOverTimeByEnvironment(context: ChartContext): readonly Chart[] {
  return context.study.environments.map((environment) => toOverTimeIn(context, environment));
}

function toOverTimeIn(context: ChartContext, environment: StudyEnvironment): Chart {
  const [id, title] = [`over-time-${environment.id}`, `${environment.title}: average score over time`];
  const enough = context.study.groups.filter(
    (group) => runsIn(group, environment.id) >= fewestRunsForInterval,
  );
  const groups = enough.filter(hasLogs);
  if (enough.length === 0)
    return leaveOut(id, title, "no agent and no humans have 3 runs with one time limit in this environment");
  if (groups.length === 0) return leaveOut(id, title, noLog);
  return draw({
    id,
    title,
    caption: toCaption([
      "Mean of what single runs were worth at each moment of their clock (best entry so far, or last where that counts).",
      `Runs: ${groups.map((group) => `${group.series} of ${toTimeText(group.timeMs)} ${runsIn(group, environment.id)}`).join("; ")}.`,
      toBandSentence({ ...context, study: { ...context.study, environments: [environment] } }),
      toLogSentence(enough),
      toDoubtSentence(context, environment.id),
    ]),
    ...toMomentPlot(context, groups, [environment.id], `Mean normalized score, ${environment.title}`),
  });
}

const shares = [0.1, 0.25, 0.5, 0.75, 0.9] as const;
const fewestAttempts = 10;

/** Percentiles of human attempts against the clock. */
export function toHumanPercentiles(context: ChartContext): Chart {
  const [id, title] = ["human-percentiles-over-time", "Human scores over time"];
  const humans = context.study.groups.filter(({ isHuman }) => isHuman);
  const [group] = humans.filter(hasLogs).toSorted((a, b) => b.timeMs - a.timeMs);
  if (humans.length === 0) return leaveOut(id, title, "no human attempt counts");
  if (group === undefined)
    return leaveOut(
      id,
      title,
      "no human attempt has a score log, so nothing is known about scores before the end",
    );
  const runs = toCountedRows(group);
  if (runs.length < fewestAttempts)
    return leaveOut(
      id,
      title,
      `${toCountText(runs.length, "attempt")}, where percentiles need ${fewestAttempts}`,
    );
  const bands = momentsOfLimit.flatMap((part) => {
    const timeMs = part * group.timeMs;
    const scores = runs.map((row) => scoreAtTime(row, timeMs));
    const values = scores.flatMap((score) => (score.kind === "scored" ? [score.normalized] : []));
    const found = toPercentiles(values, shares);
    if (found.kind === "refused") return [];
    const [p10 = 0, p25 = 0, p50 = 0, p75 = 0, p90 = 0] = found.values;
    return [{ minutes: timeMs / 60_000, p10, p25, p50, p75, p90, n: found.n }];
  });
  const { axis: y } = toScoreY(Math.max(1, ...bands.map(({ p90 }) => p90)));
  const x = { ...toMinuteX(toTicks(group.timeMs), "Time on the clock"), field: "minutes" };
  const data = { name: "bands" };
  const area = (low: string, high: string, opacity: number) => ({
    data,
    mark: { type: "area" as const, opacity, style: "human" },
    encoding: { x, y: { ...y, field: low }, y2: { field: high } },
  });
  return draw({
    id,
    title,
    caption: toCaption([
      `Percentiles of ${toCountText(runs.length, "human attempt")} of ${toTimeText(group.timeMs)}, all environments together, at each moment of the clock: median (line), middle half and middle 80 % (bands). The bands are the spread of attempts, not of a mean.`,
      toDoubtSentence(context),
    ]),
    spec: {
      $schema: vegaLiteSchema,
      width: widthPx,
      height: heightPx,
      title: { text: "Normalized score of human experts", offset: 10 },
      layer: [
        toReferenceRule("y"),
        area("p10", "p90", 0.12),
        area("p25", "p75", 0.18),
        {
          data,
          mark: { type: "line" as const, strokeWidth: 2.5, style: "human" },
          encoding: { x, y: { ...y, field: "p50" } },
        },
      ],
    },
    rows: { bands },
  });
}

function toMomentPlot(
  context: ChartContext,
  groups: readonly Group[],
  environments: readonly string[],
  title: string,
) {
  const longest = Math.max(...groups.map(({ timeMs }) => timeMs));
  const curves = groups.map((group) => toMoments(context, group, environments, longest));
  const leaders = curves
    .toSorted((a, b) => (b.at(-1)?.value ?? 0) - (a.at(-1)?.value ?? 0))
    .flatMap(([first]) => (first === undefined || first.isHuman ? [] : [first.group]))
    .slice(0, 2);
  const points = curves
    .flat()
    .map((row) => ({ ...row, hasBand: row.low !== null && (row.isHuman || leaders.includes(row.group)) }));
  const { top, axis: y } = toScoreY(
    Math.max(...points.map(({ value, high, hasBand }) => (hasBand ? (high ?? value) : value))),
  );
  const x = { ...toMinuteX(toTicks(longest), "Time on the clock"), field: "minutes" };
  const labels = toEndLabels(
    curves.flatMap((curve) => {
      const end = curve.at(-1);
      return end === undefined ? [] : [{ ...end, text: `${end.group}  ${toScoreText(end.value)}` }];
    }),
    top,
    heightPx,
  );
  return {
    spec: {
      $schema: vegaLiteSchema,
      width: widthPx,
      height: heightPx,
      title: { text: title, offset: 10 },
      layer: [
        toReferenceRule("y"),
        ...toCurveLayers(context.series, x, y, { hasPoints: false, lineField: "group" }),
        ...toEndLabelLayers(context.series, widthPx),
      ],
    },
    rows: { points, lines: [...Map.groupBy(points, ({ group }) => group).values()].flatMap(toParts), labels },
  };
}

function toMoments(
  context: ChartContext,
  group: Group,
  environments: readonly string[],
  longestMs: number,
): readonly MomentRow[] {
  const rows = toCountedRows(group);
  const { scale } = context.study;
  const moments = momentsOfLimit.map((part) => part * longestMs).filter((timeMs) => timeMs < group.timeMs);
  return [...moments, group.timeMs].flatMap((atMs): readonly MomentRow[] => {
    const { cells } = toCells(rows, { environments, scale, flagged: "keep", atMs });
    const score = scoreAtKAcross(cells, 1, "with-replacement", {
      ...context.scores.bootstrap,
      resamples: Math.min(resamplesOfMoments, context.scores.bootstrap.resamples),
    });
    if (score.kind === "refused") return [];
    const bounds = score.interval.kind === "interval" ? score.interval : null;
    return [
      {
        group: `${group.series}, ${toTimeText(group.timeMs)}`,
        series: group.series,
        isHuman: group.isHuman,
        minutes: atMs / 60_000,
        value: score.value,
        low: bounds?.low ?? null,
        high: bounds?.high ?? null,
        isBeyond: false,
        hasBand: false,
        n: score.n,
      },
    ];
  });
}

/** Whether every counted run has a score log. */
function hasLogs(group: Group): boolean {
  return toCountedRows(group).every(({ log }) => log !== null);
}

function runsIn({ arm }: Group, environment: string): number {
  return arm.cells.find((cell) => cell.environment === environment)?.values.length ?? 0;
}

/** Halvings of the time limit, ascending, in minutes. */
function toTicks(longestMs: number): readonly number[] {
  return Array.from({ length: 7 }, (_, index) => longestMs / 60_000 / 2 ** (6 - index));
}

function toBandSentence(context: ChartContext): string {
  const resamples = Math.min(resamplesOfMoments, context.scores.bootstrap.resamples);
  const scores = { ...context.scores, bootstrap: { ...context.scores.bootstrap, resamples } };
  return `${toIntervalSentence({ ...context, scores }, "Bands")} Drawn for humans and the two highest lines.`;
}

function toLogSentence(groups: readonly Group[]): string {
  const without = groups.filter((group) => !hasLogs(group));
  if (without.length === 0) return "";
  const names = without.map((group) => `${group.series} of ${toTimeText(group.timeMs)}`);
  return `Not drawn for want of score logs: ${names.join(", ")}.`;
}
