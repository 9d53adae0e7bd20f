import { findPublishedEnvironment } from "../data/published-environments.ts";
import { type Group, humansSeries, type StudyEnvironment } from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import {
  type Chart,
  type ChartContext,
  draw,
  leaveOut,
  toCaption,
  toDoubtSentence,
  toIntervalSentence,
} from "./chart.ts";
import { type StripRow, toStripPlot } from "./strip-plot.ts";

/** Human attempts of every environment, those of another length hollow. */
export function toHumanScores(context: ChartContext): Chart {
  const [id, title] = ["human-scores", "Scores of human experts"];
  const { study } = context;
  const humans = study.groups.filter(({ isHuman }) => isHuman);
  if (humans.length === 0) return leaveOut(id, title, "no human attempt counts");
  if (humans.length > 1)
    return leaveOut(
      id,
      title,
      "humans had several time limits; each has its rows in the figures of single environments",
    );
  const strips = humans.flatMap((group) =>
    study.environments.flatMap(({ id: environment, title: name }): readonly StripRow[] => {
      const strip = toStrip(context, group, environment);
      return strip === null ? [] : [{ ...strip, name: `${name} (n = ${strip.runs.length})` }];
    }),
  );
  const sorted = strips.toSorted((a, b) => b.mean.value - a.mean.value);
  const apart = sorted.reduce((sum, strip) => sum + strip.apart.length, 0);
  return draw({
    id,
    title,
    caption: toCaption([
      `Normalized score of every attempt of ${humansSeries.toLowerCase()} (filled dots; up and down only so that dots do not cover each other) with the mean of each environment (upright stroke).`,
      apart === 0 ? "" : `Hollow: ${apart} attempts that were not of 7 to 10 hours; no number counts them.`,
      toIntervalSentence(context, "Lines through the means"),
      toDoubtSentence(context),
    ]),
    ...toStripPlot(sorted),
  });
}

/** Every counted run, one figure for each environment. */
export function toRunsByEnvironment(context: ChartContext): readonly Chart[] {
  return context.study.environments.map((environment) => toRunsIn(context, environment));
}

function toRunsIn(context: ChartContext, environment: StudyEnvironment): Chart {
  const [id, title] = [`runs-${environment.id}`, `${environment.title}: every run`];
  const { study, series } = context;
  const strips = study.groups
    .toSorted((a, b) => series.indexOf(a.series) - series.indexOf(b.series) || b.timeMs - a.timeMs)
    .flatMap((group) => toStrip(context, group, environment.id) ?? []);
  if (strips.length === 0) return leaveOut(id, title, "no run counts in this environment");
  const published = study.scale === "paper" ? findPublishedEnvironment(environment.id) : undefined;
  const apart = strips.reduce((sum, strip) => sum + strip.apart.length, 0);
  return draw({
    id,
    title,
    caption: toCaption([
      "Normalized score of every counted run (dots; up and down only so that dots do not cover each other) and the mean of each row (upright stroke).",
      apart === 0
        ? ""
        : `Hollow: ${apart} human attempts that were not of 7 to 10 hours; no number counts them.`,
      published === undefined
        ? ""
        : `Raw score at 0: ${toRaw(published.anchors.start.raw)}, at 1: ${toRaw(published.anchors.reference.raw)} (${published.direction} is better).`,
      toIntervalSentence(
        { ...context, study: { ...study, environments: [environment] } },
        "Lines through the means",
      ),
      "Fewer than 3 runs have no interval.",
      toDoubtSentence(context, environment.id),
    ]),
    ...toStripPlot(strips),
  });
}

function toStrip(context: ChartContext, group: Group, environment: string): StripRow | null {
  const cell = group.arm.cells.find((one) => one.environment === environment);
  if (cell === undefined || cell.values.length === 0) return null;
  const score = context.scores.inEnvironment(group, environment, 1);
  if (score.kind === "refused") return null;
  const bounds = score.interval.kind === "interval" ? score.interval : null;
  const raws = new Map(
    group.rows.map(({ runId, logged }) => [runId, logged.kind === "scored" ? logged.raw : null]),
  );
  return {
    name: `${group.series}, ${toTimeText(group.timeMs)} (n = ${cell.values.length})`,
    isHuman: group.isHuman,
    runs: cell.values.map((value, index) => {
      const runId = cell.runIds[index] ?? "";
      return { runId, value, raw: raws.get(runId) ?? null };
    }),
    apart: group.isHuman ? context.study.otherAttempts.filter((one) => one.environment === environment) : [],
    mean: { value: score.value, low: bounds?.low ?? null, high: bounds?.high ?? null },
  };
}

function toRaw(value: number): string {
  return String(value).replace("-", "−");
}
