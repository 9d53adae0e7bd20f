import type { FigureSpec } from "../figure/figure.ts";
import { dashPatterns, lightTheme, type Theme } from "../figure/theme.ts";
import type { ScoreAxis } from "./axis.ts";

export const plotWidthPx = 500;
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
export function toScoreOverTimeSpec(frame: ScoreOverTimeFrame, theme: Theme = lightTheme): FigureSpec {
  const { axis } = frame;
  const x = {
    field: "minutes",
    type: "quantitative" as const,
    scale: { domain: [0, frame.lastMinute], nice: false },
    axis: { title: "Minutes on the run's clock", grid: false, tickCount: 6, format: "~g" },
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
      gridColor: { condition: { test: "datum.value < 0", value: "transparent" }, value: theme.grid },
    },
  };
  const color = {
    field: "series",
    type: "nominal" as const,
    scale: { domain: [...frame.series], range: frame.series.map((_, index) => cycle(theme.series, index)) },
    legend: null,
  };
  const dash = {
    field: "series",
    type: "nominal" as const,
    scale: {
      domain: [...frame.series],
      range: frame.series.map((_, index) => [
        ...cycle(dashPatterns, Math.floor(index / theme.series.length)),
      ]),
    },
    legend: null,
  };
  const many = frame.scorings > manyScorings;
  const only = (outcome: string) => [{ filter: { field: "outcome", equal: outcome } }];
  const placed = { x, y: { ...y, field: "drawnAt" }, color };
  const labelX = plotWidthPx + 8;
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: plotWidthPx,
    height: plotHeightPx,
    title: { text: frame.title, offset: 10 },
    layer: [
      { data: { values: [{}] }, mark: { type: "rule", color: theme.rule }, encoding: { y: { datum: 0 } } },
      {
        data: { values: [{}] },
        mark: { type: "rule", color: theme.rule, strokeDash: [4, 3] },
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
        transform: only("not-scored"),
        mark: { type: "point", shape: "circle", size: many ? 16 : 30, strokeWidth: 1.25, opacity: 1 },
        encoding: placed,
      },
      {
        data: { name: "scorings" },
        transform: only("invalid"),
        mark: { type: "point", shape: crossPath, size: many ? 16 : 36, strokeWidth: 1.5, opacity: 1 },
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
          ? { type: "circle", size: 8, opacity: 1 }
          : { type: "circle", size: 34, opacity: 1, stroke: theme.surface, strokeWidth: 1 },
        encoding: placed,
      },
      {
        data: { name: "labels" },
        mark: { type: "rule", strokeWidth: 3, strokeCap: "butt" },
        encoding: {
          x: { value: labelX },
          x2: { value: labelX + 12 },
          y: { field: "yPx", type: "quantitative", scale: null },
          color,
        },
      },
      {
        data: { name: "labels" },
        mark: { type: "text", align: "left", baseline: "middle" },
        encoding: {
          x: { value: labelX + 18 },
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

/** The element at an index, beginning anew past the end. */
function cycle<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError("there is nothing to cycle through");
  return item;
}
