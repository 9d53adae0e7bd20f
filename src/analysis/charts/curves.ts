import type { Layer } from "./chart.ts";
import { toSeriesColor, toSeriesDash } from "./encoding.ts";

/** One point of a curve with its interval. */
export interface CurveRow {
  readonly series: string;
  readonly isHuman: boolean;
  readonly value: number;
  /** Null where there are too few runs. */
  readonly low: number | null;
  readonly high: number | null;
  /** True where the best of more runs than there are was drawn, so that the value is low. */
  readonly isBeyond: boolean;
  /** Whether its interval is drawn; all are in the rows. */
  readonly hasBand: boolean;
}

/** A curve's parts: whole where the runs suffice, dotted past them. The point at the join is in both. */
export function toParts<Row extends CurveRow>(
  curve: readonly Row[],
): readonly (Row & { readonly part: "within" | "beyond" })[] {
  const within = curve.filter(({ isBeyond }) => !isBeyond);
  const beyond = curve.filter(({ isBeyond }) => isBeyond);
  const joint = within.at(-1);
  return [
    ...within.map((row) => ({ ...row, part: "within" as const })),
    ...(beyond.length === 0 || joint === undefined ? [] : [{ ...joint, part: "beyond" as const }]),
    ...beyond.map((row) => ({ ...row, part: "beyond" as const })),
  ];
}

/**
 * Bands, lines and points of the data sets `points` ({@link CurveRow}) and `lines` (its parts).
 *
 * @param x - Encoding of the horizontal axis, with its field.
 * @param y - Encoding of the vertical axis, without a field.
 * @param options.lineField - What makes points one line. Default: `series`.
 */
export function toCurveLayers<X extends object, Y extends object>(
  series: readonly string[],
  x: X,
  y: Y,
  options: { readonly hasPoints?: boolean; readonly lineField?: string } = {},
): readonly Layer[] {
  const { hasPoints = true, lineField = "series" } = options;
  const detail = { field: lineField };
  const only = (...more: readonly { readonly field: string; readonly equal: string | boolean }[]) =>
    more.map((filter) => ({ filter }));
  const color = toSeriesColor(series);
  const line = { type: "line" as const, strokeWidth: 1.75 };
  const value = { ...y, field: "value" };
  const who = (isHuman: boolean) => ({ field: "isHuman", equal: isHuman });
  const part = (name: string) => ({ field: "part", equal: name });
  const lines = { name: "lines" };
  const points = { name: "points" };
  const band = { field: "hasBand", equal: true };
  const bands = { x, y: { ...y, field: "low" }, y2: { field: "high" } };
  const dotted = { ...line, strokeWidth: 1.25, strokeDash: [1.5, 3] };
  return [
    {
      data: points,
      transform: only(who(false), band),
      mark: { type: "area", opacity: 0.14 },
      encoding: { ...bands, color, detail },
    },
    {
      data: points,
      transform: only(who(true), band),
      mark: { type: "area", opacity: 0.12, style: "human" },
      encoding: { ...bands, detail },
    },
    {
      data: lines,
      transform: only(who(false), part("within")),
      mark: line,
      encoding: { x, y: value, color, detail, strokeDash: toSeriesDash(series) },
    },
    {
      data: lines,
      transform: only(who(false), part("beyond")),
      mark: dotted,
      encoding: { x, y: value, color, detail },
    },
    {
      data: lines,
      transform: only(who(true), part("within")),
      mark: { ...line, strokeWidth: 2.5, style: "human" },
      encoding: { x, y: value, detail },
    },
    {
      data: lines,
      transform: only(who(true), part("beyond")),
      mark: { ...dotted, style: "human" },
      encoding: { x, y: value, detail },
    },
    ...(hasPoints ? toPointLayers(x, value, color) : []),
  ];
}

function toPointLayers<X extends object, Y extends object, Color extends object>(
  x: X,
  y: Y,
  color: Color,
): readonly Layer[] {
  const data = { name: "points" };
  const only = (isHuman: boolean) => [{ filter: { field: "isHuman", equal: isHuman } }];
  return [
    {
      data,
      transform: only(false),
      mark: { type: "circle", size: 34, opacity: 1, style: "dot" },
      encoding: { x, y, color },
    },
    {
      data,
      transform: only(true),
      mark: { type: "circle", size: 44, opacity: 1, style: ["dot", "human"] },
      encoding: { x, y },
    },
  ];
}
