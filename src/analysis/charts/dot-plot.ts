import { vegaLiteSchema } from "./chart.ts";
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
const rowPx = 30;

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
  const { axis } = toScoreX(Math.max(...rows.map(({ value, high }) => high ?? value)), axisTitle);
  const y = {
    field: "name",
    type: "nominal" as const,
    sort: [...names],
    axis: { title: null, domain: false, ticks: false, grid: false, labelLimit: 260 },
  };
  const yOffset = { field: "kind", type: "nominal" as const, sort: [...kinds] };
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
      height: { step: Math.max(rowPx, kinds.length * 11) },
      layer: [
        toReferenceRule("x"),
        {
          data,
          transform: [{ filter: { field: "low", valid: true } }],
          mark: { type: "rule" as const, strokeWidth: 1.5 },
          encoding: { x: { ...axis, field: "low" }, x2: { field: "high" }, y, yOffset, color },
        },
        {
          data,
          mark: { type: "point" as const, filled: true, size: 55, opacity: 1, style: "dot" },
          encoding: { x: { ...axis, field: "value" }, y, yOffset, color, shape },
        },
      ],
    },
    rows: { marks: rows },
  };
}
