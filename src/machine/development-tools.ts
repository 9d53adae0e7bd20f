import { createHash } from "node:crypto";
import { access, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { locateCache, makeCacheFolder } from "./cache-directory.ts";
import { machineErrors } from "./errors.ts";
import { acquireFileLock } from "./file-lock.ts";
import { type PipContext, pipInstall, runLogged } from "./pip-install.ts";
import { type SetupOptions, setupToolchain } from "./setup-toolchain.ts";
import type { Toolchain } from "./toolchain.ts";

const requirementsPath = fileURLToPath(new URL("../../environments/requirements-dev.txt", import.meta.url));

/**
 * A Python for the tests of environments: the toolchain's packages plus pytest and ruff, which never enter a
 * sandbox. Made once, after the toolchain, and kept beside it.
 *
 * @returns Absolute path of the interpreter; use it as `python -m pytest` and `python -m ruff`.
 * @throws What {@link setupToolchain} throws.
 */
export async function setupDevelopmentTools(
  options: SetupOptions = {},
): Promise<{ readonly python: string; readonly toolchain: Toolchain }> {
  const env = options.env ?? process.env;
  const toolchain = await setupToolchain(options);
  const requirements = await readFile(requirementsPath, "utf8");
  const key = createHash("sha256")
    .update(`${requirements}\n${toolchain.hostPython}`)
    .digest("hex")
    .slice(0, 16);
  const parent = join(options.cacheDirectory ?? locateCache(env), "development");
  await makeCacheFolder(parent);
  await using _ = await acquireFileLock(join(parent, "setup.lock"), { signal: options.signal });

  const directory = join(parent, key);
  const marker = join(directory, "complete");
  const python = join(directory, "bin", "python3");
  if (await exists(marker)) return { python, toolchain };

  const step = "installing development tools";
  const log = join(parent, "last-setup.log");
  const report = (detail: string) => options.onProgress?.({ step, detail });
  const context: PipContext = { python, log, env, signal: options.signal, onLine: report };
  report(requirementsPath);
  await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  await mkdir(directory);
  await writeFile(log, "");
  const venv = await runLogged({ ...context, python: toolchain.hostPython }, ["-m", "venv", directory]);
  if (venv.failed) throw machineErrors.TOOLCHAIN_STEP_FAILED({ step, reason: "python -m venv failed", log });
  await pipInstall(context, ["--no-deps", "-r", requirementsPath]);
  // A path file adds the toolchain's packages without installing torch a second time.
  const paths = await runLogged(context, ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]);
  const sitePackages = toolchain.mounts.find((mount) => mount.target.endsWith("/site-packages"));
  if (paths.failed || sitePackages === undefined) {
    throw machineErrors.TOOLCHAIN_STEP_FAILED({ step, reason: "no site-packages", log });
  }
  await writeFile(join(paths.stdout.trim(), "rebench-toolchain.pth"), `${sitePackages.source}\n`);
  await writeFile(`${marker}.draft`, "");
  await rename(`${marker}.draft`, marker);
  return { python, toolchain };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
