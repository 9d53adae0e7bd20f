import type { Readable, Writable } from "node:stream";
import { Duplex } from "node:stream";
import type { Toolchain } from "../machine/index.ts";
import {
  type AcceptConnection,
  gatewayVariables,
  type IsolationReport,
  openJail,
  runnerPrefix,
  type SandboxLimits,
} from "../sandbox/index.ts";

/** Where a judge works and with what; paths of the host, shown inside as docs/judge-protocol.md says. */
export interface JudgeLaunch {
  readonly environmentDirectory: string;
  /** Folder with the shared Python package (`environments/common`). */
  readonly commonDirectory: string;
  /** The judge's part of the prepared assets. */
  readonly assetsDirectory: string;
  readonly snapshotDirectory: string;
  readonly toolchain: Toolchain;
  readonly limits: SandboxLimits;
  /** Device nodes of the host, e.g. the GPU's. */
  readonly devices: readonly string[];
  /** Takes over connections of judge and runner to the gateway; without it they have no network. */
  readonly gateway?: AcceptConnection;
}

/** How a judge's process ended. */
export interface JudgeExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** True when the kernel ended it for lack of memory, where a control group can tell. */
  readonly outOfMemory: boolean;
}

/** A judge at work in a jail of its own. */
export interface JudgeProcess extends AsyncDisposable {
  /** The other end of the judge's descriptor 3. It may break at any time. */
  readonly channel: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Command prefix with which the judge starts a runner; it goes into the request. */
  readonly runnerPrefix: readonly string[];
  /** The same for a runner that reaches the gateway; null where the judge does not. */
  readonly gatewayRunnerPrefix: readonly string[] | null;
  /** Never rejects. */
  readonly exited: Promise<JudgeExit>;
  /** Kills everything inside and returns when it is gone. Safe to call twice. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a jail and starts the judge in it. It sees the toolchain, what {@link JudgeLaunch} names and `/scratch`;
 * its environment is the toolchain's and what Python needs, nothing of the harness.
 *
 * @throws SANDBOX_UNAVAILABLE, SANDBOX_SOURCE_MISSING
 */
export async function startJudge(launch: JudgeLaunch): Promise<JudgeProcess> {
  const { toolchain } = launch;
  const jail = await openJail({
    mounts: [
      ...toolchain.mounts,
      { source: launch.environmentDirectory, target: "/environment" },
      { source: launch.commonDirectory, target: "/common" },
      { source: launch.assetsDirectory, target: "/assets" },
      { source: launch.snapshotDirectory, target: "/snapshot" },
    ],
    writable: [],
    temporary: ["/scratch"],
    ...(launch.gateway === undefined
      ? { network: "none" as const }
      : { network: "gateway" as const, gateway: launch.gateway }),
    limits: launch.limits,
    devices: launch.devices,
    allowNesting: true,
  });
  const variables = jail.gatewayUrl === null ? {} : gatewayVariables(jail.gatewayUrl);
  const toRunnerPrefix = (network: "none" | "gateway") =>
    runnerPrefix({
      snapshot: "/snapshot",
      runner: "/environment/judge/runner",
      shared: toolchain.mounts.map(({ target }) => target),
      env: {
        ...toolchain.env,
        HOME: "/root",
        TMPDIR: "/tmp",
        LANG: "C.UTF-8",
        ...(network === "gateway" ? variables : {}),
      },
      devices: launch.devices,
      network,
      limits: launch.limits,
    });
  try {
    const child = jail.spawn(toArgv(toolchain, jail.isolation, launch.limits), {
      env: { ...trustedPythonVariables(toolchain), ...variables },
      cwd: "/scratch",
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    const exited = new Promise<JudgeExit>((resolve) => {
      child.once("error", () => resolve({ exitCode: null, signal: null, outOfMemory: false }));
      child.once("exit", (exitCode, signal) =>
        resolve({ exitCode, signal, outOfMemory: signal === "SIGKILL" && jail.memoryKills() > 0 }),
      );
    });
    return {
      channel: toDuplex(child.stdio[3]),
      stdout: toReadable(child.stdout),
      stderr: toReadable(child.stderr),
      runnerPrefix: toRunnerPrefix("none"),
      gatewayRunnerPrefix: jail.gatewayUrl === null ? null : toRunnerPrefix("gateway"),
      exited,
      [Symbol.asyncDispose]: () => jail.kill(),
    };
  } catch (error) {
    await jail.kill();
    throw error;
  }
}

/**
 * Where no control group holds the memory, each process is held to it by itself: a runaway judge must not take the
 * machine with it. Watching, as for the agent's sandbox, would cost the judge's measurements time.
 */
function toArgv(
  { python }: Toolchain,
  { limits }: IsolationReport,
  { memoryBytes }: SandboxLimits,
): readonly [string, ...string[]] {
  const judge = [python, "-m", "rebench_common.judge_main", "/environment/judge/judge.py"] as const;
  const isHeld = limits.memoryBytes !== "watched" && limits.memoryBytes !== "none";
  return isHeld ? judge : ["prlimit", `--data=${Math.floor(memoryBytes)}`, "--", ...judge];
}

/** Variables of a trusted Python program in a jail with `/common` and `/scratch`. */
export function trustedPythonVariables(toolchain: Toolchain): Readonly<Record<string, string>> {
  return {
    ...toolchain.env,
    PYTHONPATH: "/common",
    // Neither the working folder nor a user's own packages are looked through for modules.
    PYTHONSAFEPATH: "1",
    PYTHONNOUSERSITE: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
    HOME: "/scratch",
    TMPDIR: "/scratch",
    LANG: "C.UTF-8",
  };
}

type ChildStream = Readable | Writable | null | undefined;

function toDuplex(stream: ChildStream): Duplex {
  if (stream instanceof Duplex) return stream;
  throw new Error("Node made no socket for the judge's descriptor 3");
}

function toReadable(stream: Readable | null): Readable {
  if (stream !== null) return stream;
  throw new Error("Node made no pipe for the judge's output");
}
