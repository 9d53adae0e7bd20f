import { createAgent } from "../agent/index.ts";
import { type Environment, loadEnvironment, type ScaleName } from "../environment/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import {
  carryOutRun,
  loadRunRecord,
  planRun,
  type RunHost,
  type RunOutcome,
  type RunPaths,
  type RunRecord,
  runErrors,
} from "../run/index.ts";
import type { DriverName } from "../sandbox/index.ts";
import type { CliContext } from "./context.ts";
import { cliErrors } from "./errors.ts";
import { type GatewayChoice, openGatewayModels } from "./gateway-models.ts";
import { type ModelAccess, openModel, plainAccess } from "./open-model.ts";
import { prepareWithProgress, resolveAnchorsWithProgress } from "./prepare-environment.ts";
import { RunProgress } from "./run-progress.ts";
import { keepHeapSmall } from "./small-heap.ts";

/** A run as asked for on the command line. */
export interface LaunchRequest extends ModelAccess {
  readonly environmentId: string;
  readonly scale: ScaleName;
  readonly agentId: string;
  readonly agentOptions: Readonly<Record<string, string>>;
  readonly modelId: string | null;
  /** Models for programs in the sandbox; the environment's own by default. */
  readonly gateway: GatewayChoice;
  /** Null takes the scale's default. */
  readonly timeMs: number | null;
  readonly tokens: number | null;
  readonly costUsd: number | null;
  readonly hidden: boolean;
  readonly scoringTime: "charged" | "free";
  readonly snapshotPolicy: RunRecord["snapshotPolicy"];
  readonly driver: DriverName;
  readonly trustsAgent: boolean;
  readonly seed: string | null;
  readonly runsDirectory: string;
}

/** A run that was carried out, or as far as it came. */
export interface Launched {
  readonly paths: RunPaths;
  readonly outcome: RunOutcome;
}

/** A run without a language model of its own, all else as it is by default. */
export function toPlainRequest(
  run: Pick<LaunchRequest, "environmentId" | "scale" | "agentId" | "timeMs" | "runsDirectory"> &
    Partial<Pick<LaunchRequest, "gateway">>,
): LaunchRequest {
  return {
    gateway: { ids: {}, access: plainAccess },
    ...run,
    ...plainAccess,
    agentOptions: {},
    modelId: null,
    tokens: null,
    costUsd: null,
    hidden: false,
    scoringTime: "charged",
    snapshotPolicy: "all",
    driver: "bubblewrap",
    trustsAgent: false,
    seed: null,
  };
}

/** Plans a new run and carries it out, with progress. */
export async function launchRun(context: CliContext, request: LaunchRequest): Promise<Launched> {
  const environment = await loadEnvironment(request.environmentId, { roots: context.environmentRoots });
  const agent = createAgent(request.agentId, request.agentOptions);
  if (agent.needsModel && request.modelId === null) throw runErrors.MODEL_MISSING({ agent: agent.id });
  assertTrusted(request);
  const { modelId, costUsd } = request;
  const model = modelId === null ? null : await openModel(context, modelId, costUsd, request);
  const { open, recorded } = await openGatewayModels(
    context,
    environment,
    request.scale,
    request.gateway,
    costUsd,
  );
  const host = await context.openHost();
  const assets = await prepareWithProgress(context, environment, request.scale, host);
  const anchors = await resolveAnchorsWithProgress(context, {
    ...{ environment, scale: request.scale, assets, host, gatewayModels: open },
  });
  const scale = environment.manifest.scales[request.scale];
  const paths = await planRun(
    {
      environment,
      scale: request.scale,
      anchors,
      assets,
      agent,
      agentOptions: request.agentOptions,
      model: model === null ? null : { id: model.id, baseUrl: request.baseUrl, price: model.price },
      gatewayModels: recorded,
      budget: {
        timeMs: request.timeMs ?? scale.timeLimitMinutes * 60_000,
        tokens: request.tokens,
        costUsd: request.costUsd,
      },
      visible: request.hidden ? false : null,
      scoringTime: request.scoringTime,
      snapshotPolicy: request.snapshotPolicy,
      driver: request.driver,
      seed: request.seed,
    },
    request.runsDirectory,
    host,
  );
  const parts = { environment, assets, agent, model, gatewayModels: open };
  return carryOut(context, paths, parts, host);
}

/**
 * Takes up an interrupted run where its events leave it. The folder may come from a stranger: what its record asks for
 * beyond the sandbox, the command line has to say again.
 *
 * @throws AGENT_NOT_TRUSTED, MODEL_ADDRESS_UNCONFIRMED
 */
export async function resumeRun(
  context: CliContext,
  paths: RunPaths,
  access: ModelAccess & { readonly trustsAgent: boolean; readonly gatewayBaseUrl?: string | null },
): Promise<Launched> {
  const { record } = loadRunRecord(paths);
  assertTrusted({
    driver: record.sandbox.driver,
    agentId: record.agent.id,
    trustsAgent: access.trustsAgent,
  });
  assertAddressKnown(record.model?.baseUrl ?? null, access.baseUrl);
  const recorded = await openRecorded(context, record, { ...access, baseUrl: access.gatewayBaseUrl ?? null });
  const { environment, assets, host, gatewayModels } = recorded;
  const agent = createAgent(record.agent.id, record.agent.options);
  const baseUrl = access.baseUrl ?? record.model?.baseUrl ?? null;
  const model =
    record.model === null
      ? null
      : await openModel(
          context,
          record.model.id,
          record.budget.costUsd,
          { ...access, baseUrl },
          record.model.price,
        );
  return carryOut(context, paths, { environment, assets, agent, model, gatewayModels }, host);
}

/**
 * The environment, assets and models behind the gateway that a recorded run needs, as they are now.
 *
 * @param access - How the models are reached.
 * @throws MODEL_ADDRESS_UNCONFIRMED
 */
export async function openRecorded(
  context: CliContext,
  record: RunRecord,
  access: ModelAccess = plainAccess,
): Promise<{
  readonly environment: Environment;
  readonly assets: Awaited<ReturnType<typeof prepareWithProgress>>;
  readonly host: RunHost;
  readonly gatewayModels: ReadonlyMap<string, PricedLanguageModel>;
}> {
  const gatewayModels = new Map<string, PricedLanguageModel>();
  for (const [name, { id, baseUrl, price }] of Object.entries(record.gatewayModels)) {
    assertAddressKnown(baseUrl, access.baseUrl);
    const reached = { ...access, baseUrl: access.baseUrl ?? baseUrl };
    gatewayModels.set(name, await openModel(context, id, record.budget.costUsd, reached, price));
  }

  const environment = await loadEnvironment(record.environment.id, { roots: context.environmentRoots });
  const host = await context.openHost();
  const assets = await prepareWithProgress(context, environment, record.environment.scale, host);
  return { environment, assets, host, gatewayModels };
}

async function carryOut(
  context: CliContext,
  paths: RunPaths,
  parts: Parameters<typeof carryOutRun>[1],
  host: RunHost,
): Promise<Launched> {
  using _heap = keepHeapSmall();
  using progress = new RunProgress(context, loadRunRecord(paths).record);
  const outcome = await carryOutRun(paths, parts, host, {
    signal: context.signal,
    onEvent: (event, state) => progress.onEvent(event, state),
  });
  return { paths, outcome };
}

/** The host driver isolates nothing: only our own baselines may use it unasked. */
function assertTrusted(request: Pick<LaunchRequest, "driver" | "agentId" | "trustsAgent">): void {
  if (request.driver !== "host" || request.trustsAgent) return;
  if (request.agentId.startsWith("solution:") || request.agentId === "tweak") return;
  throw runErrors.AGENT_NOT_TRUSTED({ agent: request.agentId });
}

/** The key goes where the address says. One on this machine is nobody's but ours. */
function assertAddressKnown(recorded: string | null, confirmed: string | null): void {
  if (recorded === null || confirmed !== null) return;
  const host = URL.canParse(recorded) ? new URL(recorded).hostname : "";
  if (["127.0.0.1", "[::1]", "localhost"].includes(host)) return;
  throw cliErrors.MODEL_ADDRESS_UNCONFIRMED({ baseUrl: recorded });
}
