import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { BaselineRow } from "../analysis/index.ts";
import type { ScaleName } from "../environment/index.ts";
import { reasonOf } from "../errors/index.ts";
import { toBaselineScore } from "../experiment/index.ts";
import { describeMachine } from "../machine/index.ts";
import type { RunSummary } from "../run/index.ts";
import type { CliContext } from "./context.ts";
import { cliErrors } from "./errors.ts";

/**
 * Draws the baseline and gives the path of its picture; null where no run has a score.
 *
 * @param timeText - How long it took, for the caption.
 * @throws PAGE_UNWRITABLE
 */
export async function writeBaselineFigure(
  context: CliContext,
  summaries: readonly RunSummary[],
  { out, scale, timeText, asked }: BaselineFigureOptions,
): Promise<string | null> {
  const { renderFigure, toBaselineFigure } = await import("../analysis/index.ts");
  const rows = summaries.flatMap((summary): readonly BaselineRow[] => {
    const { record } = summary;
    const logged = toBaselineScore(summary);
    if (logged.kind === "none") return [];
    const { raw, normalized } = logged.entry.result;
    const solution = record.agent.id === "solution:reference" ? "reference" : "start";
    return [{ environment: record.environment.title, solution, normalized, raw, runId: record.runId }];
  });
  if (rows.length === 0) return null;
  const { cpuModel } = await describeMachine(context.env);
  const caption = `One run of each solution at ${scale} scale on ${cpuModel}; 0 and 1 are the anchors. ${asked - rows.length} of ${asked} runs have no score. ${timeText}`;
  const picture = await renderFigure(toBaselineFigure(rows, caption));
  const path = resolve(out, "baseline.svg");
  try {
    mkdirSync(out, { recursive: true });
    writeFileSync(path, picture.svg);
    writeFileSync(join(out, "baseline.png"), picture.toPng());
  } catch (cause) {
    throw cliErrors.PAGE_UNWRITABLE({ path, detail: reasonOf(cause) }, cause);
  }
  return path;
}

/** What a figure of the baseline is drawn with. */
export interface BaselineFigureOptions {
  readonly out: string;
  readonly scale: ScaleName;
  readonly timeText: string;
  /** Runs that there were to be. */
  readonly asked: number;
}
