import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Environment, PreparedAssets } from "../environment/index.ts";
import { isRebenchError, reasonOf } from "../errors/index.ts";
import { acquireFileLock } from "../machine/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import {
  collectSnapshot,
  openSnapshotStore,
  type Scorer,
  type SnapshotStore,
  toDroppableSnapshots,
} from "../scoring/index.ts";
import type { Agent } from "./agent-contract.ts";
import { runErrors } from "./errors.ts";
import { executeRun, type RunDependencies, type RunOutcome } from "./execute.ts";
import { openEnvironmentGateway } from "./gateway/open-environment-gateway.ts";
import { createHostScorer, toSandboxSpec } from "./posed-environment.ts";
import { toSnapshotLimits } from "./resources.ts";
import { loadRunRecord, type RunPaths } from "./run-directory.ts";
import type { RunHost } from "./run-host.ts";
import type { RunRecord } from "./run-record.ts";
import type { RunScorer } from "./score-keeper.ts";

/** What carries a planned run out. */
export interface RunParts {
  readonly environment: Environment;
  readonly assets: PreparedAssets;
  readonly agent: Agent;
  readonly model: PricedLanguageModel | null;
  /** Real models for programs in the sandbox and for judges, by the name that those ask for; none by default. */
  readonly gatewayModels?: ReadonlyMap<string, PricedLanguageModel>;
}

/**
 * Starts or resumes the run in a directory, holding its lock.
 *
 * @throws RUN_BUSY, RUN_CHANGED, and what {@link executeRun} throws
 */
export async function carryOutRun(
  paths: RunPaths,
  parts: RunParts,
  host: RunHost,
  options: Pick<RunDependencies, "signal" | "onEvent">,
): Promise<RunOutcome> {
  await using _lock = await lockRun(paths);
  const record = loadRunRecord(paths);
  assertUnchanged(record.record, parts);
  await using judging = await openJudging(paths, record.record, parts, host);
  const { environment, sandbox } = record.record;
  const posed = { ...parts, scale: environment.scale };
  const { network, limits } = sandbox;
  const spec = toSandboxSpec(posed, host, { workspace: paths.workspace, network, limits });
  const models = parts.gatewayModels ?? new Map();
  return await executeRun({
    paths,
    record,
    environment: parts.environment,
    agent: parts.agent,
    model: parts.model,
    openSandbox: (gateway) =>
      host.drivers[sandbox.driver].openSandbox(gateway === null ? spec : { ...spec, gateway }),
    openGateway: (rest) => openEnvironmentGateway({ posed, host, phase: "agent", models, ...rest }),
    scorer: toRunScorer(judging, record.record, parts),
    now: host.now,
    ...options,
  });
}

/**
 * Holds the run of a directory for this process.
 *
 * @throws RUN_BUSY at once when another holds it; RUN_UNWRITABLE
 */
export async function lockRun(paths: RunPaths): Promise<AsyncDisposable> {
  const controller = new AbortController();
  try {
    return await acquireFileLock(paths.lock, {
      signal: controller.signal,
      onWait: ({ pid }) =>
        controller.abort(runErrors.RUN_BUSY({ path: paths.root, holder: `process ${pid}` })),
    });
  } catch (cause) {
    if (isRebenchError(cause)) throw cause;
    const detail = reasonOf(cause);
    throw runErrors.RUN_UNWRITABLE({ path: paths.root, detail }, cause);
  }
}

/** The scorer of a run's kept snapshots, with a temporary folder that goes when it is disposed. */
export async function openJudging(
  paths: RunPaths,
  record: RunRecord,
  parts: Pick<RunParts, "environment" | "assets" | "gatewayModels">,
  host: RunHost,
): Promise<AsyncDisposable & { readonly store: SnapshotStore; readonly scorer: Scorer }> {
  // Whoever holds the run's lock may take away what a killed process left here.
  const temporaryDirectory = join(paths.root, "judging");
  await rm(temporaryDirectory, { recursive: true, force: true });
  await mkdir(temporaryDirectory);
  const store = openSnapshotStore(paths.snapshots);
  const posed = { ...parts, scale: record.environment.scale };
  const scorer = createHostScorer(posed, host, { store, temporaryDirectory }, parts.gatewayModels);
  return {
    store,
    scorer,
    [Symbol.asyncDispose]: () => rm(temporaryDirectory, { recursive: true, force: true }),
  };
}

/** @throws RUN_CHANGED when code or assets are not those the run began with */
export function assertUnchanged(
  record: RunRecord,
  parts: { readonly environment: Environment; readonly assets: PreparedAssets; readonly agent?: Agent },
): void {
  const { environment, agent } = record;
  const pairs: readonly (readonly [string, string, string])[] = [
    [`the environment ${environment.id}`, environment.sha256, parts.environment.sha256],
    [`the assets of ${environment.id}`, environment.assets.sha256, parts.assets.sha256],
    // From the manifest when the run began; a record that says otherwise would let an agent out.
    [`the network of ${environment.id}`, record.sandbox.network, parts.environment.manifest.network],
    [`the agent ${agent.id}`, agent.version, parts.agent?.version ?? agent.version],
  ];
  for (const [what, recorded, now] of pairs) {
    if (recorded !== now) {
      throw runErrors.RUN_CHANGED({ what, recorded: recorded.slice(0, 12), now: now.slice(0, 12) });
    }
  }
}

function toRunScorer(
  { store, scorer }: { readonly store: SnapshotStore; readonly scorer: Scorer },
  record: RunRecord,
  parts: RunParts,
): RunScorer {
  const { anchors, score, scale } = record.environment;
  const limits = toSnapshotLimits(parts.environment.manifest.scales[scale]);
  return {
    takeSnapshot: async (workspaceOnHost) => (await collectSnapshot(workspaceOnHost, store, limits)).snapshot,
    score: (snapshot, signal) => scorer.score(snapshot.treeSha256, anchors, signal),
    onRecorded: async (entries, pending) => {
      const awaited = new Set(pending.map(({ snapshot }) => snapshot.treeSha256));
      const droppable = toDroppableSnapshots(entries, record.snapshotPolicy, score.final, score.direction);
      for (const treeSha256 of droppable) {
        if (!awaited.has(treeSha256) && (await store.keepsContent(treeSha256))) await store.drop(treeSha256);
      }
    },
  };
}
