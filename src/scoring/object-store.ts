import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, open } from "node:fs/promises";
import { join } from "node:path";
import {
  chunkBytes,
  DurableFolder,
  errorCode,
  listFolder,
  readChunk,
  removeFile,
  writeAll,
} from "./durable-files.ts";

/** Opens nothing but what it is meant to: a store may come from strangers, links and FIFOs included. */
export const openStored = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** One distinct content. */
export interface StoredObject {
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** Contents by hash: `ab/cdef…` below one folder, each once, mode 0444. */
export class ObjectStore {
  readonly #folder: DurableFolder;

  constructor(directory: string) {
    this.#folder = new DurableFolder(directory);
  }

  /**
   * Copies a file in, hashing in the same pass the bytes it writes: a file that changes meanwhile is stored as what
   * was read, never under the hash of something else.
   *
   * @returns null when more than `maxBytes` came out of the file; nothing is stored then.
   * @throws SNAPSHOT_STORAGE_FAILED
   */
  async add(source: FileHandle, maxBytes: number): Promise<StoredObject | null> {
    // One byte more than allowed shows that there is more, and small files cost small buffers.
    const first = await readChunk(source, Math.min(chunkBytes, maxBytes + 1));
    if (first.length > maxBytes) return null;
    if (first.length === chunkBytes) return this.#addLarge(first, source, maxBytes);
    const stored = { sha256: createHash("sha256").update(first).digest("hex"), sizeBytes: first.length };
    if (!(await this.#has(stored))) await this.#folder.writeFile(this.#path(stored.sha256), first);
    return stored;
  }

  #addLarge(first: Buffer, rest: FileHandle, maxBytes: number): Promise<StoredObject | null> {
    return this.#folder.write(async (target, publish) => {
      const hash = createHash("sha256");
      let sizeBytes = 0;
      for (let chunk = first; chunk.length > 0; chunk = await readChunk(rest)) {
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) return null;
        hash.update(chunk);
        await writeAll(target, chunk);
      }
      const stored = { sha256: hash.digest("hex"), sizeBytes };
      if (!(await this.#has(stored))) await publish(this.#path(stored.sha256));
      return stored;
    });
  }

  /** A size that differs is the torn write of a machine that lost power: not had, and written again. */
  async #has({ sha256, sizeBytes }: StoredObject): Promise<boolean> {
    try {
      const status = await lstat(this.#path(sha256));
      return status.isFile() && status.size === sizeBytes;
    } catch {
      return false;
    }
  }

  /**
   * The bytes of one object. Iterates to its end only when they are the promised ones.
   *
   * @param fail - Makes the error for content that is missing or not what its hash names.
   */
  async *read(
    { sha256, sizeBytes }: StoredObject,
    fail: (problem: string, cause?: unknown) => Error,
  ): AsyncGenerator<Buffer> {
    let handle: FileHandle;
    try {
      handle = await open(this.#path(sha256), openStored);
    } catch (error) {
      throw fail(`has no readable content in the store (${errorCode(error)})`, error);
    }
    await using source = handle;
    if (!(await source.stat()).isFile())
      throw fail("has something else than a file in its place in the store");
    const hash = createHash("sha256");
    let readBytes = 0;
    for (;;) {
      const wantedBytes = Math.min(chunkBytes, sizeBytes - readBytes + 1);
      const chunk = await readChunk(source, wantedBytes);
      readBytes += chunk.length;
      if (readBytes > sizeBytes) break;
      hash.update(chunk);
      if (chunk.length > 0) yield chunk;
      if (chunk.length < wantedBytes) break;
    }
    if (readBytes !== sizeBytes) throw fail(`is not ${sizeBytes} bytes long`);
    if (hash.digest("hex") !== sha256) throw fail("does not have the content that its hash names");
  }

  /** @throws SNAPSHOT_STORAGE_FAILED */
  async remove(sha256: string): Promise<void> {
    await removeFile(this.#path(sha256));
  }

  /** Removes temporaries, and every object whose hash is not in `kept`. @throws SNAPSHOT_STORAGE_FAILED */
  async sweep(kept: ReadonlySet<string>): Promise<void> {
    await this.#folder.removeTemporaries();
    for (const head of await this.#folder.names()) {
      for (const tail of await listFolder(join(this.#folder.directory, head))) {
        if (!kept.has(head + tail)) await removeFile(join(this.#folder.directory, head, tail));
      }
    }
  }

  #path(sha256: string): string {
    return join(this.#folder.directory, sha256.slice(0, 2), sha256.slice(2));
  }
}
