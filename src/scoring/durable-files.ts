import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, readdir, rename, rm, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isRebenchError } from "../errors/index.ts";
import { scoringErrors } from "./errors.ts";

/** Bytes read or written at once. */
export const chunkBytes = 1 << 20;

const temporaryPrefix = ".writing-";

/** Names a file under its final path once its bytes are on the disk. */
export type Publish = (path: string) => Promise<void>;

/**
 * Writes files so that each is either absent or whole, whenever the process or the machine stops: into a temporary
 * in the same folder first, then `fsync`, then `rename`. One writer per folder at a time.
 */
export class DurableFolder {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** @throws SNAPSHOT_STORAGE_FAILED */
  async writeFile(path: string, bytes: Uint8Array): Promise<void> {
    await this.write(async (target, publish) => {
      await writeAll(target, bytes);
      await publish(path);
    });
  }

  /**
   * Hands out an empty file of mode 0444; it is gone again unless `publish` was called.
   *
   * @throws SNAPSHOT_STORAGE_FAILED
   */
  async write<Result>(use: (target: FileHandle, publish: Publish) => Promise<Result>): Promise<Result> {
    const temporary = join(this.directory, `${temporaryPrefix}${randomUUID()}`);
    let published = false;
    return storage("write", this.directory, async () => {
      const opened = await makingFolder(this.directory, () => open(temporary, "wx", 0o444));
      try {
        await using target = opened;
        return await use(target, async (path) => {
          await target.sync();
          await makingFolder(dirname(path), () => rename(temporary, path));
          published = true;
        });
      } finally {
        if (!published) await unlink(temporary);
      }
    });
  }

  /** Names of what the folder holds, temporaries left out; none when there is no folder. */
  async names(): Promise<readonly string[]> {
    return (await listFolder(this.directory)).filter((name) => !name.startsWith(temporaryPrefix));
  }

  /** Removes the temporaries of a writer that was killed. @throws SNAPSHOT_STORAGE_FAILED */
  async removeTemporaries(): Promise<void> {
    for (const name of await listFolder(this.directory)) {
      if (name.startsWith(temporaryPrefix)) await removeFile(join(this.directory, name));
    }
  }
}

/** Makes a folder only when an operation in it failed for want of it: most folders are there. */
async function makingFolder<Result>(folder: string, operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    await mkdir(folder, { recursive: true });
    return operation();
  }
}

/** @throws SNAPSHOT_STORAGE_FAILED */
export async function removeFile(path: string): Promise<void> {
  await storage("remove", path, () => rm(path, { force: true }));
}

/** @returns no names when there is no such folder. @throws SNAPSHOT_STORAGE_FAILED */
export function listFolder(path: string): Promise<readonly string[]> {
  return storage("read", path, async () => {
    try {
      return await readdir(path);
    } catch (error) {
      if (errorCode(error) === "ENOENT") return [];
      throw error;
    }
  });
}

/** Reads on in a file: `wantedBytes`, fewer only at its end. */
export async function readChunk(source: FileHandle, wantedBytes = chunkBytes): Promise<Buffer> {
  const chunk = Buffer.allocUnsafe(wantedBytes);
  let filled = 0;
  while (filled < wantedBytes) {
    const { bytesRead } = await source.read(chunk, filled, wantedBytes - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return chunk.subarray(0, filled);
}

/** Writes all of the bytes at the file's position. */
export async function writeAll(target: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) written += (await target.write(bytes, written)).bytesWritten;
}

/** Turns a failed system call into SNAPSHOT_STORAGE_FAILED; lets everything else pass. */
export async function storage<Result>(
  action: string,
  path: string,
  operation: () => Promise<Result>,
): Promise<Result> {
  try {
    return await operation();
  } catch (error) {
    if (isRebenchError(error) || errorCode(error) === null) throw error;
    throw scoringErrors.SNAPSHOT_STORAGE_FAILED({ action, path, problem: String(errorCode(error)) }, error);
  }
}

/** The code of a failed system call, e.g. `ENOENT`; null for any other error. */
export function errorCode(error: unknown): string | null {
  const isSystemError = error instanceof Error && "code" in error && "syscall" in error;
  return isSystemError ? String(error.code) : null;
}
