import type { MachineDescription, Toolchain } from "../machine/index.ts";
import type { SandboxDriver } from "../sandbox/index.ts";

/** This machine and this process, as runs see them; built once by the command line. */
export interface RunHost {
  readonly machine: MachineDescription;
  readonly toolchain: Toolchain;
  readonly cacheDirectory: string;
  readonly drivers: Readonly<Record<SandboxDriver["name"], SandboxDriver>>;
  /** Device nodes of the GPUs. */
  readonly gpuDevices: readonly string[];
  /** Versions of rebench, Node and the toolchain's packages: provenance. */
  readonly versions: Readonly<Record<string, string>>;
  /** Milliseconds since 1970, steady within this process. */
  readonly now: () => number;
  /** Unpredictable bytes. */
  readonly randomBytes: (count: number) => Uint8Array;
}

/** A clock that starts at the wall time and never goes back, whatever is done to the machine's. */
export function createSteadyClock(wallMs: number, monotonicMs: () => number): () => number {
  const base = wallMs - monotonicMs();
  return () => base + monotonicMs();
}
