import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findContainerEngines, type InstalledEngine } from "../../machine/index.ts";
import { sandboxErrors } from "../errors.ts";
import { type ProgramResult, runProgram } from "../run-program.ts";

/** The command line of Docker or Podman. */
export interface Engine {
  readonly name: InstalledEngine["name"];
  /** True when containers run as the user of the harness, whose folders they can then own. */
  readonly isRootless: boolean;
  /** argv in front of the engine's own arguments. */
  readonly command: readonly [string, ...string[]];
  /** Environment the engine needs to find its daemon, its storage and its helpers. */
  readonly env: NodeJS.ProcessEnv;
  run(args: readonly string[]): Promise<ProgramResult>;
}

const hybridControlGroups = "/sys/fs/cgroup/unified";

/**
 * Finds the first engine that answers.
 *
 * @param env - the harness's own environment
 * @throws SANDBOX_UNAVAILABLE when neither does
 */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const complaints: string[] = [];
  for (const { name, path } of await findContainerEngines(env)) {
    const engine = toEngine(name, path, env);
    const answer = await engine.run(["version"]);
    if (answer.exitCode === 0) return engine;
    complaints.push(`${name} does not answer: ${answer.stderr.trim().split("\n")[0]}`);
  }
  throw sandboxErrors.SANDBOX_UNAVAILABLE({
    driver: "container",
    reason: complaints.join("; ") || "neither docker nor podman is installed",
    remedy: "start Docker's daemon, or install Podman: `sudo apt-get install podman`",
  });
}

function toEngine(name: Engine["name"], path: string, env: NodeJS.ProcessEnv): Engine {
  const isRoot = process.getuid?.() === 0;
  // Podman's runtime refuses a machine that has both versions of control groups mounted; it is shown the first only.
  const needsFirstVersionOnly = name === "podman" && isRoot && existsSync(hybridControlGroups);
  const hide = `umount ${hybridControlGroups} && exec "$@"`;
  const command: [string, ...string[]] = needsFirstVersionOnly
    ? ["unshare", "--mount", "--propagation", "private", "sh", "-c", hide, "sh", path]
    : [path];
  if (name === "podman" && isRoot && !runsSystemd()) command.push("--cgroup-manager", "cgroupfs");
  const [program, ...rest] = command;
  return {
    name,
    isRootless: name === "podman" && !isRoot,
    command,
    env,
    // Podman's monitor leaves a file `oom` where it was started when a container runs out of memory.
    run: (args) => runProgram(program, [...rest, ...args], { env, cwd: makeStateFolder() }),
  };
}

function makeStateFolder(): string {
  const folder = join(tmpdir(), `rebench-container-${process.getuid?.() ?? 0}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function runsSystemd(): boolean {
  try {
    return readFileSync("/proc/1/comm", "utf8").trim() === "systemd";
  } catch {
    return false;
  }
}
