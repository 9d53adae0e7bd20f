import { tmpdir } from "node:os";
import type { Cell } from "./cell.ts";
import { sandboxErrors } from "./errors.ts";
import { gatewayVariables } from "./gateway-door.ts";
import { PipePool } from "./pipe-pool.ts";
import { type PassedLimit, watchResources } from "./resource-watch.ts";
import { runCommand } from "./run-command.ts";
import type {
  ExecOptions,
  ExecResult,
  ProcessInfo,
  ReadFileResult,
  Sandbox,
  SandboxSpec,
  WriteFileResult,
} from "./sandbox.ts";
import { readSandboxFile, writeSandboxFile } from "./sandbox-files.ts";

/** Makes a whole sandbox from what a driver supplies. */
export function createSandbox(cell: Cell, spec: SandboxSpec): Sandbox {
  return new CellSandbox(cell, spec);
}

class CellSandbox implements Sandbox {
  readonly #cell: Cell;
  readonly #spec: SandboxSpec;
  readonly #env: Readonly<Record<string, string>>;
  readonly #pipes = new PipePool();
  readonly #watch: { stop(): void };
  readonly #limitListeners = new Set<(limit: PassedLimit) => void>();
  #commandCount = 0;
  /** Settles when the last kill for a passed limit is done; a command it ended must not return before. */
  #enforcement: Promise<void> = Promise.resolve();
  /** Set while frozen; what is asked for meanwhile waits for it. */
  #thawing: PromiseWithResolvers<void> | null = null;
  #destroying: Promise<void> | null = null;

  constructor(cell: Cell, spec: SandboxSpec) {
    this.#cell = cell;
    this.#spec = spec;
    this.#env = cell.gatewayUrl === null ? spec.env : { ...gatewayVariables(cell.gatewayUrl), ...spec.env };
    this.#watch = watchResources({
      workspace: cell.workspaceOnHost,
      diskBytes: spec.limits.diskBytes,
      memoryBytes: spec.limits.memoryBytes,
      readMemoryBytes: () => (cell.lost === null ? cell.watchedMemoryBytes() : null),
      onPassed: (limit) => {
        for (const listener of this.#limitListeners) listener(limit);
        this.#enforcement = cell.killContents();
        return this.#enforcement;
      },
    });
  }

  get #helpers() {
    return { cell: this.#cell, pipes: this.#pipes };
  }

  get isolation() {
    return this.#cell.isolation;
  }

  get workspaceOnHost() {
    return this.#cell.workspaceOnHost;
  }

  get workspaceInside() {
    return this.#cell.workspaceInside;
  }

  async exec(argv: readonly [string, ...string[]], options: ExecOptions): Promise<ExecResult> {
    await this.#untilThawed(options.signal);
    this.#commandCount += 1;
    const result = await runCommand(argv, options, {
      cell: this.#cell,
      env: this.#env,
      outputBytes: this.#spec.limits.outputBytes,
      pipes: this.#pipes,
      spoolFolder: tmpdir(),
      name: String(this.#commandCount).padStart(4, "0"),
      onLimit: (listener) => {
        this.#limitListeners.add(listener);
        return () => this.#limitListeners.delete(listener);
      },
    });
    await this.#enforcement;
    this.#assertStanding();
    return result;
  }

  async readFile(path: string, options: { readonly maxBytes?: number } = {}): Promise<ReadFileResult> {
    await this.#untilThawed();
    const result = await readSandboxFile(this.#helpers, path, options.maxBytes ?? 10_000_000);
    this.#assertStanding();
    return result;
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<WriteFileResult> {
    await this.#untilThawed();
    const result = await writeSandboxFile(this.#helpers, path, content);
    this.#assertStanding();
    return result;
  }

  async processes(): Promise<readonly ProcessInfo[]> {
    await this.#untilThawed();
    return this.#cell.processes();
  }

  async freeze(): Promise<void> {
    this.#assertStanding();
    this.#thawing ??= Promise.withResolvers();
    await this.#cell.freeze();
  }

  async thaw(): Promise<void> {
    this.#assertStanding();
    await this.#cell.thaw();
    this.#letGo();
  }

  destroy(): Promise<void> {
    this.#destroying ??= this.#destroy();
    return this.#destroying;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  async #destroy(): Promise<void> {
    this.#watch.stop();
    await this.#cell.destroy();
    this.#letGo();
    this.#pipes.close();
  }

  /** Nothing can be started in a frozen container, so nothing is in any driver. */
  async #untilThawed(signal?: AbortSignal): Promise<void> {
    while (this.#thawing !== null && signal?.aborted !== true) {
      const aborted = Promise.withResolvers<void>();
      const onAbort = () => aborted.resolve();
      signal?.addEventListener("abort", onAbort, { once: true });
      await Promise.race([this.#thawing.promise, aborted.promise]);
      signal?.removeEventListener("abort", onAbort);
    }
    this.#assertStanding();
  }

  #letGo(): void {
    this.#thawing?.resolve();
    this.#thawing = null;
  }

  #assertStanding(): void {
    const reason = this.#cell.lost;
    if (reason !== null) throw sandboxErrors.SANDBOX_LOST({ driver: this.#cell.driver, reason });
  }
}
