import { type Layer, vegaLiteSchema } from "./chart.ts";
import { toReferenceRule, toScoreX } from "./encoding.ts";

/** One mark of a dot plot: a value with its interval, in a row of its name. */
export interface DotRow {
  readonly name: string;
  /** What sets marks of one row apart, such as the time limit. */
  readonly kind: string;
  readonly value: number;
  /** Null where there are too few runs. */
  readonly low: number | null;
  readonly high: number | null;
}

const shapes = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"];
const [markPx, betweenPx] = [13, 12];

/**
 * Rows of marks with intervals along a horizontal score axis, kinds told apart by colour and shape.
 *
 * @param names - Rows from top to bottom.
 * @param kinds - In the order of the legend; at most six differ in colour.
 */
export function toDotPlot<Row extends DotRow>(
  rows: readonly Row[],
  names: readonly string[],
  kinds: readonly string[],
  axisTitle: string,
) {
  const { marks, labels, heightPx } = placeRows(rows, names, kinds);
  const { axis } = toScoreX(Math.max(1, ...rows.map(({ value, high }) => high ?? value)), axisTitle);
  const y = { field: "yPx", type: "quantitative" as const, scale: null, axis: null };
  const legend = { orient: "top" as const, title: null, symbolSize: 70, offset: 6 };
  const color = {
    field: "kind",
    type: "nominal" as const,
    scale: { domain: [...kinds], range: "category" as const },
    legend,
  };
  const shape = {
    field: "kind",
    type: "nominal" as const,
    scale: { domain: [...kinds], range: kinds.map((_, index) => shapes[index % shapes.length] ?? "circle") },
    legend,
  };
  const data = { name: "marks" };
  return {
    spec: {
      $schema: vegaLiteSchema,
      width: 440,
      height: heightPx,
      layer: [
        toReferenceRule("x"),
        ...toNameLayers(),
        {
          data,
          transform: [{ filter: { field: "low", valid: true } }],
          mark: { type: "rule" as const, strokeWidth: 1.75 },
          encoding: { x: { ...axis, field: "low" }, x2: { field: "high" }, y, color },
        },
        {
          data,
          mark: { type: "point" as const, filled: true, size: 60, opacity: 1, strokeWidth: 0 },
          encoding: { x: { ...axis, field: "value" }, y, color, shape },
        },
      ],
    },
    rows: { marks, names: labels },
  };
}

/** Names of rows to the left of a plot: the data set `names` with `name` and `yPx`. */
export function toNameLayers(): readonly Layer[] {
  return [
    {
      data: { name: "names" },
      mark: { type: "text", align: "right", baseline: "middle" },
      encoding: {
        x: { value: -10 },
        y: { field: "yPx", type: "quantitative", scale: null, axis: null },
        text: { field: "name" },
      },
    },
  ];
}

/** Gives every row the room its marks need, in pixels from the upper edge. */
function placeRows<Row extends DotRow>(
  rows: readonly Row[],
  names: readonly string[],
  kinds: readonly string[],
) {
  const byName = Map.groupBy(rows, ({ name }) => name);
  const marks: (Row & { readonly yPx: number })[] = [];
  const labels: { readonly name: string; readonly yPx: number }[] = [];
  let edge = 4;
  for (const name of names) {
    const own = (byName.get(name) ?? []).toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind));
    for (const [index, row] of own.entries()) marks.push({ ...row, yPx: edge + markPx * (index + 0.5) });
    labels.push({ name, yPx: edge + (markPx * own.length) / 2 });
    edge += markPx * own.length + betweenPx;
  }
  return { marks, labels, heightPx: Math.max(edge - betweenPx + 4, 20) };
}
