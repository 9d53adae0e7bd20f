import { spreadLabels } from "../figure/spread-labels.ts";
import { dashPatterns, seriesColorCount } from "../figure/theme.ts";
import { toScoreAxis } from "../score-over-time/axis.ts";
import type { Layer } from "./chart.ts";

/** Vertical axis of normalized scores from 0, with the reference named. */
export function toScoreY(
  highest: number,
  options: { readonly isBare?: boolean; readonly named?: boolean } = {},
) {
  const { top, ticks } = toScoreAxis(highest, false);
  const isNamed = options.named !== false;
  return {
    top,
    axis: {
      type: "quantitative" as const,
      scale: { domain: [0, top], nice: false, zero: true },
      axis: {
        title: null,
        domain: false,
        ticks: false,
        grid: true,
        values: [...ticks],
        labels: options.isBare !== true,
        labelExpr: isNamed
          ? "datum.value === 0 ? 'start 0' : datum.value === 1 ? 'reference 1' : format(datum.value, ',.2~f')"
          : "format(datum.value, ',.2~f')",
      },
    },
  };
}

/** Horizontal axis from 0, of normalized scores or of any other quantity. */
export function toScoreX(highest: number, title: string | null, isScore = true) {
  // The axis of scores always reaches 1; another quantity is scaled to it and back.
  const unit = isScore || highest <= 0 ? 1 : highest;
  const scaled = toScoreAxis(highest / unit, false);
  const top = scaled.top * unit;
  const ticks = isScore ? scaled.ticks : toTicks(top);
  return {
    top,
    axis: {
      type: "quantitative" as const,
      scale: { domain: [0, top], nice: false, zero: true },
      axis: { title, domain: false, ticks: false, grid: true, values: [...ticks], format: ",.2~f" },
    },
  };
}

/** About five round values from 0 on. */
function toTicks(top: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(top / 5));
  const step = power * ([1, 2, 5].find((factor) => factor * power * 6 >= top) ?? 10);
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, index) =>
    Number((index * step).toPrecision(10)),
  );
}

/** Logarithmic axis of minutes, labelled in minutes and hours. */
export function toMinuteX(ticks: readonly number[], title: string | null) {
  const [first = 1, last = 2] = [ticks[0], ticks.at(-1)];
  return {
    type: "quantitative" as const,
    scale: { type: "log" as const, base: 2, domain: [first, Math.max(last, first * 1.01)], nice: false },
    axis: {
      title,
      grid: false,
      values: [...ticks],
      labelFlush: false,
      labelExpr:
        "datum.value < 1 ? format(datum.value * 60, ',.3~r') + ' s' : datum.value < 60 ? format(datum.value, ',.3~r') + ' min' : format(datum.value / 60, ',.3~r') + ' h'",
    },
  };
}

/** Logarithmic axis of numbers of runs. */
export function toCountX(ticks: readonly number[], title: string | null) {
  const [first = 1, last = 2] = [ticks[0], ticks.at(-1)];
  return {
    type: "quantitative" as const,
    scale: { type: "log" as const, base: 2, domain: [first, Math.max(last, first + 1)], nice: false },
    axis: { title, grid: false, values: [...ticks], format: ",d", labelFlush: false },
  };
}

/** Colours of series, the same names in the same order in every chart. */
export function toSeriesColor(series: readonly string[]) {
  return {
    field: "series",
    type: "nominal" as const,
    scale: { domain: [...series], range: "category" as const },
    legend: null,
  };
}

/** One colour for all agents, where rows or panels already say which. */
export const agentColor = {
  datum: "agents",
  type: "nominal" as const,
  scale: { domain: ["agents"], range: "category" as const },
  legend: null,
};

/** Patterns of series whose colour has come round. */
export function toSeriesDash(series: readonly string[]) {
  return {
    field: "series",
    type: "nominal" as const,
    scale: {
      domain: [...series],
      range: series.map((_, index) => [
        ...(dashPatterns[Math.floor(index / seriesColorCount) % dashPatterns.length] ?? []),
      ]),
    },
    legend: null,
  };
}

/** The line at 1, along a vertical or a horizontal score axis. */
export function toReferenceRule(channel: "x" | "y"): Layer {
  const mark = { type: "rule" as const, style: "anchor", strokeDash: [4, 3] };
  return channel === "y"
    ? { data: { values: [{}] }, mark, encoding: { y: { datum: 1 } } }
    : { data: { values: [{}] }, mark, encoding: { x: { datum: 1 } } };
}

/** The name of a line beside its end. */
export interface EndLabel {
  readonly series: string;
  readonly isHuman: boolean;
  readonly text: string;
  /** Pixels from the upper edge of the plot. */
  readonly yPx: number;
}

const labelGapPx = 16;

/**
 * Places names beside line ends. Where not all fit, the highest are named.
 *
 * @param ends - Value at the end of each line.
 * @param top - Value at the upper edge; 0 is at the lower one.
 */
export function toEndLabels(
  ends: readonly {
    readonly series: string;
    readonly isHuman: boolean;
    readonly text: string;
    readonly value: number;
  }[],
  top: number,
  heightPx: number,
): readonly EndLabel[] {
  const shown = ends.toSorted((a, b) => b.value - a.value).slice(0, Math.floor(heightPx / labelGapPx));
  const places = spreadLabels(
    shown.map(({ value }) => heightPx * (1 - value / top)),
    labelGapPx,
    [0, heightPx],
  );
  return shown.map(({ series, isHuman, text }, index) => ({
    series,
    isHuman,
    text,
    yPx: places[index] ?? 0,
  }));
}

/** Draws the data set `labels` to the right of a plot. */
export function toEndLabelLayers(series: readonly string[], widthPx: number): readonly Layer[] {
  const x = { value: widthPx + 8 };
  const x2 = { value: widthPx + 24 };
  const y = { field: "yPx", type: "quantitative" as const, scale: null };
  const data = { name: "labels" };
  return [
    {
      data,
      transform: [{ filter: { field: "isHuman", equal: false } }],
      mark: { type: "rule", strokeWidth: 2.5, strokeCap: "butt" },
      encoding: { x, x2, y, color: toSeriesColor(series), strokeDash: toSeriesDash(series) },
    },
    {
      data,
      transform: [{ filter: { field: "isHuman", equal: true } }],
      mark: { type: "rule", strokeWidth: 3, strokeCap: "butt", style: "human" },
      encoding: { x, x2, y },
    },
    {
      data,
      mark: { type: "text", align: "left", baseline: "middle" },
      encoding: { x: { value: widthPx + 30 }, y, text: { field: "text" } },
    },
  ];
}
