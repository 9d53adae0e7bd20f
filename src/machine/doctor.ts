import { checkHardware } from "./doctor-hardware.ts";
import { checkIsolation } from "./doctor-isolation.ts";
import { checkSoftware } from "./doctor-software.ts";

/** A use of this project: `laptop` and `paper` scale, and the container driver. */
export type Need = "laptop" | "paper" | "container";

/** One thing a machine has or lacks. */
export interface MachineCheck {
  /** Permanent, e.g. `bubblewrap`. */
  readonly id: string;
  readonly title: string;
  /** `warning`: it works, with the drawback that `means` names. */
  readonly status: "ok" | "warning" | "missing";
  /** What is there. */
  readonly found: string;
  /** What that means for whoever runs rebench here; empty when all is well. */
  readonly means: string;
  /** What to type or do; empty when nothing need be done. */
  readonly remedy: string;
  readonly neededFor: readonly Need[];
}

/** Which places of the machine are looked at. */
export interface DoctorOptions {
  /** Default: see `locateCache`. */
  readonly cacheDirectory?: string | undefined;
  /** Folder whose disk will hold the runs. Default: the current one. */
  readonly runsDirectory?: string | undefined;
  readonly env?: Readonly<NodeJS.ProcessEnv> | undefined;
}

/** Looks at everything this project needs of a machine; changes nothing. */
export async function doctor(options: DoctorOptions = {}): Promise<readonly MachineCheck[]> {
  const groups = await Promise.all([checkSoftware(options), checkIsolation(options), checkHardware(options)]);
  return groups.flat();
}

/** True when every check that this use needs is `ok`. */
export function isReadyFor(need: Need, checks: readonly MachineCheck[]): boolean {
  return checks.every((check) => !check.neededFor.includes(need) || check.status === "ok");
}
