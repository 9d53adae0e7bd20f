import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { sandboxUser } from "../bubblewrap/jail.ts";
import type { Cell, CellSpawnOptions } from "../cell.ts";
import { startClean } from "../clean-start.ts";
import { createSandbox } from "../create-sandbox.ts";
import { sandboxErrors } from "../errors.ts";
import { type GatewayDoor, openGatewayDoor } from "../gateway-door.ts";
import { startGuard } from "../guard.ts";
import { hasEnded } from "../process-control.ts";
import { realSource } from "../real-source.ts";
import type { ProgramResult } from "../run-program.ts";
import {
  type IsolationReport,
  type ProcessInfo,
  type Sandbox,
  type SandboxDriver,
  type SandboxSpec,
  workspacePath,
} from "../sandbox.ts";
import { quote } from "../shell-words.ts";
import { containerArguments } from "./container-arguments.ts";
import { type Engine, findEngine } from "./engine.ts";
import { killScript, listScript, startScript } from "./inside-scripts.ts";
import { writeSeccompProfile } from "./seccomp-profile.ts";

/** The image that {@link buildImage} makes; used when no other is named. */
export const defaultImage = "localhost/rebench-sandbox:2";

/**
 * Sandboxes in containers of Docker or Podman, whichever answers.
 *
 * @param options.image - must hold bash, coreutils, procps and util-linux
 */
export function createContainerDriver(options: { readonly image?: string } = {}): SandboxDriver {
  const image = options.image ?? defaultImage;
  return {
    name: "container",
    async openSandbox(spec: SandboxSpec): Promise<Sandbox> {
      const engine = await findEngine();
      const isRoot = process.getuid?.() === 0;
      const user = isRoot ? sandboxUser : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
      const seccomp = engine.name === "podman" ? writeSeccompProfile() : null;
      const workspace = realSource({ source: spec.workspace, target: workspacePath });
      if (isRoot) execFileSync("chown", ["-hR", `${user.uid}:${user.gid}`, workspace]);
      const started = await engine.run(containerArguments(engine, spec, image, user, seccomp?.path ?? null));
      seccomp?.remove();
      if (started.exitCode !== 0) throw unavailable(engine, image, started.stderr);
      const cell = new ContainerCell(engine, started.stdout.trim(), workspace, spec);
      try {
        await cell.openDoor();
      } catch (error) {
        await cell.destroy();
        throw error;
      }
      return createSandbox(cell, spec);
    },
  };
}

class ContainerCell implements Cell {
  readonly driver = "container";
  readonly isolation: IsolationReport;
  readonly workspaceOnHost: string;
  readonly workspaceInside = workspacePath;
  readonly outputsInside = "/tmp/outputs";
  lost: string | null = null;
  readonly #engine: Engine;
  readonly #id: string;
  readonly #spec: SandboxSpec;
  readonly #guard: { release(): void };
  /** Pid inside of each command that runs, as it said on its first line. */
  readonly #insidePids = new Map<ChildProcess, Promise<string>>();
  #isFrozen = false;
  #memoryKills = 0;
  #door: GatewayDoor | null = null;

  constructor(engine: Engine, id: string, workspace: string, spec: SandboxSpec) {
    this.#engine = engine;
    this.#id = id;
    this.#spec = spec;
    this.workspaceOnHost = workspace;
    this.isolation = reportIsolation(spec);
    this.#guard = startGuard(
      `${[...engine.command, "rm", "--force", id].map(quote).join(" ")}`,
      null,
      engine.env,
    );
  }

  spawn(argv: readonly [string, ...string[]], options: CellSpawnOptions): ChildProcess {
    const [stdin, stdout, stderr] = options.stdio;
    const { openFiles, diskBytes } = this.#spec.limits;
    const [program, ...before] = this.#engine.command;
    const args = [
      ...[...before, "exec", ...(stdin === "ignore" ? [] : ["--interactive"]), this.#id],
      ...["sh", "-c", startScript, "sh"],
      ...["prlimit", `--nofile=${openFiles}`, `--fsize=${diskBytes}`, "--core=0", "--"],
      ...startClean(argv, options),
    ];
    const child = spawn(program, args, {
      stdio: [stdin, "pipe", stderr],
      env: this.#engine.env,
      detached: true,
    });
    this.#insidePids.set(child, forwardAfterFirstLine(child, stdout));
    child.once("exit", () => this.#insidePids.delete(child));
    return child;
  }

  get gatewayUrl(): string | null {
    return this.#door?.url ?? null;
  }

  /** Connects the gateway, where there is one; again after a restart, which gives the container another network. */
  async openDoor(): Promise<void> {
    this.#door?.[Symbol.dispose]();
    const { network, gateway } = this.#spec;
    if (network !== "gateway" || gateway === undefined) return;
    const { stdout } = await this.#engine.run(["inspect", "--format", "{{.State.Pid}}", this.#id]);
    const namespaces = process.getuid?.() === 0 ? ["-n"] : ["-U", "-n", "--preserve-credentials"];
    this.#door = await openGatewayDoor(
      "container",
      ["nsenter", "-t", stdout.trim(), ...namespaces, "--"],
      gateway,
    );
  }

  async processes(): Promise<readonly ProcessInfo[]> {
    const listed = await this.#inside(listScript);
    if (
      listed.exitCode === engineFailed &&
      /no such container|not running|no container/i.test(listed.stderr)
    ) {
      this.lost ??= listed.stderr.trim();
      return [];
    }
    const processes: ProcessInfo[] = [];
    for (const line of listed.stdout.split("\n")) {
      const kills = /^kills (\d+)$/.exec(line)?.[1];
      if (kills !== undefined) this.#memoryKills = Number(kills);
      const [, pid, command] = /^(\d+) \S (.*)$/.exec(line) ?? [];
      // The list's own helpers are gone by the time anybody could look.
      if (pid === undefined || command === undefined || command.startsWith("tr ")) continue;
      processes.push({ pid: Number(pid), command: command.trim().slice(0, 300) });
    }
    return processes;
  }

  async killTree(child: ChildProcess): Promise<void> {
    const pid = this.#insidePids.get(child);
    if (pid === undefined || hasEnded(child)) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const killed = await this.#inside(killScript, await pid);
    // No process can be started inside any more: a fork bomb stands at its limit.
    if (didNotRun(killed)) await this.killContents();
    await ended;
  }

  async killContents(): Promise<void> {
    const killed = await this.#inside("kill -9 -1 2>/dev/null; exit 0");
    if (!didNotRun(killed)) return;
    await this.#engine.run(["restart", "--time", "0", this.#id]);
    await this.openDoor();
  }

  get memoryKills(): number {
    return this.#memoryKills;
  }

  async countMemoryKills(): Promise<number> {
    await this.processes();
    return this.#memoryKills;
  }

  watchedMemoryBytes(): number | null {
    return null;
  }

  async freeze(): Promise<void> {
    if (this.#isFrozen) return;
    await this.#demand("pause");
    this.#isFrozen = true;
  }

  async thaw(): Promise<void> {
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    await this.#demand("unpause");
  }

  async destroy(): Promise<void> {
    await this.thaw();
    this.lost ??= "it was destroyed";
    this.#door?.[Symbol.dispose]();
    await this.#engine.run([
      "rm",
      "--force",
      ...(this.#engine.name === "podman" ? ["--time", "0"] : []),
      this.#id,
    ]);
    this.#guard.release();
  }

  #inside(script: string, ...args: string[]) {
    return this.#engine.run(["exec", this.#id, "sh", "-c", script, "sh", ...args]);
  }

  async #demand(verb: "pause" | "unpause"): Promise<void> {
    const result = await this.#engine.run([verb, this.#id]);
    if (result.exitCode === 0) return;
    this.lost ??= `${this.#engine.name} could not ${verb} it: ${result.stderr.trim()}`;
    throw sandboxErrors.SANDBOX_LOST({ driver: "container", reason: this.lost });
  }
}

/** Exit code with which an engine says that it, not the program, failed. */
const engineFailed = 125;

/** True when nothing could be started inside; 126, 127 and 255 come from the runtime as well. */
function didNotRun({ exitCode }: ProgramResult): boolean {
  return exitCode === null || [engineFailed, 126, 127, 255].includes(exitCode);
}

/** Takes the first line off a command's stdout and hands on the rest. */
function forwardAfterFirstLine(child: ChildProcess, descriptor: number): Promise<string> {
  const sink = new Socket({
    fd: openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK),
    readable: false,
    writable: true,
  });
  sink.on("error", () => {});
  const { stdout } = child;
  if (stdout === null) throw new Error("the engine's output is not a pipe");
  return new Promise((resolve) => {
    let line = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      line = Buffer.concat([line, chunk]);
      const border = line.indexOf(0x0a);
      if (border < 0) return;
      stdout.off("data", onData);
      resolve(line.subarray(0, border).toString());
      if (border + 1 < line.length) sink.write(line.subarray(border + 1));
      stdout.pipe(sink);
    };
    stdout.on("data", onData);
    stdout.once("end", () => {
      resolve("");
      sink.end();
    });
  });
}

function unavailable(engine: Engine, image: string, complaint: string) {
  const isImageMissing =
    /no such image|image not known|unable to find|manifest unknown|pull access|connection refused/i;
  return sandboxErrors.SANDBOX_UNAVAILABLE({
    driver: "container",
    reason: `${engine.name} said: ${complaint.trim()}`,
    remedy: isImageMissing.test(complaint)
      ? `build the image with \`rebench setup --with-container\`, or name another in REBENCH_CONTAINER_IMAGE (now ${image})`
      : `try \`${engine.name} run --rm ${image} true\` and see what is missing`,
  });
}

function reportIsolation(spec: SandboxSpec): IsolationReport {
  return {
    driver: "container",
    network: spec.network,
    limits: {
      memoryBytes: "engine",
      processes: "engine",
      cpuCores: "engine",
      diskBytes: "watched",
      openFiles: "rlimit",
      outputBytes: "watched",
    },
    freeze: "engine",
    hidesHostPaths: false,
    caveats: [
      "the mount table inside shows where on the host the workspace and the mounts come from",
      "a background process that writes to the output of a command that has ended is stopped by SIGPIPE",
      ...(spec.network === "gateway" && spec.gateway === undefined
        ? ["no model gateway is connected: there is no network"]
        : []),
    ],
  };
}
