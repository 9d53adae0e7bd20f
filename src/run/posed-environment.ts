import {
  commonDirectory,
  type Environment,
  type PreparedAssets,
  type ScaleName,
} from "../environment/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import type { SandboxSpec } from "../sandbox/index.ts";
import { createScorer, type Scorer, type SnapshotStore } from "../scoring/index.ts";
import { openEnvironmentGateway } from "./gateway/open-environment-gateway.ts";
import { toSandboxLimits } from "./resources.ts";
import type { RunHost } from "./run-host.ts";

/** An environment at one scale, with its assets. */
export interface PosedEnvironment {
  readonly environment: Environment;
  readonly scale: ScaleName;
  readonly assets: PreparedAssets;
}

/** Where agent-visible assets appear in the sandbox. */
const assetsPath = "/assets";

/** The scorer of a posed environment on this host. */
export function createHostScorer(
  posed: PosedEnvironment,
  host: RunHost,
  folders: { readonly store: SnapshotStore; readonly temporaryDirectory: string },
  gatewayModels: ReadonlyMap<string, PricedLanguageModel> = new Map(),
): Scorer {
  const { environment, scale, assets } = posed;
  return createScorer({
    environment,
    scale,
    toolchain: host.toolchain,
    commonDirectory,
    assetsDirectory: assets.judgeDirectory,
    limits: toSandboxLimits(environment.manifest.scales[scale], host.machine),
    devices: toDevices(posed, host),
    randomBytes: host.randomBytes,
    openGateway: (record, signal) =>
      openEnvironmentGateway({ posed, host, phase: "scoring", models: gatewayModels, record, signal }),
    ...folders,
  });
}

/** The sandbox in which a solution of a posed environment is worked on: toolchain, assets and workspace. */
export function toSandboxSpec(
  posed: PosedEnvironment,
  host: RunHost,
  own: Pick<SandboxSpec, "workspace" | "network" | "limits" | "gateway">,
): SandboxSpec {
  return {
    mounts: [...host.toolchain.mounts, { source: posed.assets.agentDirectory, target: assetsPath }],
    env: { ...host.toolchain.env, HOME: "/root", LANG: "C.UTF-8" },
    devices: toDevices(posed, host),
    ...own,
  };
}

function toDevices({ environment, scale }: PosedEnvironment, host: RunHost): readonly string[] {
  return environment.manifest.scales[scale].resources.gpus > 0 ? host.gpuDevices : [];
}
