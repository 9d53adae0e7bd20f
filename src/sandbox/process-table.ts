import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** One process as the host sees it. */
export interface ProcessRecord {
  readonly hostPid: number;
  readonly parentHostPid: number;
  /** `R`, `S`, `D`, `T` (stopped), `Z` (ended, not yet reaped), … @see proc(5) */
  readonly state: string;
}

/** One process of a sandbox, with what names it inside. */
export interface InsideProcess extends ProcessRecord {
  readonly insidePid: number;
  readonly command: string;
}

/** Reads `/proc/<pid>/stat`; null when the process is gone. */
export function readProcess(hostPid: number): ProcessRecord | null {
  const stat = readText(`/proc/${hostPid}/stat`);
  if (stat === null) return null;
  // The command name stands in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { hostPid, state: fields[0] ?? "?", parentHostPid: Number(fields[1]) };
}

/** Start time of a process in clock ticks since boot: with the pid it names one process for good. */
export function readStartTicks(hostPid: number): string | null {
  const stat = readText(`/proc/${hostPid}/stat`);
  return stat === null ? null : (stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null);
}

/** Every process id of the host that this process may see. */
export function listHostPids(): number[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/** Identity of the pid namespace a process lives in; null when it is gone or not ours to inspect. */
export function readPidNamespace(hostPid: number | "self"): string | null {
  try {
    return readlinkSync(`/proc/${hostPid}/ns/pid`);
  } catch {
    return null;
  }
}

/** All processes below {@link rootPid} by parent links, the root itself left out. */
export function descendantsOf(rootPid: number, records: readonly ProcessRecord[]): ProcessRecord[] {
  const children = new Map<number, ProcessRecord[]>();
  for (const record of records) {
    const siblings = children.get(record.parentHostPid);
    if (siblings === undefined) children.set(record.parentHostPid, [record]);
    else siblings.push(record);
  }
  const found: ProcessRecord[] = [];
  const pending = [rootPid];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    for (const child of children.get(pid) ?? []) {
      found.push(child);
      pending.push(child.hostPid);
    }
  }
  return found;
}

/** Adds the inside pid and the command line; null for processes outside any nested pid namespace. */
export function describeInside(record: ProcessRecord): InsideProcess | null {
  const status = readText(`/proc/${record.hostPid}/status`);
  if (status === null) return null;
  const pids = (/^NSpid:\s+(.*)$/m.exec(status)?.[1] ?? "").split(/\s+/);
  if (pids.length < 2) return null;
  return { ...record, insidePid: Number(pids[1]), command: readCommand(record.hostPid, status) };
}

/** Command line with spaces between arguments, at most 300 characters; the name in brackets when there is none. */
export function readCommand(hostPid: number, status = readText(`/proc/${hostPid}/status`) ?? ""): string {
  const line = (readText(`/proc/${hostPid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
  return line === "" ? `[${/^Name:\s+(.*)$/m.exec(status)?.[1] ?? "?"}]` : line.slice(0, 300);
}

/**
 * True when every thread of the process is stopped or ended.
 *
 * @param orUninterruptible - true where a thread that sleeps uninterruptibly counts as well
 */
export function isFullyStopped(hostPid: number, orUninterruptible = false): boolean {
  const still = orUninterruptible ? /^[TtZXxD]/ : /^[TtZXx]/;
  try {
    return readdirSync(`/proc/${hostPid}/task`).every((thread) => {
      const stat = readText(`/proc/${hostPid}/task/${thread}/stat`);
      return stat === null || still.test(stat.slice(stat.lastIndexOf(")") + 2));
    });
  } catch {
    return true;
  }
}

/** Resident memory that belongs to the process alone or to its shared segments, in bytes; 0 when it is gone. */
export function readResidentBytes(hostPid: number): number {
  const status = readText(`/proc/${hostPid}/status`) ?? "";
  const kib = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
  return 1024 * (kib("RssAnon") + kib("RssShmem"));
}

/** Sends a signal; a process that is already gone is no error. */
export function sendSignal(hostPid: number, signal: NodeJS.Signals): void {
  // 0 and negative numbers mean whole groups, our own among them.
  if (!(hostPid > 1)) return;
  try {
    process.kill(hostPid, signal);
  } catch {
    // Gone between the scan and the signal.
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
