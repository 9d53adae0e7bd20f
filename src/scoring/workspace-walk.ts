import type { Stats } from "node:fs";
import { constants } from "node:fs";
import { type FileHandle, lstat, open, opendir, stat } from "node:fs/promises";
import {
  decodeName,
  isSafeName,
  type LeftOut,
  type SnapshotRefusal,
  toPrintableName,
} from "./snapshot-manifest.ts";

/** Bounds on what one snapshot may hold. A workspace beyond one of them is `invalid`. */
export interface SnapshotLimits {
  /** Sum of the apparent sizes; a sparse file counts in full. */
  readonly sizeBytes: number;
  readonly files: number;
  /** Everything met on the way, folders and what is left out included. */
  readonly visited: number;
  /** Folders above a file, the workspace itself not counted. */
  readonly depth: number;
  /** UTF-8 bytes of one relative path. */
  readonly pathBytes: number;
}

/** Why something found cannot be read: gone, replaced or grown since; or not ours to read. */
export type Unavailable = "changed" | "unreadable";

/** A regular file of the workspace, found but not opened. */
export interface FoundFile {
  readonly kind: "file";
  readonly path: string;
  readonly mode: "644" | "755";
  readonly sizeBytes: number;
  /**
   * Opens this very file for reading, or says why it cannot be left in. Only while the walk stands at this file,
   * whose folder it holds open. The caller closes the handle.
   */
  open(): Promise<FileHandle | Unavailable>;
}

/** What a walk meets: a file, or something that is left out. */
export type Found = FoundFile | ({ readonly kind: "left-out" } & LeftOut);

/** Ends a walk at the first broken cap. */
export class CapExceeded extends Error {
  readonly refusal: SnapshotRefusal;
  constructor(refusal: SnapshotRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * Folders that no snapshot holds. `__pycache__`: Python runs the bytecode in it instead of the source beside it, so
 * a forged one would run while reviewers read something else. `.git`: never needed to score, and its configuration
 * runs commands of the agent's choice on the machine of whoever types `git status` in an unpacked snapshot.
 */
const cacheFolders: ReadonlySet<string> = new Set(["__pycache__", ".git"]);

/** Without O_NONBLOCK, opening a FIFO that took a file's place would wait forever for a writer. */
const readWithoutSurprises =
  constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;
const openFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Finds what a snapshot of a folder holds, without following a link: each folder is entered through the descriptor
 * of the one above it (`/proc/self/fd/N/name`, opened with `O_NOFOLLOW`), so nothing that is swapped on the way
 * leads out of the workspace. Reads no file. Order is the file system's.
 *
 * @param directory - Trusted path of the workspace on the host; its content is not trusted.
 * @throws CapExceeded at the first cap that breaks, so that a million files end as quickly as a thousand.
 */
export async function* walkWorkspace(
  directory: string,
  limits: SnapshotLimits,
  signal?: AbortSignal,
): AsyncGenerator<Found> {
  // Its permissions are the agent's to change, too.
  if (!mayRead(await stat(directory))) return yield { kind: "left-out", path: ".", reason: "unreadable" };
  const root = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  const walk = new Walk(limits, signal);
  try {
    yield* walk.folder(root, Buffer.alloc(0), 0);
  } finally {
    await root.close();
  }
}

class Walk {
  readonly #limits: SnapshotLimits;
  readonly #signal: AbortSignal | undefined;
  #visited = 0;
  #files = 0;
  #sizeBytes = 0;
  #largest = { name: "", sizeBytes: -1 };

  constructor(limits: SnapshotLimits, signal: AbortSignal | undefined) {
    this.#limits = limits;
    this.#signal = signal;
  }

  /** @param prefix - Bytes of the folder's path with a slash at the end; empty for the workspace. */
  async *folder(handle: FileHandle, prefix: Buffer, depth: number): AsyncGenerator<Found> {
    const within = Buffer.from(`/proc/self/fd/${handle.fd}/`);
    // latin1 maps bytes to characters one to one, so names that are no UTF-8 survive.
    const listing = await opendir(within.toString(), { encoding: "latin1", bufferSize: 512 });
    for await (const { name } of listing) {
      this.#signal?.throwIfAborted();
      this.#countVisit();
      const nameBytes = Buffer.from(name, "latin1");
      const pathBytes = Buffer.concat([prefix, nameBytes]);
      yield* this.#node(Buffer.concat([within, nameBytes]), nameBytes, pathBytes, depth);
    }
  }

  async *#node(location: Buffer, nameBytes: Buffer, pathBytes: Buffer, depth: number): AsyncGenerator<Found> {
    const leave = (reason: LeftOut["reason"]): Found => ({
      kind: "left-out",
      path: toPrintableName(pathBytes),
      reason,
    });
    const status = await attempt(() => lstat(location));
    if (typeof status === "string") return yield leave(status);
    const special = toSpecialKind(status);
    if (special !== null) return yield leave(special);
    const name = decodeName(nameBytes);
    if (name === null || !isSafeName(name)) return yield leave("unsafe-name");
    if (status.isDirectory() && cacheFolders.has(name)) return yield leave("cache");
    if (!mayRead(status)) return yield leave("unreadable");
    this.#checkPath(pathBytes);
    if (!status.isDirectory()) return yield this.#file(location, pathBytes, status);

    if (depth >= this.#limits.depth) throw this.#tooDeep(pathBytes);
    const handle = await attempt(() => open(location, openFolder));
    if (typeof handle === "string") return yield leave(handle);
    try {
      yield* this.folder(handle, Buffer.concat([pathBytes, Buffer.from("/")]), depth + 1);
    } finally {
      await handle.close();
    }
  }

  #file(location: Buffer, pathBytes: Buffer, status: Stats): FoundFile {
    this.#files += 1;
    this.#sizeBytes += status.size;
    if (status.size > this.#largest.sizeBytes) {
      this.#largest = { name: toPrintableName(pathBytes), sizeBytes: status.size };
    }
    if (this.#files > this.#limits.files) throw this.#tooMany(`${this.#limits.files} files`);
    if (this.#sizeBytes > this.#limits.sizeBytes) throw this.#tooLarge();
    return {
      kind: "file",
      path: pathBytes.toString(),
      mode: (status.mode & 0o100) === 0 ? "644" : "755",
      sizeBytes: status.size,
      open: () => openSameFile(location, status),
    };
  }

  #countVisit(): void {
    this.#visited += 1;
    if (this.#visited > this.#limits.visited)
      throw this.#tooMany(`${this.#limits.visited} files and folders`);
  }

  #checkPath(pathBytes: Buffer): void {
    if (pathBytes.length <= this.#limits.pathBytes) return;
    throw new CapExceeded({
      reason: "snapshot-path-too-long",
      message: `A path in the workspace is longer than ${this.#limits.pathBytes} bytes: ${toPrintableName(pathBytes)}. Shorten it and ask again.`,
    });
  }

  #tooDeep(pathBytes: Buffer): CapExceeded {
    return new CapExceeded({
      reason: "snapshot-too-deep",
      message: `The workspace nests folders more than ${this.#limits.depth} deep: ${toPrintableName(pathBytes)}. Flatten or delete them and ask again.`,
    });
  }

  #tooMany(what: string): CapExceeded {
    return new CapExceeded({
      reason: "snapshot-too-many-files",
      message: `The workspace holds more than ${what}. Delete what the solution does not need, or move it out of the workspace, and ask again.`,
    });
  }

  #tooLarge(): CapExceeded {
    const limit = toReadableSize(this.#limits.sizeBytes);
    return new CapExceeded({
      reason: "snapshot-too-large",
      message: `The files in the workspace add up to more than ${limit}; the largest met is ${this.#largest.name} (${toReadableSize(this.#largest.sizeBytes)}). Delete what the solution does not need, or move it out of the workspace, and ask again.`,
    });
  }
}

/** By the owner's bits, so that root, who may read everything, collects what another user would. */
function mayRead(status: Stats): boolean {
  const needed = status.isDirectory() ? 0o500 : 0o400;
  return (status.mode & needed) === needed;
}

function toSpecialKind(status: Stats): LeftOut["reason"] | null {
  if (status.isFile() || status.isDirectory()) return null;
  if (status.isSymbolicLink()) return "symbolic-link";
  if (status.isFIFO()) return "fifo";
  return status.isSocket() ? "socket" : "device";
}

async function openSameFile(location: Buffer, expected: Stats): Promise<FileHandle | Unavailable> {
  const handle = await attempt(() => open(location, readWithoutSurprises));
  if (typeof handle === "string") return handle;
  const status = await handle.stat();
  if (status.isFile() && status.ino === expected.ino && status.dev === expected.dev) return handle;
  await handle.close();
  return "changed";
}

async function attempt<Result>(operation: () => Promise<Result>): Promise<Result | Unavailable> {
  try {
    return await operation();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    // EAGAIN: a process of the agent's holds a lease on the file and, being frozen, will not give it up.
    if (["EACCES", "EPERM", "EAGAIN"].includes(code)) return "unreadable";
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"].includes(code)) return "changed";
    throw error;
  }
}

function toReadableSize(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}
