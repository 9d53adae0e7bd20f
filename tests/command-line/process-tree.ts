import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** One process of the machine; with its start time a pid is never mistaken for a later process's. */
export interface KnownProcess {
  readonly pid: number;
  readonly startTicks: string;
  readonly command: string;
  /** Whether it lives in another PID namespace than this test: inside a sandbox, not beside one. */
  readonly isSandboxed: boolean;
}

/** Everything below a process, whatever namespace it is in. */
export function descendantsOf(root: number): readonly KnownProcess[] {
  const table = readProcessTable();
  const found: KnownProcess[] = [];
  const open = [root];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const process of table.filter(({ parentPid }) => parentPid === parent)) {
      found.push(process);
      open.push(process.pid);
    }
  }
  return found;
}

/** Those that still run; a zombie does not. */
export function stillAlive(processes: readonly KnownProcess[]): readonly KnownProcess[] {
  const now = new Map(readProcessTable().map((process) => [process.pid, process.startTicks]));
  return processes.filter(({ pid, startTicks }) => now.get(pid) === startTicks);
}

function readProcessTable(): readonly (KnownProcess & { readonly parentPid: number })[] {
  const here = readlinkSync("/proc/self/ns/pid");
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const line = readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
      if (fields[0] === "Z" || fields[0] === "X") return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      const isSandboxed = readlinkSync(`/proc/${name}/ns/pid`) !== here;
      const [parentPid, startTicks] = [Number(fields[1]), fields[19] ?? ""];
      return [{ pid: Number(name), parentPid, startTicks, command, isSandboxed }];
    } catch {
      return [];
    }
  });
}
