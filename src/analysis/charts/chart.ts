import { excludingFlags } from "../data/run-row.ts";
import type { Figure, FigureSpec } from "../figure/figure.ts";
import type { Scores } from "../study/scores.ts";
import { findThinCells, type Group, type Study, toCountedRows } from "../study/study.ts";
import { toCountText, toListText, toPercentText, toTimeText } from "../study/words.ts";

/** A figure, or why these data give none: nothing is drawn from too little. */
export type Chart =
  | { readonly kind: "drawn"; readonly figure: AnyFigure }
  | { readonly kind: "left-out"; readonly id: string; readonly title: string; readonly reason: string };

/** A figure whose rows are of any type. */
export type AnyFigure = Figure<Readonly<Record<string, readonly object[]>>>;

/** What every chart is made from. */
export interface ChartContext {
  readonly study: Study;
  readonly scores: Scores;
  /** Series of agents in the order that gives them their colours, the same in every chart. */
  readonly series: readonly string[];
  /** Total times at which curves have a point, ascending, in milliseconds. */
  readonly budgetsMs: readonly number[];
  /** The total time at which ways to spend it are compared, in milliseconds; null where no group is there. */
  readonly horizonMs: number | null;
}

/** One layer of a Vega-Lite view. */
export type Layer = Extract<FigureSpec, { readonly layer: unknown }>["layer"][number];

/** A view that can stand beside others. */
export type Panel = Extract<FigureSpec, { readonly concat: unknown }>["concat"][number];

export const vegaLiteSchema = "https://vega.github.io/schema/vega-lite/v6.json";

export function draw(figure: AnyFigure): Chart {
  return { kind: "drawn", figure };
}

export function leaveOut(id: string, title: string, reason: string): Chart {
  return { kind: "left-out", id, title, reason };
}

/** Environments that a caption names before it only counts them. */
const mostNamedCells = 3;

/** Which groups a mean over environments leaves out, as a sentence; empty where none. */
export function toThinSentence(groups: readonly Group[]): string {
  const thin = groups.flatMap((group) => {
    const cells = findThinCells(group);
    if (cells.length === 0) return [];
    const all = group.arm.cells.length;
    const where = cells.length > mostNamedCells ? `${cells.length} of ${all} environments` : cells.join(", ");
    return [`${group.series} at ${toTimeText(group.timeMs)} (${where})`];
  });
  return thin.length === 0
    ? ""
    : `Not drawn, with fewer than 3 runs in some environment: ${toListText(thin)}.`;
}

/** What the runs behind a chart are, in one sentence. */
export function toRunsSentence(groups: readonly Group[]): string {
  const runs = (some: readonly Group[]) => {
    const counts = some.flatMap(({ arm }) => arm.cells.map(({ values }) => values.length));
    return {
      total: counts.reduce((sum, count) => sum + count, 0),
      least: Math.min(...counts),
      most: Math.max(...counts),
    };
  };
  const part = (some: readonly Group[], noun: string) => {
    if (some.length === 0) return [];
    const { total, least, most } = runs(some);
    const range = least === most ? `${least}` : `${least} to ${most}`;
    return [`${toCountText(total, noun)} (${range} for each environment and time limit)`];
  };
  const parts = [
    ...part(
      groups.filter(({ isHuman }) => !isHuman),
      "agent run",
    ),
    ...part(
      groups.filter(({ isHuman }) => isHuman),
      "human attempt",
    ),
  ];
  return parts.length === 0 ? "" : `${toListText(parts)}.`;
}

/** What the intervals are, in one sentence. */
export function toIntervalSentence({ scores, study }: ChartContext, what: string): string {
  const { level, resamples, environments } = scores.bootstrap;
  const drawn =
    environments === "fixed"
      ? `runs resampled within ${study.environments.length === 1 ? "the environment" : "each environment"}`
      : "environments and their runs resampled";
  return `${what}: ${toPercentText(level)} intervals, ${drawn} ${resamples.toLocaleString("en-US")} times.`;
}

/**
 * Runs whose score is in doubt: those left out, and those that count until a person has looked at them.
 *
 * @param only - The one environment that a chart is about; by default all.
 */
export function toDoubtSentence({ study }: ChartContext, only?: string): string {
  const isMeant = ({ environment }: { readonly environment: string }) =>
    only === undefined || environment === only;
  const out = study.leftOut.filter(isMeant).filter(({ reason }) => isDoubt(reason)).length;
  const review = study.groups
    .flatMap(toCountedRows)
    .filter(isMeant)
    .filter(({ flags }) => flags.some(({ kind }) => kind === "review-score")).length;
  return toCaption([
    out === 0
      ? ""
      : `${toCountText(out, "run")} left out for a doubtful score or an end that was not the agent’s.`,
    review === 0 ? "" : `${toCountText(review, "run")} counted that a person should look at first.`,
    out + review === 0 ? "" : "Both ways under Data.",
  ]);
}

function isDoubt(reason: string): boolean {
  return [...excludingFlags].some((kind) => reason.startsWith(`${kind}:`));
}

/** Sentences that are not empty, as one caption. */
export function toCaption(sentences: readonly string[]): string {
  return sentences.filter((sentence) => sentence !== "").join(" ");
}
