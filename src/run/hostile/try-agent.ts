import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Anchors, Environment, PreparedAssets, ScaleName } from "../../environment/index.ts";
import { reasonOf } from "../../errors/index.ts";
import type { PricedLanguageModel } from "../../model/index.ts";
import { collectSnapshot, openSnapshotStore } from "../../scoring/index.ts";
import type { Agent } from "../agent-contract.ts";
import { carryOutRun } from "../carry-out-run.ts";
import { type EnvironmentCheck, toPlace } from "../environment-check.ts";
import type { RunEvent } from "../events.ts";
import { planRun } from "../plan-run.ts";
import { toSnapshotLimits } from "../resources.ts";
import type { RunHost } from "../run-host.ts";
import type { RunState } from "../run-state.ts";
import { verifyRun } from "../verify.ts";
import type { HostileAgent } from "./agents.ts";

/** What hostile agents are tried with. */
export interface AgentTrial {
  readonly environment: Environment;
  readonly scale: ScaleName;
  readonly assets: PreparedAssets;
  readonly host: RunHost;
  readonly anchors: Anchors;
  readonly gatewayModels: ReadonlyMap<string, PricedLanguageModel>;
  /** Most that work which was not done may be worth, normalized. */
  readonly most: number;
  readonly signal: AbortSignal;
}

/** Lets one hostile agent have a run of its own, in a temporary folder, and looks at what became of it. */
export async function tryAgent(hostile: HostileAgent, trial: AgentTrial): Promise<EnvironmentCheck> {
  const { environment, scale, assets, host, anchors, gatewayModels, most, signal } = trial;
  const agent: Agent = {
    id: `hostile-${hostile.id}`,
    version: "1",
    needsModel: false,
    run: async (context) => {
      await hostile.act(context, anchors.reference.raw);
    },
  };
  const root = await mkdtemp(join(tmpdir(), "rebench-hostile-"));
  try {
    const paths = await planRun(
      {
        ...{ environment, scale, anchors, assets, agent },
        ...{ agentOptions: {}, model: null, visible: null, seed: null },
        budget: { timeMs: hostile.timeMs, tokens: null, costUsd: null },
        ...{ scoringTime: "charged", snapshotPolicy: "all", driver: "bubblewrap" },
      },
      root,
      host,
    );
    const events: RunEvent[] = [];
    const parts = { environment, assets, agent, model: null, gatewayModels };
    const { state } = await carryOutRun(paths, parts, host, {
      signal,
      onEvent: (event) => void (event.type === "score-requested" && events.push(event)),
    });
    signal.throwIfAborted();
    const { checks } = await verifyRun(paths);
    const limits = toSnapshotLimits(environment.manifest.scales[scale]);
    const left = await collectSnapshot(paths.workspace, openSnapshotStore(join(root, "left")), limits);
    const problems = findRunProblems({
      ...{ state, events, anchors, most },
      asks: hostile.asks,
      leftTree: left.snapshot.treeSha256,
      verification: checks.flatMap(({ problems }) => problems),
    });
    return toCheck(hostile, problems, state, trial);
  } catch (error) {
    signal.throwIfAborted();
    return toCheck(hostile, [`the run broke off: ${reasonOf(error)}`], null, trial);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** What a run of a hostile agent left, as far as it matters. */
export interface HostileRun {
  readonly state: RunState;
  /** Its events of the type `score-requested`. */
  readonly events: readonly RunEvent[];
  readonly anchors: Anchors;
  readonly most: number;
  /** Scores the agent has asked the harness for. */
  readonly asks: number;
  /** What lies in the workspace once all is over. */
  readonly leftTree: string;
  /** What is wrong with the record. */
  readonly verification: readonly string[];
}

/** Where the agent of a run has got the better of the harness or the judge, one sentence each. */
export function findRunProblems(run: HostileRun): readonly string[] {
  const { state, events, anchors, asks } = run;
  const problems = [...run.verification];
  const reason = state.ending?.reason ?? "none";
  if (state.phase !== "ended" || !["agent-finished", "time-limit"].includes(reason)) {
    problems.push(`the run is ${state.phase} (${state.ending?.message ?? "without an ending"})`);
  }
  const requests = events.flatMap((event) => (event.type === "score-requested" ? [event] : []));
  const asked = requests.filter(({ operation }) => operation !== null).length;
  const own = requests.filter(({ operation }) => operation === null).map(({ entry }) => entry);
  const isOwn = own.every((entry) => entry === 0 || entry === requests.length - 1);
  if (asked !== asks || !isOwn || own.length > 2 || state.entries.length !== requests.length) {
    problems.push(`the score log has ${state.entries.length} entries, of which ${asked} were asked for`);
  }
  if (state.entries.at(-1)?.snapshot.treeSha256 !== run.leftTree) {
    problems.push("the workspace is not what was scored last");
  }
  for (const { index, result } of state.entries) {
    if (result.result !== "scored") continue;
    const place = toPlace(result.raw, anchors);
    if (place > run.most) problems.push(`entry ${index} is worth ${place.toFixed(3)}`);
  }
  return problems;
}

function toCheck(
  { id, title }: HostileAgent,
  problems: readonly string[],
  state: RunState | null,
  { anchors, most }: AgentTrial,
): EnvironmentCheck {
  const entries = state?.entries ?? [];
  const places = entries.flatMap(({ result }) =>
    result.result === "scored" ? [toPlace(result.raw, anchors)] : [],
  );
  const worth = places.length === 0 ? "no score" : `best ${Math.max(...places).toFixed(3)}`;
  return {
    id: `agent-${id}`,
    title: `nothing is gained by ${title}`,
    passed: problems.length === 0,
    found: problems.length === 0 ? `${entries.length} entries, ${worth}` : problems.join("; "),
    allowed: `the harness's own entries, each worth at most ${most.toFixed(3)}`,
    values: places,
  };
}
