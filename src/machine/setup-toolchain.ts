import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { locateCache, makeCacheFolder } from "./cache-directory.ts";
import { machineErrors } from "./errors.ts";
import { acquireFileLock } from "./file-lock.ts";
import { type BaseInterpreter, findPython } from "./find-python.ts";
import { readFreeGib } from "./free-disk.ts";
import { listGpus } from "./gpus.ts";
import { copyBaseInterpreter, isShownInSandboxes, makeInsidePython } from "./inside-python.ts";
import { installRequirements, type PipContext, runLogged, toCleanPythonEnv } from "./pip-install.ts";
import type { Toolchain } from "./toolchain.ts";
import {
  hashRequirements,
  insidePaths,
  listToolchains,
  type Marker,
  markerName,
  sitePackagesOnHost,
  type ToolchainOptions,
  toToolchain,
} from "./toolchain-store.ts";

/** One piece of news about a long set-up. */
export interface SetupProgress {
  readonly step: string;
  readonly detail: string;
  /** Share of the whole that is done, from 0 to 1; absent where nobody can know. */
  readonly fraction?: number;
}

/** How to set up the Python environment. */
export interface SetupOptions extends ToolchainOptions {
  /** Interpreter to build on, instead of the one that set-up would choose. */
  readonly python?: string | undefined;
  readonly onProgress?: ((progress: SetupProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const neededGib = { cpu: 2, gpu: 10 } as const;

/**
 * Makes the Python environment of this version's pinned requirements unless it is there, and proves it by
 * importing and using torch. Safe to interrupt, to repeat, and to run twice at once: the second waits.
 *
 * @throws PYTHON_MISSING, PYTHON_VENV_MISSING, PACKAGES_UNREACHABLE, DISK_TOO_FULL, CACHE_NOT_WRITABLE,
 * TOOLCHAIN_STEP_FAILED, each with the command that helps.
 */
export async function setupToolchain(options: SetupOptions = {}): Promise<Toolchain> {
  const env = options.env ?? process.env;
  const cacheDirectory = options.cacheDirectory ?? locateCache(env);
  const report = options.onProgress ?? (() => {});
  const parent = join(cacheDirectory, "toolchain");
  await makeCacheFolder(parent);
  await using _ = await acquireFileLock(join(parent, "setup.lock"), {
    signal: options.signal,
    onWait: ({ pid }) => report({ step: "waiting", detail: `another set-up is at work (process ${pid})` }),
  });

  const requirementsSha256 = await hashRequirements();
  const gpu = (await listGpus(env)).length > 0;
  const existing = (await listToolchains(cacheDirectory, requirementsSha256)).find(
    (t) => t.marker.gpu === gpu,
  );
  if (existing !== undefined) return toToolchain(existing, env);

  await removeLeftovers(parent, cacheDirectory, requirementsSha256);
  report({ step: "looking for Python", detail: "", fraction: 0 });
  const interpreter = await findPython(env, options.python);
  await checkDisk(parent, gpu ? neededGib.gpu : neededGib.cpu);

  const minor = interpreter.version.slice(0, 2).join(".");
  const directory = join(parent, `python${minor}-${gpu ? "gpu" : "cpu"}-${randomUUID().slice(0, 8)}`);
  try {
    const marker = await build({ directory, interpreter, requirementsSha256, gpu, env, options });
    return toToolchain({ directory, marker }, env);
  } catch (error) {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

async function build(init: {
  directory: string;
  interpreter: BaseInterpreter;
  requirementsSha256: string;
  gpu: boolean;
  env: Readonly<NodeJS.ProcessEnv>;
  options: SetupOptions;
}): Promise<Marker> {
  const { directory, interpreter, gpu, env } = init;
  const minor = interpreter.version.slice(0, 2).join(".");
  const log = join(directory, "..", "last-setup.log");
  let step = "";
  let fraction = 0;
  const report = (detail: string) => init.options.onProgress?.({ step, detail, fraction });
  const begin = (name: string, done: number, detail = "") => {
    step = name;
    fraction = done;
    report(detail);
  };
  const context: PipContext = {
    python: join(directory, "venv", "bin", "python3"),
    log,
    env,
    signal: init.options.signal,
    onLine: report,
  };

  begin("making a virtual environment", 0.02, interpreter.executable);
  await mkdir(directory);
  await writeFile(log, "");
  const venv = await runLogged({ ...context, python: interpreter.executable }, [
    "-m",
    "venv",
    join(directory, "venv"),
  ]);
  if (venv.failed) {
    throw machineErrors.TOOLCHAIN_STEP_FAILED({ step, reason: lastLine(venv.text), log });
  }

  begin("installing packages", 0.08);
  await installRequirements(context, { gpu });

  begin("compiling", 0.75);
  const isShown = isShownInSandboxes(interpreter);
  await makeInsidePython(directory, interpreter);
  if (!isShown) await copyBaseInterpreter(directory, interpreter);
  // Compiled files name their source; they are made to name the place inside, not this machine's.
  const trees = [
    [sitePackagesOnHost(directory, minor), `${insidePaths.python}/lib/python${minor}/site-packages`],
    ...(isShown ? [] : [[join(directory, "base", "lib"), `${insidePaths.base}/lib`]]),
  ];
  for (const [onHost = "", inside = ""] of trees) {
    // Its exit status tells of files that are no valid Python, of which several packages ship some.
    await runLogged(context, [
      "-m",
      "compileall",
      "-qq",
      "-f",
      "-j",
      "0",
      "-s",
      onHost,
      "-p",
      inside,
      onHost,
    ]);
  }

  begin("trying torch", 0.92);
  const versions = await verify(context, step);
  const marker: Marker = {
    schemaVersion: 1,
    requirementsSha256: init.requirementsSha256,
    gpu,
    python: {
      minor,
      hostExecutable: interpreter.executable,
      libraryPath: toInsideLibraryPath(interpreter),
      copied: !isShown,
    },
    versions,
  };
  const draft = join(directory, `${markerName}.draft`);
  await writeFile(draft, JSON.stringify(marker, null, 2));
  await rename(draft, join(directory, markerName));
  begin("ready", 1);
  return marker;
}

const verification = `
import importlib.metadata, json, platform
import numpy, safetensors.torch, torch
product = torch.from_numpy(numpy.ones((64, 64), dtype=numpy.float32)) @ torch.ones(64, 64)
assert float(product.sum()) == 64.0**3, "torch multiplies wrongly"
saved = safetensors.torch.load(safetensors.torch.save({"x": product}))
assert torch.equal(saved["x"], product), "safetensors does not give back what it was given"
versions = {d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions()}
print("versions " + json.dumps({"python": platform.python_version(), **dict(sorted(versions.items()))}))
`;

async function verify(context: PipContext, step: string): Promise<Record<string, string>> {
  // -I also proves that nothing of the user's own Python folders is needed.
  const result = await execa(context.python, ["-I", "-c", verification], {
    env: toCleanPythonEnv(context.env),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    ...(context.signal ? { cancelSignal: context.signal } : {}),
  });
  context.signal?.throwIfAborted();
  const line = /^versions (.*)$/m.exec(result.stdout ?? "");
  if (result.failed || line?.[1] === undefined) {
    await writeFile(context.log, `${result.stdout}\n${result.stderr}\n`, { flag: "a" });
    const reason = lastLine(result.stderr ?? "");
    throw machineErrors.TOOLCHAIN_STEP_FAILED({ step, reason, log: context.log });
  }
  return z.record(z.string(), z.string()).parse(JSON.parse(line[1]));
}

function toInsideLibraryPath(interpreter: BaseInterpreter): string | null {
  if (!isShownInSandboxes(interpreter)) return `${insidePaths.base}/lib`;
  // The loader knows /usr/lib by itself but /usr/local/lib only through a cache that a sandbox need not have.
  return interpreter.isShared && interpreter.prefix !== "/usr" ? join(interpreter.prefix, "lib") : null;
}

/** Folders of interrupted set-ups, and of interpreters that are gone; toolchains of other versions stay. */
async function removeLeftovers(
  parent: string,
  cacheDirectory: string,
  requirementsSha256: string,
): Promise<void> {
  const usable = new Set((await listToolchains(cacheDirectory, requirementsSha256)).map((t) => t.directory));
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    const directory = join(parent, entry.name);
    if (!entry.isDirectory() || usable.has(directory)) continue;
    const names = await readdir(directory);
    if (!names.includes(markerName)) await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function checkDisk(path: string, needed: number): Promise<void> {
  const freeGib = await readFreeGib(path);
  if (freeGib < needed) throw machineErrors.DISK_TOO_FULL({ path, freeGib, neededGib: needed });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "no output";
}
