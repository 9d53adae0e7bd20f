import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { availableParallelism, cpus, release, totalmem } from "node:os";
import { type Gpu, listGpus } from "./gpus.ts";

/** What a number was measured on. */
export interface MachineDescription {
  /**
   * 16 hex digits over processor, cores, memory in GiB and GPUs: equal on machines that may share measured
   * anchors, and on one machine over time. Names no host or user.
   */
  readonly id: string;
  readonly cpuModel: string;
  /** Logical processors this process may use. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly gpus: readonly Gpu[];
  /** As the distribution names itself, e.g. `Debian GNU/Linux 12 (bookworm)`. */
  readonly os: string;
  readonly kernel: string;
}

/** Describes this machine for provenance; control-group limits count as the machine's size. */
export async function describeMachine(
  env: Readonly<NodeJS.ProcessEnv> = process.env,
): Promise<MachineDescription> {
  const [gpus, os, memoryBytes, cores] = await Promise.all([
    listGpus(env),
    readDistribution(),
    readMemoryBytes(),
    readCores(),
  ]);
  const cpuModel = cpus()[0]?.model.trim() || "unknown processor";
  const identity = [cpuModel, cores, Math.round(memoryBytes / 2 ** 30), gpus.map((gpu) => gpu.name)];
  const id = createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 16);
  return { id, cpuModel, cores, memoryBytes, gpus, os, kernel: release() };
}

async function readDistribution(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^PRETTY_NAME="?(.*?)"?$/m.exec(text)?.[1] ?? process.platform;
}

/** In a container the machine's own memory is a promise that nobody keeps. */
async function readMemoryBytes(): Promise<number> {
  const limits = await Promise.all(
    ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"].map((path) =>
      readFile(path, "utf8").then(
        (text) => Number.parseInt(text, 10),
        () => Number.NaN,
      ),
    ),
  );
  return Math.min(totalmem(), ...limits.filter((limit) => limit > 0));
}

async function readCores(): Promise<number> {
  // Counts the processors of the affinity mask, which `taskset`, Slurm and containers narrow.
  const [quota, period] = (await readFile("/sys/fs/cgroup/cpu.max", "utf8").catch(() => "max 1"))
    .split(" ")
    .map(Number);
  const allowed = quota && period ? quota / period : Number.POSITIVE_INFINITY;
  return Math.min(availableParallelism(), Math.max(1, Math.floor(allowed)));
}
