import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadToolchain } from "../../machine/index.ts";
import type { AgentExecOptions } from "../../run/index.ts";
import type {
  ExecResult,
  ReadFileResult,
  Sandbox,
  SandboxDriver,
  WriteFileResult,
} from "../../sandbox/index.ts";
import { FakeWorld } from "./fake-world.ts";

const gibibyte = 1024 ** 3;

/** A {@link FakeWorld} whose commands and files are those of a real sandbox. Dispose of it. */
export class SandboxMachine extends FakeWorld implements AsyncDisposable {
  readonly #driver: SandboxDriver;
  readonly #workspaceOnHost: string;
  #sandbox: Sandbox;

  private constructor(driver: SandboxDriver, workspaceOnHost: string, sandbox: Sandbox) {
    super();
    this.#driver = driver;
    this.#workspaceOnHost = workspaceOnHost;
    this.#sandbox = sandbox;
  }

  /** @throws SANDBOX_UNAVAILABLE */
  static async open(driver: SandboxDriver): Promise<SandboxMachine> {
    const workspace = await mkdtemp(join(tmpdir(), "rebench-agent-"));
    return new SandboxMachine(driver, workspace, await openSandbox(driver, workspace));
  }

  get workspace(): string {
    return this.#sandbox.workspaceInside;
  }

  override exec(argv: readonly [string, ...string[]], options: AgentExecOptions): Promise<ExecResult> {
    return this.#sandbox.exec(argv, options);
  }

  override readFile(path: string, maxBytes: number): Promise<ReadFileResult> {
    return this.#sandbox.readFile(path, Number.isFinite(maxBytes) ? { maxBytes } : {});
  }

  override writeFile(path: string, content: string): Promise<WriteFileResult> {
    return this.#sandbox.writeFile(path, content);
  }

  /** A new sandbox on the same workspace, as after a resume. */
  async restart(): Promise<void> {
    await this.#sandbox.destroy();
    this.#sandbox = await openSandbox(this.#driver, this.#workspaceOnHost);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sandbox.destroy();
    await rm(this.#workspaceOnHost, { recursive: true, force: true });
  }
}

/** With the Python made by set-up, or the machine's own where set-up has not run. */
async function openSandbox(driver: SandboxDriver, workspace: string): Promise<Sandbox> {
  const toolchain = await loadToolchain().catch(() => ({ mounts: [], env: {} }));
  return driver.openSandbox({
    workspace,
    mounts: toolchain.mounts,
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/root", LANG: "C.UTF-8", ...toolchain.env },
    network: "none",
    devices: [],
    limits: {
      memoryBytes: 2 * gibibyte,
      processes: 200,
      cpuCores: 2,
      diskBytes: gibibyte,
      openFiles: 1_024,
      outputBytes: 16 * 1024 ** 2,
    },
  });
}
