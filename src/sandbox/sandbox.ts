import type { Mount } from "../machine/index.ts";
import type { AcceptConnection } from "./gateway-door.ts";

/** How a sandbox is made: by bubblewrap, by a container engine, or not at all. */
export type DriverName = "bubblewrap" | "container" | "host";
/** What a sandbox may reach: nothing, the model gateway alone, or the internet. */
export type NetworkAccess = "none" | "gateway" | "internet";

/** What a sandbox may use. A driver enforces each by the strongest means the machine allows and says which. */
export interface SandboxLimits {
  readonly memoryBytes: number;
  readonly processes: number;
  /** CPU time per wall time, in cores. */
  readonly cpuCores: number;
  /** Bytes under the workspace plus the sandbox's own temporary files. */
  readonly diskBytes: number;
  readonly openFiles: number;
  /** Bytes of stdout plus stderr kept in full for one command; what is beyond is counted and dropped. */
  readonly outputBytes: number;
}

/** How one limit is held: by a control group, by rlimit, by the harness watching, or not at all. */
export type Enforcement = "cgroup-v1" | "cgroup-v2" | "rlimit" | "watched" | "tmpfs-size" | "engine" | "none";

/** What really isolates a sandbox on this machine; recorded in the run. */
export interface IsolationReport {
  readonly driver: DriverName;
  readonly network: NetworkAccess;
  readonly limits: Readonly<Record<keyof SandboxLimits, Enforcement>>;
  readonly freeze: "cgroup" | "signals" | "engine";
  /** True when no path of the host can be read off the mount table inside. */
  readonly hidesHostPaths: boolean;
  /** Sentences for people about what does not hold here, empty when all does. */
  readonly caveats: readonly string[];
}

/** What a sandbox shows and allows. */
export interface SandboxSpec {
  /** Host folder that is the workspace; appears inside, writable, at {@link workspacePath}. */
  readonly workspace: string;
  /** Read-only folders or files of the host that appear inside (toolchain, agent-visible assets). */
  readonly mounts: readonly Mount[];
  /** The only variables a command starts with, `exec`'s own `env` aside. */
  readonly env: Readonly<Record<string, string>>;
  readonly network: NetworkAccess;
  /**
   * Takes over the connections that programs inside make to the gateway, where `network` is `gateway`; commands then
   * find its address in their variables ({@link gatewayVariables}). Without it they have no network at all.
   */
  readonly gateway?: AcceptConnection;
  readonly limits: SandboxLimits;
  /** Device nodes of the host to pass in, e.g. the GPU's. */
  readonly devices: readonly string[];
}

/** Where the workspace appears inside every isolating driver. */
export const workspacePath = "/workspace";

/** How one command runs. */
export interface ExecOptions {
  /** Wall time in milliseconds from the call; then the whole process tree of the command is killed. */
  readonly timeoutMs: number;
  /** Directory inside the sandbox; the workspace by default. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** Characters of each stream kept in the result; the middle of a longer one is cut. Default 200,000. */
  readonly captureChars?: number;
  /** Kills the command like a timeout; the result is then `cancelled`. */
  readonly signal?: AbortSignal;
  readonly onOutput?: (chunk: { readonly stream: "stdout" | "stderr"; readonly text: string }) => void;
}

/** One stream of a command's output. */
export interface CapturedOutput {
  /** The whole text, or its head and tail around a notice that names what was cut and {@link fullPath}. */
  readonly text: string;
  readonly totalBytes: number;
  readonly truncated: boolean;
  /** File inside the sandbox that holds the full text (up to `outputBytes`), when it was cut. */
  readonly fullPath?: string;
}

/** One process inside. */
export interface ProcessInfo {
  /** Process id inside the sandbox. */
  readonly pid: number;
  readonly command: string;
}

/** How a command ended. A failure, a timeout, a limit are results; only a lost sandbox throws. */
export type ExecOutcome =
  | { readonly status: "exited"; readonly exitCode: number }
  | { readonly status: "signaled"; readonly signal: string }
  | { readonly status: "timed-out"; readonly exitCode: 124 }
  | { readonly status: "cancelled" }
  | { readonly status: "limit-exceeded"; readonly limit: "memory" | "disk" };

/** How a command ended, with what it printed. */
export type ExecResult = ExecOutcome & {
  readonly stdout: CapturedOutput;
  readonly stderr: CapturedOutput;
  readonly durationMs: number;
  /** Processes of the sandbox that still run after the command, the sandbox's own keeper left out. */
  readonly stillRunning: readonly ProcessInfo[];
};

/** A file's bytes, or why it cannot be read. `content` ends at `maxBytes`; `totalBytes` is the whole size. */
export type ReadFileResult =
  | { readonly status: "read"; readonly content: Uint8Array; readonly totalBytes: number }
  | { readonly status: "failed"; readonly reason: string };

/** That a file was written, or why not. */
export type WriteFileResult =
  | { readonly status: "written" }
  | { readonly status: "failed"; readonly reason: string };

/**
 * The place where untrusted code runs. Open one with a driver's `openSandbox`; dispose of it with
 * `await using` or `destroy`. Commands may overlap; background processes survive between commands and die with
 * the sandbox; the sandbox dies with the harness.
 */
export interface Sandbox extends AsyncDisposable {
  readonly isolation: IsolationReport;

  /** Folder of the host that holds the workspace's bytes. Read it only while the sandbox is frozen. */
  readonly workspaceOnHost: string;

  /** Path of the workspace as a command inside sees it. */
  readonly workspaceInside: string;

  /**
   * Runs one command and collects its output. Never retries.
   *
   * @param argv - Program and arguments; no shell is involved.
   * @throws SANDBOX_LOST when the sandbox is gone or the driver stops answering; the run is then interrupted, not failed.
   */
  exec(argv: readonly [string, ...string[]], options: ExecOptions): Promise<ExecResult>;

  /** Reads through the sandbox, so links resolve inside it. @throws SANDBOX_LOST */
  readFile(path: string, options?: { readonly maxBytes?: number }): Promise<ReadFileResult>;

  /** Writes through the sandbox, making parent folders. @throws SANDBOX_LOST */
  writeFile(path: string, content: string | Uint8Array): Promise<WriteFileResult>;

  /** What runs inside now, the sandbox's own keeper left out. */
  processes(): Promise<readonly ProcessInfo[]>;

  /** Returns when no thread inside runs any more. Freezing a frozen sandbox does nothing. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;

  /** Kills everything inside and releases what the driver made. Safe to call twice. */
  destroy(): Promise<void>;
}

/** Opens sandboxes of one kind. */
export interface SandboxDriver {
  readonly name: DriverName;
  /** @throws SANDBOX_UNAVAILABLE with the remedy when this machine cannot run the driver. */
  openSandbox(spec: SandboxSpec): Promise<Sandbox>;
}
