import { locateCache } from "./cache-directory.ts";
import { describeMachine } from "./describe-machine.ts";
import type { DoctorOptions, MachineCheck, Need } from "./doctor.ts";
import { readFreeGib } from "./free-disk.ts";

/** GPU, cores, memory, and the disks of the cache and of the runs. */
export async function checkHardware(options: DoctorOptions): Promise<readonly MachineCheck[]> {
  const env = options.env ?? process.env;
  const machine = await describeMachine(env);
  const gib = 2 ** 30;
  const gpus = machine.gpus.map((gpu) => `${gpu.name} (${Math.round(gpu.memoryMib / 1024)} GiB)`);
  return [
    {
      id: "operating-system",
      title: "operating system",
      status: process.platform === "linux" ? "ok" : "missing",
      found: `${machine.os}, kernel ${machine.kernel}`,
      means: process.platform === "linux" ? "" : "sandboxes are built from namespaces of the Linux kernel",
      remedy: process.platform === "linux" ? "" : "run rebench on Linux, in a virtual machine or WSL 2",
      neededFor: ["laptop", "paper", "container"],
    },
    {
      id: "gpu",
      title: "NVIDIA GPU and driver",
      status: gpus.length > 0 ? "ok" : "missing",
      found: gpus.length > 0 ? `${gpus.join(", ")}, driver ${machine.gpus[0]?.driver}` : "none",
      means: gpus.length > 0 ? "" : "paper scale cannot run here; laptop scale needs no GPU",
      remedy:
        gpus.length > 0 ? "" : "for paper scale use a machine with H100 GPUs on which `nvidia-smi` works",
      neededFor: ["paper"],
    },
    checkAmount({
      id: "cores",
      title: "processor cores",
      amount: machine.cores,
      needed: 2,
      found: `${machine.cores} (${machine.cpuModel})`,
      means: "scorings are slower than their time limits allow for",
      remedy: "use a machine with at least 2 cores",
    }),
    checkAmount({
      id: "memory",
      title: "memory",
      amount: machine.memoryBytes / gib,
      needed: 3.5,
      found: `${(machine.memoryBytes / gib).toFixed(1)} GiB`,
      means: "scorings can run out of memory",
      remedy: "use a machine with at least 4 GiB",
    }),
    await checkDisk("cache-disk", "disk of the cache", options.cacheDirectory ?? locateCache(env), 3),
    await checkDisk("runs-disk", "disk of the runs", options.runsDirectory ?? process.cwd(), 1),
  ];
}

async function checkDisk(id: string, title: string, path: string, needed: number): Promise<MachineCheck> {
  const freeGib = await readFreeGib(path);
  return checkAmount({
    id,
    title,
    amount: freeGib,
    needed,
    found: `${freeGib.toFixed(1)} GiB free (${path})`,
    means: `set-up and runs need about ${needed} GiB here`,
    remedy:
      id === "cache-disk" ? "free some space, or set REBENCH_CACHE to a folder elsewhere" : "free some space",
  });
}

function checkAmount(init: {
  readonly id: string;
  readonly title: string;
  readonly amount: number;
  readonly needed: number;
  readonly found: string;
  readonly means: string;
  readonly remedy: string;
}): MachineCheck {
  const { id, title, amount, needed, found, means, remedy } = init;
  const neededFor: readonly Need[] = ["laptop", "paper"];
  const isEnough = amount >= needed;
  return isEnough
    ? { id, title, status: "ok", found, means: "", remedy: "", neededFor }
    : { id, title, status: "missing", found, means, remedy, neededFor };
}
