import { createHash } from "node:crypto";
import { chmod, type FileHandle, lstat, mkdir, open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DurableFolder, errorCode, removeFile, storage, writeAll } from "./durable-files.ts";
import { scoringErrors } from "./errors.ts";
import { ObjectStore, openStored, type StoredObject } from "./object-store.ts";
import type { SnapshotRef } from "./result.ts";
import {
  type SnapshotEntry,
  type SnapshotManifest,
  snapshotManifestSchema,
  toManifestBytes,
  toSnapshotRef,
} from "./snapshot-manifest.ts";

/**
 * Snapshots in one folder, content-addressed: `objects/ab/cdef…` holds each distinct file once, read-only;
 * `manifests/<treeSha256>.json` says which make up a snapshot; `dropped/<treeSha256>` marks one whose content was let
 * go. Whatever a kill leaves, each file that bears its final name is whole.
 *
 * Any number of readers, one writer at a time (the run folder's lock sees to that). A store may come from
 * strangers: nothing in it is trusted before its hash is checked.
 */
export interface SnapshotStore {
  readonly directory: string;

  /** See {@link ObjectStore.add}. @throws SNAPSHOT_STORAGE_FAILED */
  addObject(source: FileHandle, maxBytes: number): Promise<StoredObject | null>;

  /** Stores a manifest whose objects are all stored; undoes an earlier {@link drop}. @throws SNAPSHOT_STORAGE_FAILED */
  addManifest(manifest: SnapshotManifest): Promise<SnapshotRef>;

  /** @throws SNAPSHOT_MISSING, SNAPSHOT_CORRUPT */
  readManifest(treeSha256: string): Promise<SnapshotManifest>;

  /** False once the content was dropped. @throws SNAPSHOT_MISSING */
  keepsContent(treeSha256: string): Promise<boolean>;

  /**
   * Writes the files of a snapshot below an existing empty folder, checking each against its hash on the way. A
   * refused snapshot (see `SnapshotManifest.refusal`) has no files.
   *
   * @throws SNAPSHOT_MISSING, SNAPSHOT_DROPPED, SNAPSHOT_CORRUPT, SNAPSHOT_STORAGE_FAILED; what the folder then holds
   * is not to be used.
   */
  materialize(treeSha256: string, targetDirectory: string, signal?: AbortSignal): Promise<void>;

  /** Reads every object of a snapshot. @throws SNAPSHOT_MISSING, SNAPSHOT_DROPPED, SNAPSHOT_CORRUPT */
  verify(treeSha256: string): Promise<void>;

  /**
   * Lets the content go, but for objects that another kept snapshot names too. The manifest stays.
   *
   * @throws SNAPSHOT_MISSING, SNAPSHOT_CORRUPT, SNAPSHOT_STORAGE_FAILED
   */
  drop(treeSha256: string): Promise<void>;

  /** Removes what a killed writer left behind. @throws SNAPSHOT_CORRUPT, SNAPSHOT_STORAGE_FAILED */
  sweep(): Promise<void>;
}

/** The store at a folder, which need not exist yet: only writing makes folders. Nothing to close. */
export function openSnapshotStore(directory: string): SnapshotStore {
  return new FileSnapshotStore(directory);
}

/** Makes a folder and those above it that are not known yet, open to every reader whatever the umask. */
async function makeFolders(path: string, known: Set<string>): Promise<void> {
  if (known.has(path)) return;
  await makeFolders(dirname(path), known);
  await mkdir(path);
  await chmod(path, 0o755);
  known.add(path);
}

const treeName = /^[0-9a-f]{64}$/;

class FileSnapshotStore implements SnapshotStore {
  readonly directory: string;
  readonly #objects: ObjectStore;
  readonly #manifests: DurableFolder;
  readonly #dropped: DurableFolder;

  constructor(directory: string) {
    this.directory = directory;
    this.#objects = new ObjectStore(join(directory, "objects"));
    this.#manifests = new DurableFolder(join(directory, "manifests"));
    this.#dropped = new DurableFolder(join(directory, "dropped"));
  }

  addObject(source: FileHandle, maxBytes: number): Promise<StoredObject | null> {
    return this.#objects.add(source, maxBytes);
  }

  async addManifest(manifest: SnapshotManifest): Promise<SnapshotRef> {
    const reference = toSnapshotRef(manifest);
    await this.#manifests.writeFile(this.#manifestPath(reference.treeSha256), toManifestBytes(manifest));
    await removeFile(this.#droppedPath(reference.treeSha256));
    return reference;
  }

  async readManifest(treeSha256: string): Promise<SnapshotManifest> {
    const corrupt = (problem: string, cause?: unknown) =>
      scoringErrors.SNAPSHOT_CORRUPT({ treeSha256, place: "its manifest", problem }, cause);
    const bytes = await this.#readManifestBytes(treeSha256);
    if (createHash("sha256").update(bytes).digest("hex") !== treeSha256) throw corrupt("has another hash");
    try {
      return snapshotManifestSchema.parse(JSON.parse(bytes.toString()));
    } catch (error) {
      throw corrupt("is not in a format this version reads", error);
    }
  }

  async #readManifestBytes(treeSha256: string): Promise<Buffer> {
    const missing = scoringErrors.SNAPSHOT_MISSING({ treeSha256, store: this.directory });
    if (!treeName.test(treeSha256)) throw missing;
    return storage("read", this.#manifestPath(treeSha256), async () => {
      try {
        await using handle = await open(this.#manifestPath(treeSha256), openStored);
        return await handle.readFile();
      } catch (error) {
        throw errorCode(error) === "ENOENT" ? missing : error;
      }
    });
  }

  async keepsContent(treeSha256: string): Promise<boolean> {
    await this.#readManifestBytes(treeSha256);
    return !(await this.#isDropped(treeSha256));
  }

  async materialize(treeSha256: string, targetDirectory: string, signal?: AbortSignal): Promise<void> {
    const target = resolve(targetDirectory);
    const folders = new Set([target]);
    await this.#forEachFile(treeSha256, async (entry, content) => {
      signal?.throwIfAborted();
      const path = join(target, entry.path);
      const mode = entry.mode === "755" ? 0o755 : 0o644;
      await storage("write", path, async () => {
        await makeFolders(dirname(path), folders);
        await using file = await open(path, "wx", mode);
        for await (const chunk of content) await writeAll(file, chunk);
        await file.chmod(mode);
      });
    });
  }

  async verify(treeSha256: string): Promise<void> {
    await this.#forEachFile(treeSha256, async (_entry, content) => {
      for await (const _chunk of content);
    });
  }

  async drop(treeSha256: string): Promise<void> {
    const { entries } = await this.readManifest(treeSha256);
    await this.#dropped.writeFile(this.#droppedPath(treeSha256), new Uint8Array());
    const kept = await this.#keptObjects();
    for (const { sha256 } of entries) if (!kept.has(sha256)) await this.#objects.remove(sha256);
  }

  async sweep(): Promise<void> {
    await this.#manifests.removeTemporaries();
    await this.#dropped.removeTemporaries();
    await this.#objects.sweep(await this.#keptObjects());
  }

  async #keptObjects(): Promise<ReadonlySet<string>> {
    const dropped = new Set(await this.#dropped.names());
    const kept = new Set<string>();
    for (const name of await this.#manifests.names()) {
      const treeSha256 = name.replace(/\.json$/, "");
      if (dropped.has(treeSha256)) continue;
      for (const { sha256 } of (await this.readManifest(treeSha256)).entries) kept.add(sha256);
    }
    return kept;
  }

  async #forEachFile(
    treeSha256: string,
    use: (entry: SnapshotEntry, content: AsyncIterable<Buffer>) => Promise<void>,
  ): Promise<void> {
    const { entries } = await this.readManifest(treeSha256);
    if (await this.#isDropped(treeSha256)) throw scoringErrors.SNAPSHOT_DROPPED({ treeSha256 });
    for (const entry of entries) {
      const corrupt = (problem: string, cause?: unknown) =>
        scoringErrors.SNAPSHOT_CORRUPT({ treeSha256, place: entry.path, problem }, cause);
      await use(entry, this.#objects.read(entry, corrupt));
    }
  }

  async #isDropped(treeSha256: string): Promise<boolean> {
    return storage("read", this.#droppedPath(treeSha256), async () => {
      try {
        await lstat(this.#droppedPath(treeSha256));
        return true;
      } catch (error) {
        if (errorCode(error) === "ENOENT") return false;
        throw error;
      }
    });
  }

  #manifestPath(treeSha256: string): string {
    return join(this.#manifests.directory, `${treeSha256}.json`);
  }

  #droppedPath(treeSha256: string): string {
    return join(this.#dropped.directory, treeSha256);
  }
}
