import { createHash, randomBytes, randomUUID } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { reasonOf } from "../errors/index.ts";
import { acquireFileLock, makeCacheFolder, type Toolchain } from "../machine/index.ts";
import { environmentErrors } from "./errors.ts";
import { type HashedFile, hashFiles, hashOfFiles, isLitter } from "./hash-folder.ts";
import { hashCommonPackage } from "./load-environment.ts";
import type { Environment, ScaleName } from "./manifest.ts";
import { runPrepare } from "./run-prepare.ts";

/** News of a preparation; `fraction` from 0 to 1 where prepare.py tells it. */
export interface AssetProgress {
  readonly message: string;
  readonly fraction?: number;
}

/** What preparing needs from outside. */
export interface PrepareOptions {
  readonly toolchain: Toolchain;
  readonly cacheDirectory: string;
  readonly onProgress?: ((progress: AssetProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 64 hex digits; assets of one seed are kept apart from others. By default secret and new. */
  readonly randomSeed?: string | undefined;
  readonly env?: Readonly<NodeJS.ProcessEnv> | undefined;
}

/** Assets of one scale, on this machine. */
export interface PreparedAssets {
  /** What the agent may see. */
  readonly agentDirectory: string;
  /** What only the judge may see. */
  readonly judgeDirectory: string;
  /** SHA-256 over everything the assets were made from; hex. */
  readonly key: string;
  /** SHA-256 over names and contents of the assets themselves; hex. */
  readonly sha256: string;
  /** Paths begin with `agent/` or `judge/`. */
  readonly files: readonly HashedFile[];
  /** False when they were in the cache already. */
  readonly preparedNow: boolean;
}

const manifestName = "assets.json";
const assetManifestSchema = z.object({
  schemaVersion: z.literal(1),
  key: z.string(),
  files: z.array(z.object({ path: z.string(), sizeBytes: z.int(), sha256: z.string() })),
});

/**
 * Gives the assets of one scale, running the environment's `prepare.py` unless the cache has them. What is in
 * the cache is checked against its hashes each time, and made again if damaged. A preparation that fails or is
 * killed leaves nothing; two at once wait for each other.
 *
 * @throws ASSETS_FAILED, ASSETS_TIMED_OUT, CACHE_NOT_WRITABLE; the signal's reason when cancelled.
 */
export async function prepareAssets(
  environment: Environment,
  scale: ScaleName,
  options: PrepareOptions,
): Promise<PreparedAssets> {
  const { id } = environment.manifest;
  const key = await toKey(environment, scale, options);
  const parent = join(options.cacheDirectory, "assets", id);
  const directory = join(parent, `${scale}-${key.slice(0, 16)}`);
  await makeCacheFolder(parent);
  await using _ = await acquireFileLock(`${directory}.lock`, {
    signal: options.signal,
    onWait: ({ pid }) => options.onProgress?.({ message: `another process (${pid}) is preparing ${id}` }),
  });
  const cached = await loadAssets(directory, key);
  if (cached.status === "whole") return { ...cached.assets, preparedNow: false };
  if (cached.status === "damaged") {
    options.onProgress?.({
      message: `the cached assets of ${id} are damaged (${cached.reason}); making them again`,
    });
  }
  await removeRemains(directory);

  const draft = `${directory}.partial-${randomUUID()}`;
  const seed = options.randomSeed ?? randomBytes(32).toString("hex");
  try {
    await mkdir(draft);
    await runPrepare({ environment, scale, seed, out: draft, log: `${directory}.log`, ...options });
    const files = await inspectOutput(draft, { id, scale, log: `${directory}.log` });
    // Without the seed: whoever could read it would know what no agent may.
    const manifest = { schemaVersion: 1, key, files };
    await writeFile(join(draft, manifestName), JSON.stringify(manifest, null, 2));
    await rename(draft, directory);
    return { ...toAssets(directory, key, files), preparedNow: true };
  } catch (error) {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

/** Removes assets nobody uses any more. */
export async function removeAssets(assets: PreparedAssets): Promise<void> {
  const directory = dirname(assets.agentDirectory);
  await removeRemains(directory);
  await rm(`${directory}.log`, { force: true });
}

/** Not the instructions nor the reference: `prepare.py` must not read them, so editing them costs nothing. */
async function toKey(environment: Environment, scale: ScaleName, options: PrepareOptions): Promise<string> {
  const skipped = new Set(["README.md", "tests", "instructions.md", "environment.yaml", "reference"]);
  const own = await hashFiles(environment.directory, (path) => skipped.has(path) || isLitter(path));
  const inputs = {
    environment: hashOfFiles(own),
    common: await hashCommonPackage(),
    scale,
    parameters: environment.manifest.scales[scale].parameters,
    versions: options.toolchain.versions,
    seed: options.randomSeed ?? null,
  };
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
}

type CachedAssets =
  | { readonly status: "absent" }
  | { readonly status: "damaged"; readonly reason: string }
  | { readonly status: "whole"; readonly assets: Omit<PreparedAssets, "preparedNow"> };

async function loadAssets(directory: string, key: string): Promise<CachedAssets> {
  const text = await readFile(join(directory, manifestName), "utf8").catch(() => null);
  if (text === null) return { status: "absent" };
  try {
    const manifest = assetManifestSchema.parse(JSON.parse(text));
    const found = await hashFiles(directory, (path) => path === manifestName);
    if (hashOfFiles(found) !== hashOfFiles(manifest.files)) {
      return { status: "damaged", reason: "files differ from their hashes" };
    }
    return { status: "whole", assets: toAssets(directory, key, manifest.files) };
  } catch (error) {
    return { status: "damaged", reason: reasonOf(error) };
  }
}

function toAssets(
  directory: string,
  key: string,
  files: readonly HashedFile[],
): Omit<PreparedAssets, "preparedNow"> {
  return {
    agentDirectory: join(directory, "agent"),
    judgeDirectory: join(directory, "judge"),
    key,
    sha256: hashOfFiles(files),
    files,
  };
}

/** Folders that are mounted into sandboxes hold plain files only: a link could lead anywhere. */
async function inspectOutput(
  draft: string,
  context: { readonly id: string; readonly scale: ScaleName; readonly log: string },
): Promise<readonly HashedFile[]> {
  const fail = (reason: string) => environmentErrors.ASSETS_FAILED({ ...context, reason });
  const names = (await readdir(draft)).sort();
  if (names.join() !== "agent,judge") {
    throw fail(
      `prepare.py must leave exactly the folders agent and judge, and left ${names.join(", ") || "nothing"}`,
    );
  }
  await chmod(draft, 0o755);
  for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() && !entry.isDirectory()) {
      throw fail(`prepare.py left ${path}, which is no plain file`);
    }
    // Sandboxes may run as another user than the harness; some libraries write files only their owner can read.
    await chmod(path, entry.isDirectory() ? 0o755 : 0o644);
  }
  return hashFiles(draft);
}

/** What a killed or damaged preparation of this key left; only the lock's holder may call. */
async function removeRemains(directory: string): Promise<void> {
  const parent = dirname(directory);
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (path === directory || path.startsWith(`${directory}.partial-`)) {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    }
  }
}
