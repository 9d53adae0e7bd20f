import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findHierarchies, type Hierarchy } from "./control-group-hierarchies.ts";
import { readPidNamespace, readStartTicks, sendSignal } from "./process-table.ts";
import type { Enforcement, SandboxLimits } from "./sandbox.ts";

/** The limits a control group can hold. */
export type GroupLimits = Pick<SandboxLimits, "memoryBytes" | "processes" | "cpuCores">;

/** A control group for one sandbox, over whichever hierarchies this machine lets us write. */
export interface ControlGroup {
  /** How each limit is held; `none` where no hierarchy could take it. */
  readonly enforcement: Readonly<Record<keyof GroupLimits, Enforcement>>;
  readonly canFreeze: boolean;
  /** A process joins by writing its pid into each of these. */
  readonly entryFiles: readonly string[];
  /** Folders to remove when the group is empty, and shell lines that wake and kill what is in it. */
  readonly folders: readonly string[];
  readonly wakeAndKillScript: string;
  /** Host pids in the group, or null when the machine offers no group at all. */
  members(): number[] | null;
  /** Times the kernel killed a process of the group for lack of memory. */
  memoryKills(): number;
  /** Returns when every thread of the group stands still; false when it could not be reached. */
  freeze(): Promise<boolean>;
  thaw(): Promise<void>;
  killAll(): void;
  remove(): Promise<void>;
}

/**
 * Makes a group below this process's own groups (or beside them) and sets the limits it can. Groups left by a
 * harness that was killed are removed on the way.
 */
export function openControlGroup(limits: GroupLimits, hierarchies = findHierarchies()): ControlGroup {
  const prefix = `rebench-${namespaceNumber()}-`;
  const name = `${prefix}${process.pid}-${readStartTicks(process.pid)}-${randomBytes(4).toString("hex")}`;
  const seats: Seat[] = [];
  for (const hierarchy of hierarchies) {
    removeStaleGroups(hierarchy.base, prefix);
    const directory = join(hierarchy.base, name);
    try {
      mkdirSync(directory);
      seats.push({ directory, hierarchy });
    } catch {
      // A hierarchy we may not write holds nothing; the report says so.
    }
  }
  return new SeatedControlGroup(seats, limits);
}

interface Seat {
  readonly directory: string;
  readonly hierarchy: Hierarchy;
}

class SeatedControlGroup implements ControlGroup {
  readonly enforcement: ControlGroup["enforcement"];
  readonly canFreeze: boolean;
  readonly entryFiles: readonly string[];
  readonly folders: readonly string[];
  readonly wakeAndKillScript: string;
  readonly #seats: readonly Seat[];
  readonly #freezer: Seat | undefined;

  constructor(seats: readonly Seat[], limits: GroupLimits) {
    const memory = limits.memoryBytes.toFixed(0);
    const periodUs = 100_000;
    const quotaUs = Math.max(1_000, Math.round(limits.cpuCores * periodUs)).toFixed(0);
    this.#seats = seats;
    this.enforcement = {
      memoryBytes: firstHeld(seats, "memory", {
        v1: (directory) => {
          write(directory, "memory.limit_in_bytes", memory);
          tryWrite(directory, "memory.memsw.limit_in_bytes", memory);
        },
        v2: (directory) => {
          write(directory, "memory.max", memory);
          tryWrite(directory, "memory.swap.max", "0");
        },
      }),
      processes: firstHeld(seats, "pids", {
        v1: (directory) => write(directory, "pids.max", limits.processes.toFixed(0)),
        v2: (directory) => write(directory, "pids.max", limits.processes.toFixed(0)),
      }),
      cpuCores: firstHeld(seats, "cpu", {
        v1: (directory) => {
          write(directory, "cpu.cfs_period_us", periodUs.toFixed(0));
          write(directory, "cpu.cfs_quota_us", quotaUs);
        },
        v2: (directory) => write(directory, "cpu.max", `${quotaUs} ${periodUs}`),
      }),
    };
    // The second version's freezer lets a frozen process be killed; the first's does not.
    this.#freezer =
      seats.find((seat) => existsSync(join(seat.directory, "cgroup.freeze"))) ??
      seats.find((seat) => existsSync(join(seat.directory, "freezer.state")));
    this.canFreeze = this.#freezer !== undefined;
    this.entryFiles = seats.map((seat) => join(seat.directory, "cgroup.procs"));
    this.folders = seats.map((seat) => seat.directory);
    this.wakeAndKillScript = wakeAndKillScript(seats, this.#freezer);
  }

  members(): number[] | null {
    const seat = this.#seats[0];
    if (seat === undefined) return null;
    const pids = readFileSync(join(seat.directory, "cgroup.procs"), "utf8").split("\n");
    // A process that is just ending shows as 0.
    return pids.flatMap((pid) => (Number(pid) > 0 ? [Number(pid)] : []));
  }

  memoryKills(): number {
    for (const seat of this.#seats) {
      for (const file of ["memory.events", "memory.oom_control"]) {
        const path = join(seat.directory, file);
        if (!existsSync(path)) continue;
        const count = /^oom_kill (\d+)$/m.exec(readFileSync(path, "utf8"));
        if (count !== null) return Number(count[1]);
      }
    }
    return 0;
  }

  async freeze(): Promise<boolean> {
    const seat = this.#freezer;
    if (seat === undefined) return false;
    const second = existsSync(join(seat.directory, "cgroup.freeze"));
    if (second) write(seat.directory, "cgroup.freeze", "1");
    else write(seat.directory, "freezer.state", "FROZEN");
    const isFrozen = () =>
      second
        ? /^frozen 1$/m.test(readFileSync(join(seat.directory, "cgroup.events"), "utf8"))
        : readFileSync(join(seat.directory, "freezer.state"), "utf8").trim() === "FROZEN";
    for (let attempt = 0; attempt < 5_000; attempt += 1) {
      if (isFrozen()) return true;
      await delay(attempt < 20 ? 0 : 2);
    }
    await this.thaw();
    return false;
  }

  async thaw(): Promise<void> {
    const seat = this.#freezer;
    if (seat === undefined) return;
    if (existsSync(join(seat.directory, "cgroup.freeze"))) write(seat.directory, "cgroup.freeze", "0");
    else write(seat.directory, "freezer.state", "THAWED");
  }

  killAll(): void {
    for (const seat of this.#seats) if (tryWrite(seat.directory, "cgroup.kill", "1")) return;
    for (const pid of this.members() ?? []) sendSignal(pid, "SIGKILL");
  }

  async remove(): Promise<void> {
    for (const folder of this.folders) {
      for (let attempt = 0; attempt < 200 && existsSync(folder); attempt += 1) {
        if (removeFolder(folder)) break;
        this.killAll();
        await delay(10);
      }
    }
  }
}

/** Sets a limit in the first hierarchy that has the controller and takes the value. */
function firstHeld(
  seats: readonly Seat[],
  controller: string,
  set: { v1: (directory: string) => void; v2: (directory: string) => void },
): Enforcement {
  for (const { directory, hierarchy } of seats) {
    if (!hierarchy.controllers.includes(controller)) continue;
    try {
      if (hierarchy.version === 1) set.v1(directory);
      else set.v2(directory);
      return hierarchy.version === 1 ? "cgroup-v1" : "cgroup-v2";
    } catch {
      // The kernel refuses the value or the file; another hierarchy may take it.
    }
  }
  return "none";
}

function wakeAndKillScript(seats: readonly Seat[], freezer: Seat | undefined): string {
  const lines: string[] = [];
  if (freezer !== undefined) {
    const second = existsSync(join(freezer.directory, "cgroup.freeze"));
    lines.push(
      second
        ? `echo 0 > ${freezer.directory}/cgroup.freeze`
        : `echo THAWED > ${freezer.directory}/freezer.state`,
    );
  }
  for (const seat of seats) {
    lines.push(
      `while read -r member; do [ "$member" = 0 ] || kill -9 "$member"; done < ${seat.directory}/cgroup.procs`,
    );
  }
  return lines.join("\n");
}

/** Groups carry pid namespace, pid and start time of their harness: gone harness, stale group. */
function removeStaleGroups(base: string, prefix: string): void {
  let names: string[];
  try {
    names = readdirSync(base);
  } catch {
    return;
  }
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const [pid, startTicks] = name.slice(prefix.length).split("-");
    if (readStartTicks(Number(pid)) === startTicks) continue;
    const folder = join(base, name);
    tryWrite(folder, "freezer.state", "THAWED");
    tryWrite(folder, "cgroup.freeze", "0");
    if (!tryWrite(folder, "cgroup.kill", "1")) {
      for (const member of readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n")) {
        if (member !== "") sendSignal(Number(member), "SIGKILL");
      }
    }
    removeFolder(folder);
  }
}

function namespaceNumber(): string {
  return /\d+/.exec(readPidNamespace("self") ?? "")?.[0] ?? "0";
}

function write(directory: string, file: string, value: string): void {
  writeFileSync(join(directory, file), value, { flag: "r+" });
}

function tryWrite(directory: string, file: string, value: string): boolean {
  try {
    write(directory, file, value);
    return true;
  } catch {
    return false;
  }
}

function removeFolder(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return !existsSync(folder) || !existsSync(dirname(folder));
  }
}
