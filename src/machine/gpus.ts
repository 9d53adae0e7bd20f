import { readdir } from "node:fs/promises";
import { execa } from "execa";

/** One NVIDIA GPU as its driver describes it. */
export interface Gpu {
  readonly name: string;
  readonly memoryMib: number;
  readonly driver: string;
}

/** NVIDIA GPUs of this machine as its driver names them; empty without a working driver. */
export async function listGpus(env: Readonly<NodeJS.ProcessEnv> = process.env): Promise<readonly Gpu[]> {
  const query = "--query-gpu=name,memory.total,driver_version";
  const result = await execa("nvidia-smi", [query, "--format=csv,noheader,nounits"], {
    env: { ...env },
    extendEnv: false,
    reject: false,
    timeout: 30_000,
    stdin: "ignore",
  });
  if (result.failed) return [];
  return result.stdout
    .split("\n")
    .map((line) => line.split(",").map((field) => field.trim()))
    .flatMap(([name, memory, driver]) =>
      name && memory && driver ? [{ name, memoryMib: Number(memory), driver }] : [],
    );
}

/** Device nodes a sandbox needs for CUDA, e.g. `/dev/nvidia0` and `/dev/nvidiactl`; empty without a GPU. */
export async function listGpuDeviceNodes(): Promise<readonly string[]> {
  const names = await readdir("/dev").catch(() => []);
  return names
    .filter((name) => /^nvidia(\d+|ctl|-uvm|-uvm-tools|-modeset)$/.test(name))
    .sort()
    .map((name) => `/dev/${name}`);
}
