import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { reasonOf } from "../errors/index.ts";
import { machineErrors } from "./errors.ts";

/**
 * Absolute path of the folder for what can be made again: Python environments, prepared assets, measured
 * anchors. `$REBENCH_CACHE`, else `$XDG_CACHE_HOME/rebench`, else `~/.cache/rebench`. May not exist yet.
 */
export function locateCache(env: Readonly<NodeJS.ProcessEnv> = process.env): string {
  if (env.REBENCH_CACHE) return resolve(env.REBENCH_CACHE);
  // The XDG specification tells programs to ignore a relative path.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, "rebench");
  return join(env.HOME || homedir(), ".cache", "rebench");
}

/** Makes a folder of the cache. @throws CACHE_NOT_WRITABLE */
export async function makeCacheFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw machineErrors.CACHE_NOT_WRITABLE({ path, reason: reasonOf(error) }, error);
  }
}
