import { z } from "zod";
import type { GatewayManifest } from "../../environment/index.ts";
import {
  createLocalModel,
  defaultGatewayLimits,
  type Gateway,
  type GatewayExchange,
  type GatewayModel,
  type GatewayService,
  type OpenModelBudget,
  openGateway,
  openModelBudget,
  type PricedLanguageModel,
} from "../../model/index.ts";
import { runErrors } from "../errors.ts";
import type { PosedEnvironment } from "../posed-environment.ts";
import type { RunHost } from "../run-host.ts";
import { type GatewayPhase, GatewayProgram } from "./gateway-program.ts";
import { type GatewayUsage, nothingAskedYet } from "./gateway-usage.ts";

/** What opens the gateway of an environment in one phase. */
export interface EnvironmentGatewayOptions {
  readonly posed: PosedEnvironment;
  readonly host: RunHost;
  readonly phase: GatewayPhase;
  /** Real models by the name that programs ask for; one of these stands in for a program of the same name. */
  readonly models: ReadonlyMap<string, PricedLanguageModel>;
  /** What was used before, by the record; nothing by default. */
  readonly used?: () => GatewayUsage;
  /** Budgets beside the environment's own: the run's. */
  readonly budgets?: readonly OpenModelBudget[];
  readonly record: (exchange: GatewayExchange) => void;
  readonly signal: AbortSignal;
}

const modelReplySchema = z.strictObject({
  text: z.string(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  finishReason: z.enum(["stop", "length"]),
});

/**
 * Opens the gateway that the environment's manifest describes, or null where it has none.
 *
 * @throws GATEWAY_MODEL_MISSING when a real model is needed and not given; MODEL_PRICE_UNKNOWN
 */
export function openEnvironmentGateway(options: EnvironmentGatewayOptions): Gateway | null {
  const { posed, phase } = options;
  const manifest = posed.environment.manifest.scales[posed.scale].gateway;
  if (manifest === undefined) return null;
  const used = options.used ?? (() => nothingAskedYet);
  const programs: GatewayProgram[] = [];
  const shared = {
    budgets: [toBudget(manifest, used), ...(options.budgets ?? [])],
    limits: { requestBytes: toRequestBytes(manifest) },
    record: options.record,
    signal: options.signal,
    now: options.host.now,
  };
  // What the environment's own programs ask; only real models, or a program could wait for itself.
  const real = toModels(manifest, options, "programs", (name) => refuseToSimulate(options, name), used);
  const inner = real.size === 0 ? null : openGateway({ ...shared, models: real, services: new Map() });
  const toProgram = (path: string): GatewayProgram => {
    const program = new GatewayProgram(path, phase, posed, options.host, inner?.accept ?? null);
    programs.push(program);
    return program;
  };
  const toSimulated = (name: string, path: string) => toSimulatedModel(name, toProgram(path), options.host);
  const outer = openGateway({
    ...shared,
    models: toModels(manifest, options, phase, toSimulated, used),
    services: toServices(manifest, phase, toProgram, used),
  });
  return {
    accept: outer.accept,
    async [Symbol.asyncDispose]() {
      await outer[Symbol.asyncDispose]();
      for (const program of programs) await program[Symbol.asyncDispose]();
      await inner?.[Symbol.asyncDispose]();
    },
  };
}

function refuseToSimulate({ posed }: EnvironmentGatewayOptions, name: string): never {
  throw runErrors.GATEWAY_MODEL_MISSING({ environment: posed.environment.manifest.id, name });
}

/** Ids of the real models that the environment names, by the name that programs ask for. */
export function gatewayModelIds({
  environment,
  scale,
}: Omit<PosedEnvironment, "assets">): ReadonlyMap<string, string> {
  const models = environment.manifest.scales[scale].gateway?.models ?? {};
  return new Map(
    Object.entries(models).flatMap(([name, { model }]) => (model === undefined ? [] : [[name, model]])),
  );
}

function toModels(
  manifest: GatewayManifest,
  { models: given, posed }: EnvironmentGatewayOptions,
  asker: GatewayPhase | "programs",
  toSimulated: (name: string, path: string) => PricedLanguageModel,
  used: () => GatewayUsage,
): ReadonlyMap<string, GatewayModel> {
  const models = new Map<string, GatewayModel>();
  for (const [name, served] of Object.entries(manifest.models)) {
    const allowed = served[asker];
    if (allowed === undefined) continue;
    const real = given.get(name);
    if (real === undefined && served.program === undefined) {
      throw runErrors.GATEWAY_MODEL_MISSING({ environment: posed.environment.manifest.id, name });
    }
    models.set(name, {
      model: real ?? toSimulated(name, served.program ?? ""),
      ranges: {
        temperature: allowed.temperature,
        inputCharacters: allowed.inputCharacters,
        maxOutputTokens: allowed.maxOutputTokens,
        answers: allowed.answers,
      },
      calls: { limit: allowed.calls, used: () => used().calls[name] ?? 0 },
    });
  }
  return models;
}

function toSimulatedModel(name: string, program: GatewayProgram, host: RunHost): PricedLanguageModel {
  const id = `simulated/${name}`;
  return createLocalModel(id, async (request) => {
    const seed = Buffer.from(host.randomBytes(32)).toString("hex");
    const reply = await program.ask("model", {
      model: name,
      messages: request.messages.map(({ role, text }) => ({ role, text })),
      temperature: request.temperature ?? null,
      maxOutputTokens: request.maxOutputTokens ?? null,
      seed,
    });
    if (reply.status !== "answered") return { status: "failed", message: reply.message };
    const answer = modelReplySchema.safeParse(reply.answer);
    if (!answer.success) return { status: "failed", message: "the program's answer has the wrong form" };
    return { status: "answered", ...answer.data, servedModel: `${id} with seed ${seed}` };
  });
}

function toServices(
  manifest: GatewayManifest,
  phase: GatewayPhase,
  toProgram: (path: string) => GatewayProgram,
  used: () => GatewayUsage,
): ReadonlyMap<string, GatewayService> {
  const services = new Map<string, GatewayService>();
  for (const [name, { program: path, ...phases }] of Object.entries(manifest.services)) {
    const allowed = phases[phase];
    if (allowed === undefined) continue;
    const program = toProgram(path);
    services.set(name, {
      serve: async (request) => {
        const reply = await program.ask("service", request);
        if (reply.status === "failed") throw new Error(reply.message);
        return reply;
      },
      calls: { limit: allowed.calls, used: () => used().calls[`services/${name}`] ?? 0 },
    });
  }
  return services;
}

/** Room for the longest request that is allowed, in UTF-8 and with what stands around it. */
function toRequestBytes({ models }: GatewayManifest): number {
  const longest = Object.values(models).flatMap(({ agent, scoring, programs }) =>
    [agent, scoring, programs].map((allowed) => allowed?.inputCharacters ?? 0),
  );
  return Math.max(defaultGatewayLimits.requestBytes, 4 * Math.max(0, ...longest));
}

function toBudget({ budget }: GatewayManifest, used: () => GatewayUsage): OpenModelBudget {
  const { tokens, costUsd } = budget;
  return openModelBudget({
    ...(tokens === undefined
      ? {}
      : { tokens: { limit: tokens, used: () => used().inputTokens + used().outputTokens } }),
    ...(costUsd === undefined ? {} : { costUsd: { limit: costUsd, used: () => used().costUsd } }),
  });
}
