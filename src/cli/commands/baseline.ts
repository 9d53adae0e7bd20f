import type { Command } from "commander";
import {
  type Environment,
  listEnvironments,
  loadEnvironment,
  type ScaleName,
} from "../../environment/index.ts";
import { isRebenchError, reasonOf } from "../../errors/index.ts";
import { type BaselineStep, baselineAgents, planBaseline, toBaselineScore } from "../../experiment/index.ts";
import { loadRunSummary, type RunSummary, toClockText } from "../../run/index.ts";
import { writeBaselineFigure } from "../baseline-figure.ts";
import type { CliContext } from "../context.ts";
import {
  addGatewayOptions,
  assertAsked,
  choiceFor,
  type GatewayChoice,
  type GatewayOptions,
  toGatewayChoice,
  toGatewayModelIds,
} from "../gateway-models.ts";
import { launchRun, resumeRun, toPlainRequest } from "../launch.ts";
import { loadSummaries } from "../load-summaries.ts";
import { sharedOptions } from "../options.ts";
import { toRunJson, toRunRow } from "../report-run.ts";

interface BaselineOptions extends GatewayOptions {
  readonly scale: ScaleName;
  readonly out: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** One run of the baseline, and the time this call spent on it with all it needed; null for one that was there. */
interface Taken {
  readonly summary: RunSummary;
  readonly seconds: number | null;
}

/** Why an environment has no baseline. */
interface Failure {
  readonly environment: string;
  readonly code: string | null;
  readonly message: string;
  readonly remedy: string | null;
}

/** Adds the command `baseline`. */
export function registerBaseline(program: Command, context: CliContext): void {
  const command = program
    .command("baseline")
    .description(
      "run the starting and the reference solution of every environment; goes on where it was stopped",
    )
    .argument("[environments...]", "ids of environments; all by default")
    .addOption(sharedOptions.scale())
    .option("--out <folder>", "folder for the figure", "baseline");
  addGatewayOptions(command)
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action((ids: readonly string[], options: BaselineOptions) => makeBaseline(context, ids, options));
}

async function makeBaseline(
  context: CliContext,
  ids: readonly string[],
  options: BaselineOptions,
): Promise<void> {
  const { terminal, signal, now } = context;
  const beganAt = now();
  const { environments, broken } = await loadEnvironments(context, ids);
  const failures: Failure[] = [...broken];
  const choice = toGatewayChoice(options);
  assertAsked(environments, options.scale, choice);
  const steps = planBaseline(
    environments,
    options.scale,
    loadSummaries(context, options.runs),
    (environment) =>
      toGatewayModelIds(environment, options.scale, choiceFor(environment, options.scale, choice)),
  );
  const taken: Taken[] = [];
  for (const [index, step] of steps.entries()) {
    const { id } = step.environment.manifest;
    // What keeps one solution from being run keeps the other from it as well.
    if (failures.some(({ environment }) => environment === id)) continue;
    const sinceBegin = toClockText(now() - beganAt);
    terminal.say(
      `${index + 1} of ${steps.length} · ${sinceBegin} · ${id} · ${step.agentId}${sayings[step.kind]}`,
    );
    const startedAt = now();
    try {
      const { paths, status } = await take(context, step, options, choice);
      if (status === "interrupted") return sayInterrupted(context);
      const seconds = step.kind === "done" ? null : (now() - startedAt) / 1_000;
      taken.push({ summary: loadRunSummary(paths), seconds });
    } catch (error) {
      if (signal.aborted) return sayInterrupted(context);
      terminal.endProgress();
      const failure = toFailure(id, error);
      failures.push(failure);
      sayFailure(context, failure);
    }
  }
  const summaries = taken.map(({ summary }) => summary);
  const seconds = (now() - beganAt) / 1_000;
  const fresh = taken.filter((each) => each.seconds !== null).length;
  const timeText = `Made in ${toClockText(seconds * 1_000)}${fresh === taken.length ? "" : `, of which ${taken.length - fresh} runs were there before`}.`;
  const asked = steps.length + broken.length * baselineAgents.length;
  const figure = await writeBaselineFigure(context, summaries, { ...options, timeText, asked });
  failures.push(...summaries.flatMap(toScoreFailure));
  if (failures.length > 0) process.exitCode = 4;
  if (options.json === true) {
    return terminal.printJson({ figure, seconds, failures, runs: summaries.map(toRunJson) });
  }
  terminal.print();
  terminal.printTable(
    ["environment", "agent", "state", "raw", "normalized", "scorings", "clock", "made in"],
    taken.map(({ summary, seconds }) => [
      summary.record.environment.id,
      ...toRunRow(summary),
      seconds === null ? "before" : toClockText(seconds * 1_000),
    ]),
    ["left", "left", "left", "right", "right", "right", "right", "right"],
  );
  terminal.print(`\n${timeText}`);
  if (figure !== null) terminal.print(figure);
  if (failures.length > 0) terminal.say("\nwithout a baseline:");
  for (const failure of failures) sayFailure(context, failure);
}

const sayings: Readonly<Record<BaselineStep["kind"], string>> = {
  new: "",
  resume: " (goes on)",
  done: " (done before)",
};

function sayInterrupted({ terminal }: CliContext): void {
  terminal.say("stopped; the same command goes on from here");
  process.exitCode = 130;
}

function sayFailure({ terminal }: CliContext, failure: Failure): void {
  const { environment, code, message, remedy } = failure;
  terminal.say(`${environment}: ${code === null ? "" : `${code}: `}${message}`);
  terminal.say(`  ${remedy ?? "this is a defect of rebench: please report it"}`);
}

function toFailure(environment: string, error: unknown): Failure {
  if (!isRebenchError(error)) {
    const message = error instanceof Error ? (error.stack ?? error.message) : reasonOf(error);
    return { environment, code: null, message, remedy: null };
  }
  const { code, message, remedy } = error;
  return { environment, code, message, remedy };
}

/** A run that ended without a score of its own. */
function toScoreFailure(summary: RunSummary): readonly Failure[] {
  if (toBaselineScore(summary).kind !== "none") return [];
  const { record, state, paths } = summary;
  const message = `${record.agent.id} has no score: ${state.ending?.message ?? "the run has not ended"}`;
  const remedy = `see \`rebench log ${paths.root}\``;
  return [{ environment: record.environment.id, code: null, message, remedy }];
}

/** Those named, or all that there are; of these, broken ones are failures like any other. */
async function loadEnvironments(
  context: CliContext,
  ids: readonly string[],
): Promise<{ readonly environments: readonly Environment[]; readonly broken: readonly Failure[] }> {
  const options = { roots: context.environmentRoots };
  if (ids.length > 0) {
    return { environments: await Promise.all(ids.map((id) => loadEnvironment(id, options))), broken: [] };
  }
  const listings = await listEnvironments(options);
  return {
    environments: listings.flatMap((listing) => (listing.status === "loaded" ? [listing.environment] : [])),
    broken: listings.flatMap((listing) =>
      listing.status === "broken" ? [toFailure(listing.id, listing.error)] : [],
    ),
  };
}

async function take(
  context: CliContext,
  step: BaselineStep,
  options: BaselineOptions,
  choice: GatewayChoice,
) {
  if (step.kind === "done") return { paths: step.paths, status: "ended" };
  if (step.kind === "resume") {
    try {
      const { access } = choice;
      const { paths, outcome } = await resumeRun(context, step.paths, {
        ...{ ...access, baseUrl: null, gatewayBaseUrl: access.baseUrl, trustsAgent: false },
      });
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
    gateway: choiceFor(step.environment, options.scale, choice),
  });
  const { paths, outcome } = await launchRun(context, request);
  return { paths, status: outcome.status };
}
