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
  const { command } = environment.manifest.solution;
  const [program, ...rest] = command ?? [];
  if (program === undefined) return null;
  return sandbox.exec([program, ...rest], { timeoutMs: solutionCommandMs, signal });
}

/** Regular files under a folder, sorted, Python's caches left out. */
export function listFiles(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("__pycache__"))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
