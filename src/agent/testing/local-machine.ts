import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AgentExecOptions } from "../../run/index.ts";
import type { ExecResult, ProcessInfo, ReadFileResult, WriteFileResult } from "../../sandbox/index.ts";
import { toolDirectory } from "../tools/index.ts";
import { FakeWorld } from "./fake-world.ts";

/**
 * A {@link FakeWorld} whose commands and files are real, on this machine and without isolation: for tests of tools
 * alone. Dispose of it; its processes are killed and its folders removed.
 */
export class LocalMachine extends FakeWorld implements AsyncDisposable {
  readonly workspace: string;
  readonly #root: string;
  #commands = 0;

  private constructor(root: string) {
    super();
    this.#root = root;
    this.workspace = join(root, "workspace");
  }

  static async open(): Promise<LocalMachine> {
    const root = await mkdtemp(join(tmpdir(), "rebench-tools-"));
    await mkdir(join(root, "workspace"));
    return new LocalMachine(root);
  }

  override async exec(argv: readonly [string, ...string[]], options: AgentExecOptions): Promise<ExecResult> {
    this.#commands += 1;
    const [input, output, errors] = ["in", "out", "err"].map((end) =>
      join(this.#root, `${this.#commands}.${end}`),
    );
    if (input === undefined || output === undefined || errors === undefined) throw new Error("three paths");
    await writeFile(input, options.stdin ?? "");
    const descriptors = [openSync(input, "r"), openSync(output, "w"), openSync(errors, "w")];
    const [program, ...rest] = argv;
    const startedAt = performance.now();
    const child = spawn(program, rest, {
      cwd: options.cwd ?? this.workspace,
      env: { PATH: process.env.PATH, HOME: this.#root, ...options.env, LOCAL_MACHINE: this.#root },
      detached: true,
      stdio: descriptors,
    });
    for (const descriptor of descriptors) closeSync(descriptor);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      killProcess(-(child.pid ?? 0));
    }, options.timeoutMs);
    const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (exitCode, exitSignal) => resolve([exitCode, exitSignal]));
    });
    clearTimeout(timer);
    const captured = async (path: string) => {
      const text = await readFile(path, "utf8");
      return { text, totalBytes: Buffer.byteLength(text), truncated: false };
    };
    const rests = {
      stdout: await captured(output),
      stderr: await captured(errors),
      durationMs: performance.now() - startedAt,
      stillRunning: this.#processes().filter(({ pid }) => !timedOut || groupOf(pid) !== child.pid),
    };
    if (timedOut) return { status: "timed-out", exitCode: 124, ...rests };
    if (signal !== null) return { status: "signaled", signal, ...rests };
    return { status: "exited", exitCode: code ?? 0, ...rests };
  }

  override async readFile(path: string, maxBytes: number): Promise<ReadFileResult> {
    try {
      const content = await readFile(path);
      return { status: "read", content: content.subarray(0, maxBytes), totalBytes: (await stat(path)).size };
    } catch (error) {
      return { status: "failed", reason: String(error) };
    }
  }

  override async writeFile(path: string, content: string): Promise<WriteFileResult> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return { status: "written" };
  }

  /** Kills everything and empties what is not the workspace, as a resume does. */
  async restart(): Promise<void> {
    for (const { pid } of this.#processes()) killProcess(pid);
    await rm(toolDirectory(this.workspace), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.restart();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5 });
  }

  #processes(): readonly ProcessInfo[] {
    return findProcesses(`LOCAL_MACHINE=${this.#root}\0`);
  }
}

/** Living processes with this text in their starting environment. */
function findProcesses(mark: string): readonly ProcessInfo[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, "latin1").includes(mark)) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      return command === "" ? [] : [{ pid: Number(name), command }];
    } catch {
      return [];
    }
  });
}

/** Process group, or null for a process that is gone. */
function groupOf(pid: number): number | null {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "");
    return Number(afterName.split(" ")[2]);
  } catch {
    return null;
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Already gone.
  }
}
