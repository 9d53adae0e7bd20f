import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Mount } from "../../machine/index.ts";
import type { Cell, CellSpawnOptions } from "../cell.ts";
import { type ControlGroup, openControlGroup } from "../control-group.ts";
import { createSandbox } from "../create-sandbox.ts";
import { sandboxErrors } from "../errors.ts";
import { startGuard } from "../guard.ts";
import { afterLines, inheritedDescriptors } from "../inherited-descriptors.ts";
import { freezeBySignals, killTree, thawBySignals } from "../process-control.ts";
import {
  listHostPids,
  type ProcessRecord,
  readCommand,
  readProcess,
  readResidentBytes,
  sendSignal,
} from "../process-table.ts";
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
    return createSandbox(new HostCell(spec), spec);
  },
};

class HostCell implements Cell {
  readonly driver = "host";
  readonly isolation: IsolationReport;
  readonly workspaceOnHost: string;
  readonly workspaceInside: string;
  readonly outputsInside: string;
  lost: string | null = null;
  readonly #spec: SandboxSpec;
  readonly #mark = randomUUID();
  readonly #group: ControlGroup;
  readonly #guard: { release(): void };
  readonly #joinLines: readonly string[];
  readonly #inherited = inheritedDescriptors();
  #stoppedBySignal: number[] | null = null;

  constructor(spec: SandboxSpec) {
    this.#spec = spec;
    this.workspaceOnHost = realFolder(spec.workspace);
    this.workspaceInside = this.workspaceOnHost;
    this.outputsInside = join(tmpdir(), `rebench-outputs-${this.#mark}`);
    this.#group = openControlGroup(spec.limits);
    this.#joinLines = this.#group.entryFiles.map((file) => `echo $$ > ${quote(file)}`);
    const marked = `grep -lsa ${markName}=${this.#mark} /proc/[0-9]*/environ | cut -d/ -f3`;
    this.#guard = startGuard(`for marked in $(${marked}); do kill -9 "$marked"; done`, this.#group);
    this.isolation = reportIsolation(spec, this.#group);
  }

  spawn(argv: readonly [string, ...string[]], options: CellSpawnOptions): ChildProcess {
    const { limits, mounts } = this.#spec;
    const variables = { ...options.env, [markName]: this.#mark };
    const [program = "sh", ...rest] = afterLines(
      this.#joinLines,
      this.#inherited.filter((descriptor) => descriptor >= options.stdio.length),
      [
        ...["prlimit", `--nofile=${limits.openFiles}`, `--fsize=${limits.diskBytes}`, "--core=0", "--"],
        ...["env", "-i", `--chdir=${toHostPath(options.cwd, mounts)}`],
        ...Object.entries(variables).map(([name, value]) => `${name}=${toHostPaths(value, mounts)}`),
        ...(argv[0].includes("=") ? ["sh", "-c", 'exec "$@"', "sh"] : []),
        ...argv,
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

  async freeze(): Promise<void> {
    if (this.#group.canFreeze) {
      if (await this.#group.freeze()) return;
      throw sandboxErrors.SANDBOX_LOST({ driver: "host", reason: "it did not freeze within 10 seconds" });
    }
    this.#stoppedBySignal ??= await freezeBySignals(() => this.#records());
  }

  async thaw(): Promise<void> {
    if (this.#group.canFreeze) return this.#group.thaw();
    thawBySignals(this.#stoppedBySignal ?? []);
    this.#stoppedBySignal = null;
  }

  async destroy(): Promise<void> {
    await this.thaw();
    this.lost = "it was destroyed";
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

function realFolder(path: string): string {
  try {
    return realpathSync(path);
  } catch (cause) {
    throw sandboxErrors.SANDBOX_SOURCE_MISSING({ source: path, target: path }, cause);
  }
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
