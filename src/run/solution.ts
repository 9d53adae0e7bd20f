import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Environment, findReference, type GivenSolution } from "../environment/index.ts";
import type { ExecResult, Sandbox } from "../sandbox/index.ts";
import { runErrors } from "./errors.ts";

/** Longest time the environment's own solution command may take, in milliseconds. */
const solutionCommandMs = 12 * 3_600_000;

/**
 * Writes the starting or the reference solution into a sandbox and runs the environment's solution command.
 *
 * @returns How the command ended; null where the environment has none.
 * @throws REFERENCE_MISSING in the npm package, which holds no reference solutions
 */
export async function installSolution(
  environment: Environment,
  which: GivenSolution,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<ExecResult | null> {
  const source =
    which === "starting" ? join(environment.directory, "start") : await findReference(environment);
  if (source === null) throw runErrors.REFERENCE_MISSING({ environment: environment.manifest.id });
  for (const path of listFiles(source)) {
    const target = join(sandbox.workspaceInside, relative(source, path));
    const written = await sandbox.writeFile(target, readFileSync(path));
    if (written.status === "failed") throw runErrors.RUN_UNWRITABLE({ path: target, detail: written.reason });
  }
  return makeSolution(environment.manifest.solution.command ?? null, sandbox, signal);
}

/**
 * Runs an environment's solution command in the workspace, which makes the solution files from the rest of it.
 *
 * @returns How the command ended; null where the environment has none.
 */
export async function makeSolution(
  solutionCommand: readonly string[] | null,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<ExecResult | null> {
  const command = toCommand(solutionCommand);
  return command === null ? null : sandbox.exec(command, { timeoutMs: solutionCommandMs, signal });
}

/** What is wrong with how a solution command ended, with the end of its errors; null where nothing is. */
export function findCommandProblem(ended: ExecResult): string | null {
  if (ended.status === "exited" && ended.exitCode === 0) return null;
  const how = ended.status === "exited" ? `exit code ${ended.exitCode}` : ended.status;
  const lastLines = ended.stderr.text.trim().split("\n").slice(-5).join("\n");
  return lastLines === "" ? how : `${how}: ${lastLines}`;
}

/** Program and arguments; null for none. */
export function toCommand(command: readonly string[] | null): readonly [string, ...string[]] | null {
  const [program, ...rest] = command ?? [];
  return program === undefined ? null : [program, ...rest];
}

/** Regular files under a folder, sorted, Python's caches left out. */
export function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
