import { type Environment, loadEnvironment, prepareAssets } from "../../src/environment/index.ts";
import { openSolutionBench, type RunHost, type SolutionBench } from "../../src/run/index.ts";
import { type ScoringResult, toScoringResult } from "../../src/scoring/index.ts";

/** Sizes that take a second instead of a minute; the calls, laws and limits are of the same kinds. */
const smallParameters = {
  elements: 200_000,
  timedCalls: 5,
  warmUpCalls: 1,
  importLimitSeconds: 20,
  callLimitSeconds: 5,
};

/** Natural logarithms of milliseconds; only the place of 0 and 1 depends on them. */
const anchors = {
  start: { raw: 2, n: null, standardDeviation: null },
  reference: { raw: 0, n: null, standardDeviation: null },
  provenance: { kind: "published", source: "made up for tests" },
} as const;

/** What one scoring came to, and what the harness keeps of it. */
export interface KernelScoring {
  readonly result: ScoringResult;
  readonly log: string;
  readonly seed: string | null;
}

/** optimize-kernel at a small size, scored by everything the harness is made of. */
export interface Kernel {
  /** Snapshot, store, jail, judge and runner for any folder of the host. */
  score(workspace: string, change?: KernelChange): Promise<KernelScoring>;
  /** The same for a solution that ships with the environment. */
  scoreSolution(which: "starting" | "reference"): Promise<KernelScoring>;
}

/** What an attack needs otherwise. */
export interface KernelChange {
  readonly parameters?: Readonly<Record<string, number>>;
  readonly memoryGib?: number | undefined;
}

/** Prepares the assets; nothing to close. */
export async function openKernel(host: RunHost, signal: AbortSignal): Promise<Kernel> {
  const environment = await loadEnvironment("optimize-kernel");
  const { toolchain, cacheDirectory } = host;
  const assets = await prepareAssets(environment, "laptop", { toolchain, cacheDirectory, signal });
  const within = async (
    change: KernelChange,
    snapshot: (bench: SolutionBench) => Promise<{ readonly treeSha256: string }>,
  ): Promise<KernelScoring> => {
    await using bench = await openSolutionBench(makeSmall(environment, change), "laptop", assets, host);
    const { treeSha256 } = await snapshot(bench);
    const { verdict, log, seed } = await bench.scorer.judge(treeSha256, signal);
    return {
      result: toScoringResult(verdict, { anchors, direction: "lower", timeoutSeconds: 60 }),
      log,
      seed,
    };
  };
  return {
    score: (workspace, change = {}) => within(change, (bench) => bench.snapshotFolder(workspace)),
    scoreSolution: (which) => within({}, (bench) => bench.snapshotSolution(which, signal)),
  };
}

function makeSmall(environment: Environment, { parameters, memoryGib }: KernelChange): Environment {
  const { laptop, paper } = environment.manifest.scales;
  const small = {
    ...laptop,
    resources: { ...laptop.resources, memoryGib: memoryGib ?? laptop.resources.memoryGib },
    parameters: { ...laptop.parameters, ...smallParameters, ...parameters },
  };
  return { ...environment, manifest: { ...environment.manifest, scales: { laptop: small, paper } } };
}
