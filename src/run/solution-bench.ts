import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment, GivenSolution, PreparedAssets, ScaleName } from "../environment/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import { collectSnapshot, openSnapshotStore, type Scorer, type SnapshotRef } from "../scoring/index.ts";
import { runErrors } from "./errors.ts";
import { openEnvironmentGateway } from "./gateway/open-environment-gateway.ts";
import { createHostScorer, toSandboxSpec } from "./posed-environment.ts";
import { toSandboxLimits, toSnapshotLimits } from "./resources.ts";
import type { RunHost } from "./run-host.ts";
import { findCommandProblem, installSolution } from "./solution.ts";

/** Where the evaluator judges solutions outside any run. */
export interface SolutionBench extends AsyncDisposable {
  readonly scorer: Scorer;
  /** Runs the environment's solution command where it has one, then takes the snapshot. */
  snapshotSolution(which: GivenSolution, signal: AbortSignal): Promise<SnapshotRef>;
  /** Takes the snapshot of any folder of the host. */
  snapshotFolder(directory: string): Promise<SnapshotRef>;
  /** Writes the files of a snapshot into an empty folder. */
  unpack(treeSha256: string, directory: string): Promise<void>;
}

/** Opens a bench in a temporary folder, which goes when it is disposed. */
export async function openSolutionBench(
  environment: Environment,
  scale: ScaleName,
  assets: PreparedAssets,
  host: RunHost,
  gatewayModels: ReadonlyMap<string, PricedLanguageModel> = new Map(),
): Promise<SolutionBench> {
  const root = await mkdtemp(join(tmpdir(), "rebench-bench-"));
  const store = openSnapshotStore(join(root, "snapshots"));
  const posed = { environment, scale, assets };
  const manifest = environment.manifest.scales[scale];
  const scorer = createHostScorer(posed, host, { store, temporaryDirectory: root }, gatewayModels);
  const snapshotFolder = async (directory: string): Promise<SnapshotRef> =>
    (await collectSnapshot(directory, store, toSnapshotLimits(manifest))).snapshot;

  return {
    scorer,
    snapshotFolder,
    unpack: (treeSha256, directory) => store.materialize(treeSha256, directory),
    async snapshotSolution(which, signal) {
      const workspace = join(root, which);
      await mkdir(workspace);
      const limits = toSandboxLimits(manifest, host.machine);
      // A solution may ask what an agent may ask; outside a run nobody keeps what it asked.
      await using gateway = openEnvironmentGateway({
        ...{ posed, host, phase: "agent", models: gatewayModels, signal },
        record: () => {},
      });
      const network =
        gateway === null
          ? ({ network: "none" } as const)
          : ({ network: "gateway", gateway: gateway.accept } as const);
      const spec = toSandboxSpec(posed, host, { workspace, limits, ...network });
      await using sandbox = await host.drivers.bubblewrap.openSandbox(spec);
      const ended = await installSolution(environment, which, sandbox, signal);
      signal.throwIfAborted();
      const problem = ended === null ? null : findCommandProblem(ended);
      if (problem !== null) {
        const detail = `its command failed: ${problem}`;
        throw runErrors.CALIBRATION_FAILED({ environment: environment.manifest.id, which, detail });
      }
      await sandbox.freeze();
      return await snapshotFolder(sandbox.workspaceOnHost);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
