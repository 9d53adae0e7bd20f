import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mount } from "../../machine/index.ts";
import type { Cell, CellSpawnOptions } from "../cell.ts";
import { startClean } from "../clean-start.ts";
import { type ControlGroup, openControlGroup } from "../control-group.ts";
import { createSandbox } from "../create-sandbox.ts";
import { Freezer } from "../freezer.ts";
import { type GatewayDoor, openHostDoor } from "../gateway-door.ts";
import { startGuard } from "../guard.ts";
import { afterLines, inheritedDescriptors } from "../inherited-descriptors.ts";
import { killTree } from "../process-control.ts";
import {
  listHostPids,
  type ProcessRecord,
  readCommand,
  readProcess,
  readResidentBytes,
  sendSignal,
} from "../process-table.ts";
import { realSource } from "../real-source.ts";
import type { IsolationReport, ProcessInfo, Sandbox, SandboxDriver, SandboxSpec } from "../sandbox.ts";
import { quote, systemPath } from "../shell-words.ts";

/** Variable that marks every process of one sandbox, so that they can be found again. */
const markName = "REBENCH_SANDBOX";

/**
 * No isolation at all: commands are plain processes of this user in the workspace. For the built-in baselines and
 * for agents somebody trusts; limits hold where control groups may be written.
 */
export const hostDriver: SandboxDriver = {
  name: "host",
  async openSandbox(spec: SandboxSpec): Promise<Sandbox> {
    const isConnected = spec.network === "gateway" && spec.gateway !== undefined;
    const door = isConnected ? await openHostDoor(spec.gateway) : null;
    return createSandbox(new HostCell(spec, door), spec);
  },
};

class HostCell implements Cell {
  readonly driver = "host";
  readonly isolation: IsolationReport;
  readonly workspaceOnHost: string;
  readonly workspaceInside: string;
  readonly outputsInside: string;
  readonly gatewayUrl: string | null;
  lost: string | null = null;
  readonly #door: GatewayDoor | null;
  readonly #spec: SandboxSpec;
  readonly #mark = randomUUID();
  readonly #group: ControlGroup;
  readonly #guard: { release(): void };
  readonly #joinLines: readonly string[];
  readonly #inherited = inheritedDescriptors();
  readonly #freezer: Freezer;

  constructor(spec: SandboxSpec, door: GatewayDoor | null) {
    this.#spec = spec;
    this.#door = door;
    this.gatewayUrl = door?.url ?? null;
    this.workspaceOnHost = realSource({ source: spec.workspace, target: spec.workspace });
    this.workspaceInside = this.workspaceOnHost;
    this.outputsInside = join(tmpdir(), `rebench-outputs-${this.#mark}`);
    this.#group = openControlGroup(spec.limits);
    this.#freezer = new Freezer("host", this.#group, () => this.#records());
    this.#joinLines = this.#group.entryFiles.map((file) => `echo $$ > ${quote(file)}`);
    const marked = `grep -lsa ${markName}=${this.#mark} /proc/[0-9]*/environ | cut -d/ -f3`;
    this.#guard = startGuard(`for marked in $(${marked}); do kill -9 "$marked"; done`, this.#group);
    this.isolation = reportIsolation(spec, this.#group);
  }

  spawn(argv: readonly [string, ...string[]], options: CellSpawnOptions): ChildProcess {
    const { limits, mounts } = this.#spec;
    const env = Object.fromEntries(
      Object.entries({ ...options.env, [markName]: this.#mark }).map(([name, value]) => [
        name,
        toHostPaths(value, mounts),
      ]),
    );
    const [program = "sh", ...rest] = afterLines(
      this.#joinLines,
      this.#inherited.filter((descriptor) => descriptor >= options.stdio.length),
      [
        ...["prlimit", `--nofile=${limits.openFiles}`, `--fsize=${limits.diskBytes}`, "--core=0", "--"],
        ...startClean(argv, { cwd: toHostPath(options.cwd, mounts), env }),
      ],
    );
    return spawn(program, rest, {
      stdio: [...options.stdio],
      env: { PATH: systemPath },
      cwd: "/",
      detached: true,
    });
  }

  async processes(): Promise<readonly ProcessInfo[]> {
    return this.#records().map(({ hostPid }) => ({ pid: hostPid, command: readCommand(hostPid) }));
  }

  killTree(child: ChildProcess): Promise<void> {
    return killTree(child, true);
  }

  async killContents(): Promise<void> {
    for (const { hostPid } of this.#records()) sendSignal(hostPid, "SIGKILL");
  }

  get memoryKills(): number {
    return this.lost === null ? this.#group.memoryKills() : 0;
  }

  async countMemoryKills(): Promise<number> {
    return this.memoryKills;
  }

  watchedMemoryBytes(): number | null {
    if (this.isolation.limits.memoryBytes !== "watched") return null;
    return this.#records().reduce((sum, { hostPid }) => sum + readResidentBytes(hostPid), 0);
  }

  freeze(): Promise<void> {
    return this.#freezer.freeze();
  }

  thaw(): Promise<void> {
    return this.#freezer.thaw();
  }

  async destroy(): Promise<void> {
    await this.thaw();
    this.lost = "it was destroyed";
    this.#door?.[Symbol.dispose]();
    for (let left = this.#records(); left.length > 0; left = this.#records()) {
      for (const { hostPid } of left) sendSignal(hostPid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await this.#group.remove();
    this.#guard.release();
    rmSync(this.outputsInside, { recursive: true, force: true });
  }

  #records(): ProcessRecord[] {
    const mark = `${markName}=${this.#mark}`;
    const pids = this.#group.members() ?? listHostPids().filter((pid) => hasMark(pid, mark));
    return pids.flatMap((pid) => {
      const record = readProcess(pid);
      return record === null || record.state === "Z" ? [] : [record];
    });
  }
}

function hasMark(pid: number, mark: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark);
  } catch {
    return false;
  }
}

/** Nothing can be mounted here, so a path that a mount would show is replaced by the one it comes from. */
function toHostPath(path: string, mounts: readonly Mount[]): string {
  const mount = mounts.find(({ target }) => path === target || path.startsWith(`${target}/`));
  return mount === undefined ? path : mount.source + path.slice(mount.target.length);
}

function toHostPaths(list: string, mounts: readonly Mount[]): string {
  return list
    .split(":")
    .map((path) => toHostPath(path, mounts))
    .join(":");
}

function reportIsolation(spec: SandboxSpec, group: ControlGroup): IsolationReport {
  const { memoryBytes, processes, cpuCores } = group.enforcement;
  return {
    driver: "host",
    network: "internet",
    limits: {
      memoryBytes: memoryBytes === "none" ? "watched" : memoryBytes,
      processes,
      cpuCores,
      diskBytes: "watched",
      openFiles: "rlimit",
      outputBytes: "watched",
    },
    freeze: group.canFreeze ? "cgroup" : "signals",
    hidesHostPaths: false,
    caveats: [
      "nothing is isolated: commands see and can change whatever this user can, the harness and its secrets included",
      ...(spec.network === "internet" ? [] : [`the network is open although ${spec.network} was asked for`]),
      ...(spec.mounts.length === 0
        ? []
        : ["mounts are not shown; variables name the paths on the host instead"]),
    ],
  };
}
