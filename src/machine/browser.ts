import { findExecutable } from "./find-executable.ts";
import { type InstallResult, installSystemParts } from "./package-manager.ts";
import type { SetupOptions } from "./setup-toolchain.ts";

/** Absolute path of a Chromium or Chrome, or null. */
export async function findBrowser(env: Readonly<NodeJS.ProcessEnv>): Promise<string | null> {
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    const path = await findExecutable(name, env);
    if (path !== null) return path;
  }
  return null;
}

/**
 * Installs a browser where there is none and rights allow. Only tests of pages use it, and they say so where they
 * leave themselves out: that none can be had is a result, not an error.
 */
export async function setupBrowser(
  options: Pick<SetupOptions, "env" | "signal" | "onProgress"> = {},
): Promise<{ readonly status: "present" } | InstallResult> {
  const { env = process.env, signal, onProgress } = options;
  if ((await findBrowser(env)) !== null) return { status: "present" };
  const step = "installing a browser";
  onProgress?.({ step, detail: "chromium" });
  return installSystemParts(["browser"], {
    env,
    signal,
    onLine: (detail) => onProgress?.({ step, detail }),
  });
}
