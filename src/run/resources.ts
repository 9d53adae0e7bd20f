import type { ScaleManifest } from "../environment/index.ts";
import type { MachineDescription } from "../machine/index.ts";
import type { SandboxLimits } from "../sandbox/index.ts";
import type { SnapshotLimits } from "../scoring/index.ts";

const gib = 2 ** 30;

/** What a sandbox of one scale may use here: what the manifest says, within what the machine has. */
export function toSandboxLimits(scale: ScaleManifest, machine: MachineDescription): SandboxLimits {
  const { memoryGib, cpus, diskGib } = scale.resources;
  return {
    memoryBytes: Math.floor(Math.min(memoryGib * gib, machine.memoryBytes * 0.9)),
    processes: 2_048,
    cpuCores: Math.min(cpus, machine.cores),
    diskBytes: diskGib * gib,
    openFiles: 8_192,
    outputBytes: 64 * 2 ** 20,
  };
}

/** What one snapshot may hold: the workspace's own disk limit, and counts no honest solution comes near. */
export function toSnapshotLimits(scale: ScaleManifest): SnapshotLimits {
  return {
    sizeBytes: scale.resources.diskGib * gib,
    files: 20_000,
    visited: 100_000,
    depth: 32,
    pathBytes: 1_024,
  };
}
