import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Environment, loadEnvironment, prepareAssets } from "../../src/environment/index.ts";
import type { PricedLanguageModel } from "../../src/model/index.ts";
import {
  type AgentContext,
  carryOutRun,
  planRun,
  type RunHost,
  type RunPaths,
  type RunState,
} from "../../src/run/index.ts";
import { openSnapshotStore } from "../../src/scoring/index.ts";

const quick = join(import.meta.dirname, "..", "fixtures", "environments", "quick");

/** A run that an agent of the test's own has made, in a temporary folder that goes with it. */
export interface LiveRun extends AsyncDisposable {
  readonly paths: RunPaths;
  readonly state: RunState;
  /** Unpacks what an entry of the score log was judged by. @returns the folder */
  unpack(entry: number): Promise<string>;
}

/** What makes a run differ from the plain one. */
export interface LiveRunChange {
  /** Files of the environment in the place of those of `quick`, by their path in its folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly manifest?: (text: string) => string;
  readonly tokens?: number;
  readonly gatewayModels?: ReadonlyMap<string, PricedLanguageModel>;
}

/**
 * Runs an agent of the test's own in the test environment `quick`, from entry 0 to the last scoring.
 *
 * @param act - What it throws is thrown here once the run is over.
 */
export async function carryOut(
  host: RunHost,
  act: (context: AgentContext) => Promise<void>,
  change: LiveRunChange = {},
): Promise<LiveRun> {
  const root = await mkdtemp(join(tmpdir(), "rebench-live-"));
  const dispose = () => rm(root, { recursive: true, force: true });
  try {
    const signal = new AbortController().signal;
    const environment = await makeEnvironment(root, change);
    const { toolchain } = host;
    const cacheDirectory = join(root, "cache");
    const assets = await prepareAssets(environment, "laptop", { toolchain, cacheDirectory, signal });
    const failures: unknown[] = [];
    const run = (context: AgentContext) =>
      act(context).catch((error: unknown) => {
        failures.push(error);
        throw error;
      });
    const agent = { id: "intruder", version: "1", needsModel: false, run };
    const paths = await planRun(
      {
        environment,
        scale: "laptop",
        anchors: publishedAnchors,
        assets,
        agent,
        agentOptions: {},
        model: null,
        budget: { timeMs: 120_000, tokens: change.tokens ?? null, costUsd: null },
        visible: null,
        scoringTime: "charged",
        snapshotPolicy: "all",
        driver: "bubblewrap",
        seed: null,
      },
      join(root, "runs"),
      host,
    );
    const gatewayModels = change.gatewayModels ?? new Map();
    const parts = { environment, assets, agent, model: null, gatewayModels };
    const { state } = await carryOutRun(paths, parts, host, { signal });
    if (failures.length > 0) throw failures[0];
    return {
      paths,
      state,
      unpack: async (entry) => {
        const folder = await mkdtemp(join(root, "unpacked-"));
        const treeSha256 = state.entries[entry]?.snapshot.treeSha256 ?? "";
        await openSnapshotStore(paths.snapshots).materialize(treeSha256, folder);
        return folder;
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

const publishedAnchors = {
  start: { raw: 10, n: null, standardDeviation: null },
  reference: { raw: 1, n: null, standardDeviation: null },
  provenance: { kind: "published", source: "a test environment" },
} as const;

async function makeEnvironment(root: string, change: LiveRunChange): Promise<Environment> {
  const folder = join(root, "environments", "watched");
  await cp(quick, folder, { recursive: true });
  const manifest = join(folder, "environment.yaml");
  const text = (await readFile(manifest, "utf8")).replace("id: quick", "id: watched");
  await writeFile(manifest, change.manifest?.(text) ?? text);
  for (const [path, content] of Object.entries(change.files ?? {})) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return loadEnvironment("watched", { roots: [join(root, "environments")] });
}

/** What a command of the agent's prints. */
export async function shell(context: AgentContext, script: string): Promise<string> {
  const ended = await context.exec(["bash", "-c", script], { timeoutMs: 60_000 });
  if (ended.status !== "exited") throw new Error(`the command ended as ${ended.status}`);
  return ended.stdout.text;
}

/** Leaves a Python program running in the sandbox, and returns when it has made `/tmp/ready`. */
export async function leaveRunning(context: AgentContext, program: string): Promise<void> {
  await context.writeFile("/tmp/program.py", program);
  const start = "setsid nohup python3 -I /tmp/program.py > /tmp/program.log 2>&1 &";
  await shell(context, `${start} until [ -e /tmp/ready ]; do sleep 0.01; done`);
}
