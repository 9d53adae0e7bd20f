import type { AnyFigure } from "./chart.ts";
import { type DotRow, toDotPlot } from "./dot-plot.ts";

/** What a given solution scored in one environment. */
export interface BaselineRow {
  /** Title of the environment. */
  readonly environment: string;
  readonly solution: "start" | "reference";
  readonly normalized: number;
  readonly raw: number;
  readonly runId: string;
}

/** Start and reference of every environment on the normalized scale: where both ends come out on one machine. */
export function toBaselineFigure(rows: readonly BaselineRow[], caption: string): AnyFigure {
  const names = [...new Set(rows.map(({ environment }) => environment))];
  const dots = rows.map((row): DotRow & BaselineRow => ({
    ...row,
    name: row.environment,
    kind: row.solution,
    value: row.normalized,
    low: null,
    high: null,
  }));
  const title = "Start and reference in every environment";
  return {
    id: "baseline",
    title,
    caption,
    ...toDotPlot(dots, names, ["start", "reference"], "Normalized score"),
  };
}
