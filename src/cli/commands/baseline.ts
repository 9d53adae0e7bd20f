import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { BaselineRow } from "../../analysis/index.ts";
import { listEnvironments, loadEnvironment, type ScaleName } from "../../environment/index.ts";
import { isRebenchError, reasonOf } from "../../errors/index.ts";
import { type BaselineStep, planBaseline, toBaselineScore } from "../../experiment/index.ts";
import { describeMachine } from "../../machine/index.ts";
import { loadRunSummary, type RunSummary } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { cliErrors } from "../errors.ts";
import { launchRun, resumeRun, toPlainRequest } from "../launch.ts";
import { loadSummaries } from "../load-summaries.ts";
import { sharedOptions } from "../options.ts";
import { toRunJson, toRunRow } from "../report-run.ts";

interface BaselineOptions {
  readonly scale: ScaleName;
  readonly out: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** Adds the command `baseline`. */
export function registerBaseline(program: Command, context: CliContext): void {
  program
    .command("baseline")
    .description(
      "run the starting and the reference solution of every environment; goes on where it was stopped",
    )
    .argument("[environments...]", "ids of environments; all by default")
    .addOption(sharedOptions.scale())
    .option("--out <folder>", "folder for the figure", "baseline")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(async (ids: readonly string[], options: BaselineOptions) => {
      const { terminal } = context;
      const environments = await loadEnvironments(context, ids);
      const steps = planBaseline(environments, options.scale, loadSummaries(context, options.runs));
      const summaries: RunSummary[] = [];
      for (const [index, step] of steps.entries()) {
        const { id } = step.environment.manifest;
        terminal.say(`${index + 1} of ${steps.length}: ${id} · ${step.agentId}${sayings[step.kind]}`);
        const { paths, status } = await take(context, step, options);
        summaries.push(loadRunSummary(paths));
        if (status === "interrupted") {
          terminal.say("stopped; the same command goes on from here");
          process.exitCode = 130;
          return;
        }
      }
      if (summaries.some((summary) => toBaselineScore(summary).kind === "none")) process.exitCode = 4;
      const figure = await writeFigure(context, summaries, options);
      if (options.json === true) return terminal.printJson({ figure, runs: summaries.map(toRunJson) });
      terminal.print();
      terminal.printTable(
        ["environment", "agent", "state", "raw", "normalized", "scorings", "clock"],
        summaries.map((summary) => [summary.record.environment.id, ...toRunRow(summary)]),
        ["left", "left", "left", "right", "right", "right", "right"],
      );
      terminal.print(`\n${figure}`);
    });
}

const sayings: Readonly<Record<BaselineStep["kind"], string>> = {
  new: "",
  resume: " (goes on)",
  done: " (done before)",
};

async function loadEnvironments(context: CliContext, ids: readonly string[]) {
  const options = { roots: context.environmentRoots };
  if (ids.length > 0) return Promise.all(ids.map((id) => loadEnvironment(id, options)));
  return (await listEnvironments(options)).map((listing) => {
    if (listing.status === "broken") throw listing.error;
    return listing.environment;
  });
}

async function take(context: CliContext, step: BaselineStep, options: BaselineOptions) {
  if (step.kind === "done") return { paths: step.paths, status: "ended" };
  const access = { baseUrl: null, pricesFile: null, attemptTimeoutMs: null, trustsAgent: false };
  if (step.kind === "resume") {
    try {
      const { paths, outcome } = await resumeRun(context, step.paths, access);
      return { paths, status: outcome.status };
    } catch (error) {
      // Assets or code are others now; the stopped run stays as it is.
      if (!isRebenchError(error) || error.code !== "RUN_CHANGED") throw error;
      context.terminal.say(`  ${error.message}: made anew`);
    }
  }
  const request = toPlainRequest({
    environmentId: step.environment.manifest.id,
    scale: options.scale,
    agentId: step.agentId,
    timeMs: null,
    runsDirectory: options.runs,
  });
  const { paths, outcome } = await launchRun(context, request);
  return { paths, status: outcome.status };
}

/** Draws the baseline and gives the path of its picture. @throws PAGE_UNWRITABLE */
async function writeFigure(
  context: CliContext,
  summaries: readonly RunSummary[],
  { out, scale }: BaselineOptions,
): Promise<string> {
  const { renderFigure, toBaselineFigure } = await import("../../analysis/index.ts");
  const rows = summaries.flatMap((summary): readonly BaselineRow[] => {
    const { record } = summary;
    const logged = toBaselineScore(summary);
    if (logged.kind === "none") return [];
    const { raw, normalized } = logged.entry.result;
    const solution = record.agent.id === "solution:reference" ? "reference" : "start";
    return [{ environment: record.environment.title, solution, normalized, raw, runId: record.runId }];
  });
  const { cpuModel } = await describeMachine(context.env);
  const caption = `One run of each solution at ${scale} scale on ${cpuModel}; 0 and 1 are the anchors. ${summaries.length - rows.length} of ${summaries.length} runs have no score.`;
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
