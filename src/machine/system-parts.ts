import { realpath } from "node:fs/promises";
import { findExecutable } from "./find-executable.ts";
import type { SystemPart } from "./package-manager.ts";

/** Programs of util-linux that the sandbox is built with. */
export const utilLinuxPrograms = ["nsenter", "setpriv", "prlimit", "unshare", "choom"] as const;

/** Absolute path of a C++ compiler, or null. */
export async function findCompiler(env: Readonly<NodeJS.ProcessEnv>): Promise<string | null> {
  return (await findExecutable("g++", env)) ?? (await findExecutable("c++", env));
}

/** Folders of this machine in which a sandbox looks for programs. */
const foldersInside = ["/usr/local/bin", "/usr/bin"];

/**
 * Absolute path of a Rust compiler that sandboxes have too, or null. The PATH of whoever asks does not matter: what
 * lies below a home folder, as rustup's does, is not there inside.
 */
export async function findRustCompiler(folders: readonly string[] = foldersInside): Promise<string | null> {
  for (const folder of folders) {
    const real = await realpath(`${folder}/rustc`).catch(() => null);
    if (real?.startsWith("/usr/")) return `${folder}/rustc`;
  }
  return null;
}

/** A container engine that is installed, whether or not it answers. */
export interface InstalledEngine {
  readonly name: "docker" | "podman";
  readonly path: string;
}

/** The container engines there are, in the order in which they are tried. */
export async function findContainerEngines(
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<readonly InstalledEngine[]> {
  const found: InstalledEngine[] = [];
  for (const name of ["docker", "podman"] as const) {
    const path = await findExecutable(name, env);
    if (path !== null) found.push({ name, path });
  }
  return found;
}

/** Programs of {@link utilLinuxPrograms} that are not there. */
export async function findMissingUtilLinux(env: Readonly<NodeJS.ProcessEnv>): Promise<readonly string[]> {
  const found = await Promise.all(utilLinuxPrograms.map((name) => findExecutable(name, env)));
  return utilLinuxPrograms.filter((_, index) => found[index] === null);
}

/** Parts of the system, Python and what only some environments need aside, that are not there. */
export async function findMissingParts(
  env: Readonly<NodeJS.ProcessEnv>,
  options: { readonly withContainer: boolean },
): Promise<readonly SystemPart[]> {
  const missing: SystemPart[] = [];
  if ((await findExecutable("bwrap", env)) === null) missing.push("bubblewrap");
  if ((await findCompiler(env)) === null) missing.push("compiler");
  if ((await findMissingUtilLinux(env)).length > 0) missing.push("utilLinux");
  if (options.withContainer && (await findContainerEngines(env)).length === 0) missing.push("container");
  return missing;
}
