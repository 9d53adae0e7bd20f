import type { FigureSpec } from "../figure/figure.ts";
import { dashPatterns, seriesColorCount } from "../figure/theme.ts";
import { type ScoreAxis, toMinuteTicks } from "./axis.ts";

/** Width of the plot, labels and axes not counted. */
export const plotWidthPx = 480;
/** Height of the plot, title and axis not counted. */
export const plotHeightPx = 288;

/** More scorings than this are drawn as small dots. */
const manyScorings = 300;

/** A cross, a diamond in outline: paths in the unit square around 0, as Vega wants them. */
const crossPath = "M-0.8,-0.8L0.8,0.8M0.8,-0.8L-0.8,0.8";

/** What the spec depends on besides its data. */
export interface ScoreOverTimeFrame {
  /** In the order that gives them their colours. */
  readonly series: readonly string[];
  readonly axis: ScoreAxis;
  readonly lastMinute: number;
  readonly scorings: number;
  readonly title: string;
  /** Label of the strip below 0. */
  readonly stripTitle: string;
}

/** The Vega-Lite specification; data sets `scorings`, `steps`, `tails` and `labels`. */
export function toScoreOverTimeSpec(frame: ScoreOverTimeFrame): FigureSpec {
  const { axis } = frame;
  const x = {
    field: "minutes",
    type: "quantitative" as const,
    scale: { domain: [0, frame.lastMinute], nice: false },
    axis: {
      title: "Minutes on the run’s clock",
      grid: false,
      values: [...toMinuteTicks(frame.lastMinute)],
      format: ",.3~f",
      labelFlush: false,
    },
  };
  const yScale = { domain: [axis.bottom, axis.top], nice: false, zero: false };
  const y = {
    type: "quantitative" as const,
    scale: yScale,
    axis: {
      title: null,
      domain: false,
      ticks: false,
      values: axis.strip === null ? [...axis.ticks] : [axis.strip, ...axis.ticks],
      labelExpr: toLabelExpression(frame.stripTitle),
      grid: true,
      gridOpacity: { condition: { test: "datum.value < 0", value: 0 }, value: 1 },
    },
  };
  const color = {
    field: "series",
    type: "nominal" as const,
    scale: { domain: [...frame.series], range: "category" as const },
    legend: null,
  };
  const dash = {
    field: "series",
    type: "nominal" as const,
    scale: {
      domain: [...frame.series],
      range: frame.series.map((_, index) => toDash(index)),
    },
    legend: null,
  };
  const many = frame.scorings > manyScorings;
  const opacity = many ? 0.4 : 1;
  const only = (outcome: string) => [{ filter: { field: "outcome", equal: outcome } }];
  const placed = { x, y: { ...y, field: "drawnAt" }, color };
  const labelX = plotWidthPx + 8;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: plotWidthPx,
    height: plotHeightPx,
    title: { text: frame.title, offset: 10 },
    layer: [
      { data: { values: [{}] }, mark: { type: "rule", style: "anchor" }, encoding: { y: { datum: 0 } } },
      {
        data: { values: [{}] },
        mark: { type: "rule", style: "anchor", strokeDash: [4, 3] },
        encoding: { y: { datum: 1 } },
      },
      {
        data: { name: "tails" },
        mark: { type: "rule", strokeWidth: 1, strokeDash: [1, 3], strokeCap: "butt" },
        encoding: {
          x: { ...x, field: "fromMinutes" },
          x2: { field: "toMinutes" },
          y: { ...y, field: "normalized" },
          color,
        },
      },
      {
        data: { name: "steps" },
        mark: { type: "line", interpolate: "step-after", strokeWidth: 1.75, strokeJoin: "miter" },
        encoding: {
          x,
          y: { ...y, field: "normalized" },
          detail: { field: "runId" },
          color,
          strokeDash: dash,
        },
      },
      {
        data: { name: "scorings" },
        transform: only("invalid"),
        mark: {
          type: "point",
          shape: crossPath,
          size: many ? 16 : 36,
          strokeWidth: many ? 0.75 : 1.5,
          opacity,
        },
        encoding: placed,
      },
      {
        data: { name: "scorings" },
        transform: only("not-scored"),
        mark: { type: "point", shape: "circle", size: 30, strokeWidth: 1.25, opacity: 1 },
        encoding: placed,
      },
      {
        data: { name: "scorings" },
        transform: only("flagged"),
        mark: { type: "point", shape: "diamond", size: 70, strokeWidth: 1.5, opacity: 1 },
        encoding: placed,
      },
      {
        data: { name: "scorings" },
        transform: only("valid"),
        mark: many
          ? { type: "circle", size: 8, opacity }
          : { type: "circle", size: 34, opacity, style: "dot" },
        encoding: placed,
      },
      {
        data: { name: "labels" },
        mark: { type: "rule", strokeWidth: 2.5, strokeCap: "butt" },
        encoding: {
          x: { value: labelX },
          x2: { value: labelX + 16 },
          y: { field: "yPx", type: "quantitative", scale: null },
          color,
          strokeDash: dash,
        },
      },
      {
        data: { name: "labels" },
        mark: { type: "text", align: "left", baseline: "middle" },
        encoding: {
          x: { value: labelX + 22 },
          y: { field: "yPx", type: "quantitative", scale: null },
          text: { field: "text" },
        },
      },
    ],
  };
}

/** Names the anchors where their values are. */
function toLabelExpression(stripTitle: string): string {
  return (
    `datum.value < 0 ? '${stripTitle}' : datum.value === 0 ? 'start 0' : ` +
    "datum.value === 1 ? 'reference 1' : format(datum.value, ',.2~f')"
  );
}

/** Colours go round first, then patterns. */
function toDash(index: number): number[] {
  return [...(dashPatterns[Math.floor(index / seriesColorCount) % dashPatterns.length] ?? [])];
}
