import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { locateCache } from "./cache-directory.ts";
import { machineErrors } from "./errors.ts";
import type { Mount, Toolchain } from "./toolchain.ts";

/** Pinned packages of every Python inside. */
export const requirementsPath = fileURLToPath(
  new URL("../../environments/requirements.txt", import.meta.url),
);

/** The file whose presence says that a toolchain folder is whole; written last. */
export const markerName = "complete.json";

const markerSchema = z.object({
  schemaVersion: z.literal(1),
  requirementsSha256: z.string(),
  /** Made for a machine with an NVIDIA GPU. */
  gpu: z.boolean(),
  python: z.object({
    /** `3.11`, as in folder names. */
    minor: z.string(),
    /** Installation the environment rests on; gone or replaced means that the environment is dead. */
    hostExecutable: z.string(),
    /** Extra library folder inside a sandbox, for interpreters built against a shared libpython. */
    libraryPath: z.string().nullable(),
    /** The installation was copied to `base/`, because sandboxes do not show its own place. */
    copied: z.boolean(),
  }),
  versions: z.record(z.string(), z.string()),
});
/** How a toolchain was made: what {@link markerName} holds. */
export type Marker = z.infer<typeof markerSchema>;

/** Where a toolchain's parts appear inside every sandbox. */
export const insidePaths = {
  python: "/opt/rebench/python",
  sitePackages: "/opt/rebench/site-packages",
  base: "/opt/rebench/base",
} as const;

/** Where toolchains are kept. */
export interface ToolchainOptions {
  /** Default: see {@link locateCache}. */
  readonly cacheDirectory?: string | undefined;
  readonly env?: Readonly<NodeJS.ProcessEnv> | undefined;
}

/** A complete toolchain folder. */
export interface StoredToolchain {
  readonly directory: string;
  readonly marker: Marker;
}

/**
 * The Python environment made by set-up for this version of the pinned requirements. Starts no process.
 *
 * @throws TOOLCHAIN_MISSING when set-up has not run, or the Python under it has been removed since.
 */
export async function loadToolchain(options: ToolchainOptions = {}): Promise<Toolchain> {
  const env = options.env ?? process.env;
  const cacheDirectory = options.cacheDirectory ?? locateCache(env);
  const [newest] = await listToolchains(cacheDirectory, await hashRequirements());
  if (newest === undefined) throw machineErrors.TOOLCHAIN_MISSING({ cacheDirectory });
  return toToolchain(newest, env);
}

/** Complete toolchains for these requirements whose interpreter still exists, newest first. */
export async function listToolchains(
  cacheDirectory: string,
  requirementsSha256: string,
): Promise<readonly StoredToolchain[]> {
  const parent = join(cacheDirectory, "toolchain");
  const names = await readdir(parent).catch(() => []);
  const found: (StoredToolchain & { readonly madeAtMs: number })[] = [];
  for (const name of names) {
    const directory = join(parent, name);
    try {
      const path = join(directory, markerName);
      const marker = markerSchema.parse(JSON.parse(await readFile(path, "utf8")));
      await stat(marker.python.hostExecutable);
      await stat(hostPythonOf(directory));
      if (marker.requirementsSha256 === requirementsSha256) {
        found.push({ directory, marker, madeAtMs: (await stat(path)).mtimeMs });
      }
    } catch {
      // Half-made, of another version, or resting on an interpreter that is gone: not a toolchain.
    }
  }
  return found.sort((a, b) => b.madeAtMs - a.madeAtMs);
}

/** SHA-256 of the pinned requirements; hex. */
export async function hashRequirements(): Promise<string> {
  return createHash("sha256")
    .update(await readFile(requirementsPath))
    .digest("hex");
}

function hostPythonOf(directory: string): string {
  return join(directory, "venv", "bin", "python3");
}

/** Where the packages of a toolchain folder lie on the host. */
export function sitePackagesOnHost(directory: string, pythonMinor: string): string {
  return join(directory, "venv", "lib", `python${pythonMinor}`, "site-packages");
}

/** What sandboxes are given of a toolchain folder. */
export function toToolchain(stored: StoredToolchain, env: Readonly<NodeJS.ProcessEnv>): Toolchain {
  const { directory, marker } = stored;
  const mounts: Mount[] = [
    { source: join(directory, "inside"), target: insidePaths.python },
    {
      source: sitePackagesOnHost(directory, marker.python.minor),
      target: insidePaths.sitePackages,
    },
    ...(marker.python.copied ? [{ source: join(directory, "base"), target: insidePaths.base }] : []),
  ];
  return {
    hostPython: hostPythonOf(directory),
    python: `${insidePaths.python}/bin/python3`,
    mounts,
    env: {
      PATH: `${insidePaths.python}/bin:/usr/local/bin:/usr/bin:/bin`,
      PYTHONDONTWRITEBYTECODE: "1",
      ...toLibraryPath(marker, env),
      ...toProcessorWorkarounds(env),
    },
    versions: marker.versions,
  };
}

function toLibraryPath(marker: Marker, env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  // GPU machines often bring the driver's libraries in this way, from below /usr, which sandboxes show.
  const driver = marker.gpu
    ? (env.LD_LIBRARY_PATH ?? "").split(":").filter((p) => p.startsWith("/usr/"))
    : [];
  const folders = [...(marker.python.libraryPath === null ? [] : [marker.python.libraryPath]), ...driver];
  return folders.length === 0 ? {} : { LD_LIBRARY_PATH: folders.join(":") };
}

/**
 * OpenBLAS (inside numpy) picks its kernels by the processor's identity and can be wrong about virtual or very
 * new ones. Whoever runs such a machine sets these two; without them inside, numpy crashes or gives wrong numbers.
 */
function toProcessorWorkarounds(env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const names = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
