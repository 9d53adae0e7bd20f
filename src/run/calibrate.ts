import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Anchors,
  commonDirectory,
  type Environment,
  type PreparedAssets,
  type ScaleName,
  saveMeasuredAnchors,
} from "../environment/index.ts";
import {
  collectSnapshot,
  createScorer,
  type Judged,
  openSnapshotStore,
  type Scorer,
  type SnapshotRef,
} from "../scoring/index.ts";
import { runErrors } from "./errors.ts";
import { assetsPath } from "./open-run.ts";
import { toSandboxLimits, toSnapshotLimits } from "./resources.ts";
import type { RunHost } from "./run-host.ts";
import { installSolution } from "./solution.ts";

/** How anchors are measured. */
export interface CalibrationOptions {
  /** Scorings of each of the two solutions. */
  readonly scorings: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: {
    readonly which: "starting" | "reference";
    readonly done: number;
    readonly total: number;
    readonly raw: number | null;
  }) => void;
}

/**
 * Scores the starting and the reference solution in turn and keeps their medians as this machine's anchors. In
 * turn, so that a machine that slows down while it is measured slows both.
 *
 * @throws CALIBRATION_FAILED when a scoring gives no number; ANCHORS_UNUSABLE when the reference is no better
 */
export async function calibrate(
  environment: Environment,
  scale: ScaleName,
  assets: PreparedAssets,
  host: RunHost,
  options: CalibrationOptions,
): Promise<Anchors> {
  await using bench = await openSolutionBench(environment, scale, assets, host);
  const snapshots = {
    starting: await bench.snapshotSolution("starting", options.signal),
    reference: await bench.snapshotSolution("reference", options.signal),
  };
  const raws: { readonly starting: number[]; readonly reference: number[] } = { starting: [], reference: [] };
  const total = options.scorings * 2;
  for (let round = 0; round < options.scorings; round += 1) {
    for (const which of ["starting", "reference"] as const) {
      const done = raws.starting.length + raws.reference.length;
      options.onProgress?.({ which, done, total, raw: raws[which].at(-1) ?? null });
      const judged = await bench.scorer.judge(snapshots[which].treeSha256, options.signal);
      raws[which].push(toRaw(judged, environment.manifest.id, which));
    }
  }
  return saveMeasuredAnchors(
    environment,
    scale,
    { start: raws.starting, reference: raws.reference, measuredAt: new Date(host.now()).toISOString() },
    { machine: host.machine, versions: host.versions, cacheDirectory: host.cacheDirectory },
  );
}

/** Where the evaluator judges solutions outside any run. */
export interface SolutionBench extends AsyncDisposable {
  readonly scorer: Scorer;
  /** Runs the environment's solution command where it has one, then takes the snapshot. */
  snapshotSolution(which: "starting" | "reference", signal: AbortSignal): Promise<SnapshotRef>;
  /** Takes the snapshot of any folder of the host. */
  snapshotFolder(directory: string): Promise<SnapshotRef>;
}

/** Opens a bench in a temporary folder, which goes when it is disposed. */
export async function openSolutionBench(
  environment: Environment,
  scale: ScaleName,
  assets: PreparedAssets,
  host: RunHost,
): Promise<SolutionBench> {
  const root = await mkdtemp(join(tmpdir(), "rebench-bench-"));
  const store = openSnapshotStore(join(root, "snapshots"));
  const manifest = environment.manifest.scales[scale];
  const limits = toSandboxLimits(manifest, host.machine);
  const devices = manifest.resources.gpus > 0 ? host.gpuDevices : [];
  const scorer = createScorer({
    environment,
    scale,
    store,
    toolchain: host.toolchain,
    commonDirectory,
    assetsDirectory: assets.judgeDirectory,
    temporaryDirectory: root,
    limits,
    devices,
    randomBytes: host.randomBytes,
  });
  const snapshotFolder = async (directory: string): Promise<SnapshotRef> =>
    (await collectSnapshot(directory, store, toSnapshotLimits(manifest))).snapshot;

  return {
    scorer,
    snapshotFolder,
    async snapshotSolution(which, signal) {
      const workspace = join(root, which);
      await mkdir(workspace);
      await using sandbox = await host.drivers.bubblewrap.openSandbox({
        workspace,
        mounts: [...host.toolchain.mounts, { source: assets.agentDirectory, target: assetsPath }],
        env: { ...host.toolchain.env, HOME: "/root", LANG: "C.UTF-8" },
        network: "none",
        limits,
        devices,
      });
      const ended = await installSolution(environment, which, sandbox, signal);
      signal.throwIfAborted();
      if (ended !== null && !(ended.status === "exited" && ended.exitCode === 0)) {
        const detail = `its command ended as ${ended.status}: ${ended.stderr.text.slice(-2_000)}`;
        throw runErrors.CALIBRATION_FAILED({ environment: environment.manifest.id, which, detail });
      }
      await sandbox.freeze();
      return await snapshotFolder(sandbox.workspaceOnHost);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

function toRaw({ verdict, log }: Judged, environment: string, which: "starting" | "reference"): number {
  if (verdict.kind === "answered" && verdict.answer.result === "scored") return verdict.answer.raw;
  const detail =
    verdict.kind === "answered"
      ? `${verdict.answer.result}: ${verdict.answer.message}`
      : `${verdict.kind}\n${log.slice(-2_000)}`;
  throw runErrors.CALIBRATION_FAILED({ environment, which, detail });
}
