import type { RunSummary } from "../../run/index.ts";
import { toDisplayLine } from "../display-text.ts";
import type { Figure } from "../figure/figure.ts";
import { spreadLabels } from "../figure/spread-labels.ts";
import { type ScoreAxis, toScoreAxis } from "./axis.ts";
import { toScoreOverTimeCaption } from "./caption.ts";
import { type ScoringRow, type StepRow, toScoreOverTimeRows } from "./rows.ts";
import { plotHeightPx, toScoreOverTimeSpec } from "./spec.ts";

/** Where a scoring is drawn: its score, the upper edge for a flagged one beyond it, or the strip below 0. */
export type PlacedScoringRow = ScoringRow & { readonly drawnAt: number };

/** The time after a run has ended, over which its score stands. */
export interface TailRow {
  readonly series: string;
  readonly fromMinutes: number;
  readonly toMinutes: number;
  readonly normalized: number;
}

/** The name of a series beside its highest line. */
export interface LabelRow {
  readonly series: string;
  readonly text: string;
  /** Pixels from the upper edge of the plot. */
  readonly yPx: number;
}

/** The rows behind a score-over-time figure. */
export interface ScoreOverTimeTables extends Readonly<Record<string, readonly object[]>> {
  readonly scorings: readonly PlacedScoringRow[];
  readonly steps: readonly StepRow[];
  readonly tails: readonly TailRow[];
  readonly labels: readonly LabelRow[];
}

const labelGapPx = 16;
const longestLabel = 30;

/**
 * What each run was worth against its clock: a step line for each run, every scoring, and the two anchors.
 *
 * @param runs - Of one environment and scale, or scores side by side mean little. May be empty or without scores.
 * @param id - Id of the figure.
 */
export function toScoreOverTimeFigure(
  runs: readonly Pick<RunSummary, "record" | "state">[],
  id = "score-over-time",
): Figure<ScoreOverTimeTables> {
  const rows = toScoreOverTimeRows(runs);
  const axis = toScoreAxis(
    maximum(rows.steps.map(({ normalized }) => normalized)),
    rows.scorings.some(({ outcome }) => outcome === "invalid" || outcome === "not-scored"),
  );
  const lastMinute = maximum([
    ...runs.map(({ record, state }) => Math.max(record.budget.timeMs, state.clock.elapsedMs) / 60_000),
    ...rows.scorings.map(({ minutes }) => minutes),
  ]);
  const ends = Array.from(new Map(rows.steps.map((step) => [step.runId, step])).values());
  const { labels, unlabelled } = toLabels(ends, axis);
  const isLastRule = runs.some(({ record }) => record.environment.score.final === "last");
  return {
    id,
    title: isLastRule ? "Normalized score over time" : "Best normalized score so far",
    caption: toScoreOverTimeCaption(runs, rows, unlabelled),
    spec: toScoreOverTimeSpec({
      series: Array.from(new Set(rows.scorings.map(({ series }) => series))),
      axis,
      lastMinute: lastMinute > 0 ? lastMinute : 1,
      scorings: rows.scorings.length,
      title: isLastRule ? "Normalized score of the latest valid scoring" : "Best normalized score so far",
      stripTitle: rows.scorings.some(({ outcome }) => outcome === "not-scored") ? "no score" : "invalid",
    }),
    rows: {
      scorings: rows.scorings.map((row) => ({ ...row, drawnAt: toDrawnAt(row, axis) })),
      steps: rows.steps,
      tails: ends
        .filter(({ minutes }) => minutes < lastMinute)
        .map(({ series, minutes, normalized }) => ({
          series,
          fromMinutes: minutes,
          toMinutes: lastMinute,
          normalized,
        })),
      labels,
    },
  };
}

function toDrawnAt(row: ScoringRow, axis: ScoreAxis): number {
  return row.normalized === null ? (axis.strip ?? 0) : Math.min(row.normalized, axis.top);
}

/** One label for each series, at its highest line; where not all fit, the highest. */
function toLabels(
  ends: readonly StepRow[],
  axis: ScoreAxis,
): { readonly labels: readonly LabelRow[]; readonly unlabelled: number } {
  const bySeries = Map.groupBy(ends, ({ series }) => series);
  const names = toShortNames(Array.from(bySeries.keys()));
  const wanted = Array.from(bySeries, ([series, lines]) => {
    const highest = maximum(lines.map(({ normalized }) => normalized));
    const runs = lines.length === 1 ? "" : ` (best of ${lines.length})`;
    const name = toDisplayLine(names.get(series) ?? series, longestLabel);
    return { series, highest, text: `${name}${runs}  ${highest.toFixed(2)}` };
  }).toSorted((left, right) => right.highest - left.highest);
  const shown = wanted.slice(0, Math.floor(plotHeightPx / labelGapPx));
  const places = spreadLabels(
    shown.map(({ highest }) => toYPx(highest, axis)),
    labelGapPx,
    [0, plotHeightPx],
  );
  return {
    labels: shown.map(({ series, text }, index) => ({ series, text, yPx: places[index] ?? 0 })),
    unlabelled: wanted.length - shown.length,
  };
}

/** Names without the model's provider, where that leaves every two of them different. */
function toShortNames(series: readonly string[]): ReadonlyMap<string, string> {
  const short = new Map(series.map((name) => [name, name.replace(/ · .*\//, " · ")]));
  return new Set(short.values()).size === series.length ? short : new Map();
}

function toYPx(normalized: number, axis: ScoreAxis): number {
  return (plotHeightPx * (axis.top - normalized)) / (axis.top - axis.bottom);
}

/** 0 for none. */
function maximum(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0);
}
