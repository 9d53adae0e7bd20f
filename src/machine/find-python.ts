import { realpath } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { machineErrors } from "./errors.ts";
import { installCommand } from "./package-manager.ts";

const interpreterSchema = z.object({
  version: z.tuple([z.int(), z.int(), z.int()]),
  executable: z.string(),
  basePrefix: z.string(),
  /** Built against libpython as a shared library. */
  isShared: z.boolean(),
  lacks: z.string().nullable(),
});

/** A Python that can be the base of virtual environments. */
export interface BaseInterpreter {
  /** Absolute path of the executable, links resolved. */
  readonly executable: string;
  readonly version: readonly [number, number, number];
  /** Prefix of the installation: `/usr` for the system's. */
  readonly prefix: string;
  readonly isShared: boolean;
}

const probe = `
import importlib.util, json, sys, sysconfig
lacks = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
print(json.dumps({
    "version": sys.version_info[:3],
    "executable": getattr(sys, "_base_executable", sys.executable),
    "basePrefix": sys.base_prefix,
    "isShared": bool(sysconfig.get_config_var("Py_ENABLE_SHARED")),
    "lacks": lacks[0] if lacks else None,
}))`;

const names = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];

/**
 * Chooses the base interpreter: the system's under `/usr` first, because every sandbox shows `/usr` anyway, then
 * whatever PATH offers (pyenv, conda, uv).
 *
 * @param only - Considers this path alone.
 * @throws PYTHON_MISSING when none is from 3.10 to 3.13 (what the pinned packages have wheels for).
 * @throws PYTHON_VENV_MISSING when the only ones in range lack venv or ensurepip.
 */
export async function findPython(
  env: Readonly<NodeJS.ProcessEnv>,
  only?: string | undefined,
): Promise<BaseInterpreter> {
  const folders = ["/usr/bin", ...(env.PATH ?? "").split(delimiter).filter((folder) => folder !== "")];
  const candidates = only
    ? [only]
    : new Set(folders.flatMap((folder) => names.map((name) => join(folder, name))));
  const tried: string[] = [];
  let withoutVenv: { python: string; lacks: string } | null = null;
  for (const candidate of candidates) {
    const found = await inspectPython(candidate, env);
    if (found === null) {
      if (only) tried.push(`${only} does not start as a Python`);
      continue;
    }
    const [major, minor] = found.version;
    if (major !== 3 || minor < 10 || minor > 13) {
      tried.push(`${candidate} is ${found.version.join(".")}`);
    } else if (found.lacks !== null) {
      withoutVenv ??= { python: candidate, lacks: found.lacks };
    } else {
      return found;
    }
  }
  if (withoutVenv !== null) {
    throw machineErrors.PYTHON_VENV_MISSING({
      ...withoutVenv,
      installCommand: await installCommand(["python"], env),
    });
  }
  throw machineErrors.PYTHON_MISSING({ tried, installCommand: await installCommand(["python"], env) });
}

/** Null when the path is no Python that starts. */
async function inspectPython(
  path: string,
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<(BaseInterpreter & { readonly lacks: string | null }) | null> {
  const result = await execa(path, ["-I", "-c", probe], {
    env: { ...env },
    extendEnv: false,
    reject: false,
    timeout: 20_000,
    stdin: "ignore",
  });
  if (result.failed) return null;
  try {
    const { basePrefix, executable, ...rest } = interpreterSchema.parse(JSON.parse(result.stdout));
    return { ...rest, prefix: await realpath(basePrefix), executable: await realpath(executable) };
  } catch {
    return null;
  }
}
