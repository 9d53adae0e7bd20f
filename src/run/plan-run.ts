import { cp } from "node:fs/promises";
import { join } from "node:path";
import {
  type Anchors,
  type Environment,
  type PreparedAssets,
  renderInstructions,
  type ScaleName,
} from "../environment/index.ts";
import type { DriverName } from "../sandbox/index.ts";
import type { Agent } from "./agent-contract.ts";
import { toSandboxLimits } from "./resources.ts";
import { createRunDirectory, type RunPaths } from "./run-directory.ts";
import type { RunHost } from "./run-host.ts";
import type { Budget, RunRecord } from "./run-record.ts";

/** One run as somebody wants it. */
export interface RunPlan {
  readonly environment: Environment;
  readonly scale: ScaleName;
  readonly anchors: Anchors;
  readonly assets: PreparedAssets;
  readonly agent: Agent;
  readonly agentOptions: Readonly<Record<string, string>>;
  readonly model: RunRecord["model"];
  /** None by default. */
  readonly gatewayModels?: RunRecord["gatewayModels"];
  readonly budget: Budget;
  /** Null takes the environment's own setting. */
  readonly visible: boolean | null;
  readonly scoringTime: "charged" | "free";
  readonly snapshotPolicy: RunRecord["snapshotPolicy"];
  readonly driver: DriverName;
  /** Null draws one. */
  readonly seed: string | null;
}

/**
 * Makes the directory of a new run: its record and the workspace with the starting solution. Nothing runs yet.
 *
 * @throws RUN_NOT_CREATED; ENVIRONMENT_BROKEN when the instructions cannot be rendered
 */
export async function planRun(plan: RunPlan, runsDirectory: string, host: RunHost): Promise<RunPaths> {
  const record = await toRunRecord(plan, host);
  return createRunDirectory(runsDirectory, record, (workspace) =>
    cp(join(plan.environment.directory, "start"), workspace, {
      recursive: true,
      filter: (path) => !path.includes("__pycache__"),
    }),
  );
}

async function toRunRecord(plan: RunPlan, host: RunHost): Promise<RunRecord> {
  const { manifest, sha256 } = plan.environment;
  const scale = manifest.scales[plan.scale];
  const visible = plan.visible ?? manifest.score.visible;
  const createdAt = new Date(host.now());
  const suffix = Buffer.from(host.randomBytes(4)).toString("hex");
  return {
    schemaVersion: 1,
    runId: `${toStamp(createdAt)}-${manifest.id}-${plan.agent.id.replace(/[^a-z0-9-]/g, "-")}-${suffix}`,
    createdAt: createdAt.toISOString(),
    environment: {
      id: manifest.id,
      title: manifest.title,
      sha256,
      scale: plan.scale,
      score: { ...manifest.score, visible },
      parameters: scale.parameters,
      anchors: plan.anchors,
      assets: { key: plan.assets.key, sha256: plan.assets.sha256 },
      scoringTimeoutSeconds: scale.scoringTimeoutSeconds,
      solutionFiles: manifest.solution.files,
      solutionCommand: manifest.solution.command ?? null,
      instructions: await renderInstructions(plan.environment, plan.scale, {
        visible,
        timeLimitMs: plan.budget.timeMs,
      }),
    },
    actor: plan.agent.id.startsWith("solution:") ? "baseline" : "agent",
    agent: { id: plan.agent.id, version: plan.agent.version, options: { ...plan.agentOptions } },
    model: plan.model,
    gatewayModels: plan.gatewayModels ?? {},
    budget: plan.budget,
    scoringTime: plan.scoringTime,
    snapshotPolicy: plan.snapshotPolicy,
    seed: plan.seed ?? Buffer.from(host.randomBytes(16)).toString("hex"),
    sandbox: {
      driver: plan.driver,
      network: manifest.network,
      limits: { ...toSandboxLimits(scale, host.machine) },
    },
    machine: JSON.parse(JSON.stringify(host.machine)),
    versions: { ...host.versions },
  };
}

/** `20261124-071500` in UTC: run folders sort by time. */
function toStamp(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
}
