import type { Command } from "commander";
import type { Environment, ScaleName } from "../environment/index.ts";
import { closestName } from "../errors/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import { gatewayModelIds, type RunRecord, runErrors } from "../run/index.ts";
import type { CliContext } from "./context.ts";
import { parseDuration } from "./duration.ts";
import { cliErrors } from "./errors.ts";
import { type ModelAccess, openModel } from "./open-model.ts";
import { collectPair } from "./options.ts";

/** Options of every command that lets programs ask models; see {@link addGatewayOptions}. */
export interface GatewayOptions {
  readonly gatewayModel: Readonly<Record<string, string>>;
  readonly weakModel?: string;
  readonly gatewayBaseUrl?: string;
  readonly prices?: string;
  readonly modelTimeout?: number;
}

/** Which real models are to stand behind the gateway, and how they are reached. */
export interface GatewayChoice {
  /** Ids by the name that programs ask for. */
  readonly ids: Readonly<Record<string, string>>;
  readonly access: ModelAccess;
}

/** Real models behind the gateway, open and as they are recorded. */
export interface GatewayModels {
  readonly open: ReadonlyMap<string, PricedLanguageModel>;
  readonly recorded: RunRecord["gatewayModels"];
}

/** The name under which environments with a weak coder serve it. */
const weakCoder = "weak-coder";

/** Adds the options by which a command chooses the models of programs. */
export function addGatewayOptions(command: Command): Command {
  return command
    .option(
      "--gateway-model <name=provider/name>",
      "which model answers programs that ask for NAME, repeatable; the environment's own by default",
      collectPair,
      {},
    )
    .option(
      "--weak-model <provider/name>",
      `the same as --gateway-model ${weakCoder}=provider/name: a real model in the place of a simulated one`,
    )
    .option("--gateway-base-url <url>", "address of the API of these models up to its version")
    .option("--prices <file>", "prices that add to or override the built-in table")
    .option("--model-timeout <duration>", "longest time of one attempt at a model call", parseDuration);
}

/** What the options choose. @throws USAGE_WRONG when they name two models for one */
export function toGatewayChoice(options: GatewayOptions): GatewayChoice {
  const { gatewayModel, weakModel } = options;
  const other = gatewayModel[weakCoder];
  if (weakModel !== undefined && other !== undefined && other !== weakModel) {
    const problem = `--weak-model ${weakModel} and --gateway-model ${weakCoder}=${other} contradict each other`;
    throw cliErrors.USAGE_WRONG({ problem, command: null });
  }
  return {
    ids: weakModel === undefined ? gatewayModel : { ...gatewayModel, [weakCoder]: weakModel },
    access: {
      baseUrl: options.gatewayBaseUrl ?? null,
      pricesFile: options.prices ?? null,
      attemptTimeoutMs: options.modelTimeout ?? null,
    },
  };
}

/** The part of a choice that concerns one of several environments. */
export function choiceFor(environment: Environment, scale: ScaleName, choice: GatewayChoice): GatewayChoice {
  const known = gatewayNames(environment, scale);
  return {
    ...choice,
    ids: Object.fromEntries(Object.entries(choice.ids).filter(([name]) => known.includes(name))),
  };
}

/** Ids of the real models that would stand behind the gateway, by the name that programs ask for. */
export function toGatewayModelIds(
  environment: Environment,
  scale: ScaleName,
  { ids }: GatewayChoice,
): Readonly<Record<string, string>> {
  return { ...Object.fromEntries(gatewayModelIds({ environment, scale })), ...ids };
}

/**
 * That every model of a choice is asked for by some program.
 *
 * @throws GATEWAY_MODEL_UNKNOWN, which names the first environment
 */
export function assertAsked(
  environments: readonly Environment[],
  scale: ScaleName,
  { ids }: GatewayChoice,
): void {
  const known = environments.flatMap((environment) => gatewayNames(environment, scale));
  for (const name of Object.keys(ids)) {
    if (known.includes(name)) continue;
    const closest = closestName(name, known);
    throw runErrors.GATEWAY_MODEL_UNKNOWN({
      environments: environments.map(({ manifest }) => manifest.id),
      name,
      known: closest === null ? known : [closest],
    });
  }
}

/**
 * Opens the real models that programs of an environment ask: those that its manifest names, or others in their place
 * and in the place of simulated ones.
 *
 * @param costLimitUsd - Of the run; the environment's own limit holds beside it.
 * @throws GATEWAY_MODEL_UNKNOWN, MODEL_PRICE_UNKNOWN, and what opening a model throws
 */
export async function openGatewayModels(
  context: CliContext,
  environment: Environment,
  scale: ScaleName,
  choice: GatewayChoice,
  costLimitUsd: number | null = null,
): Promise<GatewayModels> {
  assertAsked([environment], scale, choice);
  const { costUsd = null } = environment.manifest.scales[scale].gateway?.budget ?? {};
  const open = new Map<string, PricedLanguageModel>();
  for (const [name, id] of Object.entries(toGatewayModelIds(environment, scale, choice))) {
    open.set(name, await openModel(context, id, costLimitUsd ?? costUsd, choice.access));
  }
  const { baseUrl } = choice.access;
  const recorded = Object.fromEntries(
    [...open].map(([name, { id, price }]) => [name, { id, baseUrl, price }]),
  );
  return { open, recorded };
}

function gatewayNames(environment: Environment, scale: ScaleName): readonly string[] {
  return Object.keys(environment.manifest.scales[scale].gateway?.models ?? {});
}
