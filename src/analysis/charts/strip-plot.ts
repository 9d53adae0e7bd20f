import { type Layer, vegaLiteSchema } from "./chart.ts";
import { toNameLayers } from "./dot-plot.ts";
import { agentColor, toReferenceRule, toScoreX } from "./encoding.ts";

/** Runs side by side in one row. */
export interface StripRow {
  readonly name: string;
  readonly isHuman: boolean;
  readonly runs: readonly { readonly runId: string; readonly value: number; readonly raw: number | null }[];
  /** Runs that are shown hollow because no number counts them. */
  readonly apart: readonly { readonly runId: string; readonly value: number; readonly raw: number | null }[];
  readonly mean: { readonly value: number; readonly low: number | null; readonly high: number | null };
}

const [rowPx, jitterPx] = [24, 7];

/** Every run as a dot along an axis, a row for each group, with the group's mean and its interval. */
export function toStripPlot(
  strips: readonly StripRow[],
  quantity: { readonly title: string; readonly hasReference: boolean } = {
    title: "Normalized score",
    hasReference: true,
  },
) {
  const toYPx = (index: number) => rowPx * (index + 0.5);
  const names = strips.map(({ name }, index) => ({ name, yPx: toYPx(index) }));
  const dots = strips.flatMap(({ name, isHuman, runs, apart }, index) =>
    [
      ...runs.map((run) => ({ ...run, isCounted: true })),
      ...apart.map((run) => ({ ...run, isCounted: false })),
    ].map((run, place) => ({ name, isHuman, ...run, yPx: toYPx(index) + jitterPx * toSpread(place) })),
  );
  const means = strips.map(({ name, mean }, index) => ({ name, ...mean, yPx: toYPx(index) }));
  const { axis } = toScoreX(
    Math.max(quantity.hasReference ? 1 : 0, ...dots.map(({ value }) => value)),
    quantity.title,
    quantity.hasReference,
  );
  const y = { field: "yPx", type: "quantitative" as const, scale: null, axis: null };
  const x = { ...axis, field: "value" };
  const dot = (isHuman: boolean, isCounted: boolean): Layer => ({
    data: { name: "dots" },
    transform: [
      { filter: { field: "isHuman", equal: isHuman } },
      { filter: { field: "isCounted", equal: isCounted } },
    ],
    mark: {
      type: "point",
      shape: "circle",
      filled: isCounted,
      size: isCounted ? 22 : 18,
      strokeWidth: isCounted ? 0 : 1,
      opacity: isCounted ? 0.5 : 0.8,
      ...(isHuman ? { style: "human" } : {}),
    },
    encoding: { x, y, ...(isHuman ? {} : { color: agentColor }) },
  });
  return {
    spec: {
      $schema: vegaLiteSchema,
      width: 440,
      height: rowPx * strips.length,
      layer: [
        ...(quantity.hasReference ? [toReferenceRule("x")] : []),
        ...toNameLayers(),
        dot(false, true),
        dot(false, false),
        dot(true, true),
        dot(true, false),
        {
          data: { name: "means" },
          transform: [{ filter: { field: "low", valid: true } }],
          mark: { type: "rule" as const, strokeWidth: 1.5, style: "human" },
          encoding: { x: { ...axis, field: "low" }, x2: { field: "high" }, y },
        },
        {
          data: { name: "means" },
          mark: {
            type: "tick" as const,
            orient: "vertical" as const,
            thickness: 2.5,
            size: 16,
            opacity: 1,
            style: "human",
          },
          encoding: { x, y },
        },
      ],
    },
    rows: { dots, means, names },
  };
}

/** Evenly spread over [−1, 1] and the same each time: multiples of the golden ratio. */
function toSpread(index: number): number {
  return 2 * ((index * 0.6180339887498949) % 1) - 1;
}
