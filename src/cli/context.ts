import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { builtInEnvironments } from "../environment/index.ts";
import { describeMachine, listGpuDeviceNodes, loadToolchain, locateCache } from "../machine/index.ts";
import { createSteadyClock, type RunHost } from "../run/index.ts";
import { bubblewrapDriver, createContainerDriver, hostDriver } from "../sandbox/index.ts";
import { Terminal } from "./terminal.ts";

/** What every command is given: the one place where the process's own globals are read. */
export interface CliContext {
  readonly terminal: Terminal;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly cacheDirectory: string;
  /** Folders of environment folders: the built-in ones, then those of `REBENCH_ENVIRONMENTS` (separated by colons). */
  readonly environmentRoots: readonly string[];
  /** Aborts on the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970, steady. */
  readonly now: () => number;
  readonly version: string;
  /** @throws TOOLCHAIN_MISSING before `rebench setup` */
  readonly openHost: () => Promise<RunHost>;
}

/** Builds the context from the process; called once. */
export function createContext(): CliContext {
  const terminal = new Terminal(process.stdout, process.stderr);
  const env = process.env;
  const cacheDirectory = locateCache(env);
  const now = createSteadyClock(Date.now(), () => performance.now());
  const version = readVersion();
  return {
    terminal,
    env,
    cacheDirectory,
    environmentRoots: [builtInEnvironments, ...(env.REBENCH_ENVIRONMENTS ?? "").split(":").filter(Boolean)],
    signal: listenForInterrupts(terminal),
    now,
    version,
    openHost: async () => {
      const toolchain = await loadToolchain({ cacheDirectory, env });
      return {
        machine: await describeMachine(env),
        toolchain,
        cacheDirectory,
        drivers: {
          bubblewrap: bubblewrapDriver,
          container: createContainerDriver(containerImage(env)),
          host: hostDriver,
        },
        gpuDevices: await listGpuDeviceNodes(),
        versions: { rebench: version, node: process.versions.node, ...toolchain.versions },
        now,
        randomBytes: (count) => randomBytes(count),
      };
    },
  };
}

/** The image of `--driver container`: the one set-up builds, unless the person names another. */
function containerImage(env: Readonly<NodeJS.ProcessEnv>): { readonly image?: string } {
  const image = env.REBENCH_CONTAINER_IMAGE;
  return image === undefined || image === "" ? {} : { image };
}

/** The first Ctrl-C stops in order; the second stops at once. What is acknowledged is on disk either way. */
function listenForInterrupts(terminal: Terminal): AbortSignal {
  const controller = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      terminal.say("stopped at once; nothing acknowledged is lost");
      process.exit(signal === "SIGINT" ? 130 : 143);
    }
    terminal.say("stopping in order (once more: at once)");
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

function readVersion(): string {
  const value: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"),
  );
  return typeof value === "object" && value !== null && "version" in value
    ? String(value.version)
    : "unknown";
}
