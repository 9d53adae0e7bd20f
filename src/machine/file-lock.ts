import { randomUUID } from "node:crypto";
import { link, readFile, readlink, stat, unlink, utimes, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

const heartbeatMs = 5_000;
/** A holder on another machine (or in another PID namespace) is known only by its heartbeat. */
const silentHolderIsDeadAfterMs = 60_000;
const pollMs = 200;

const ownerSchema = z.object({
  token: z.string(),
  pid: z.int().positive(),
  /** Field 22 of /proc/PID/stat: with the pid it names one process for as long as the machine runs. */
  startTicks: z.string(),
  /** Boot id and PID namespace: where that pid means anything. */
  place: z.string(),
});
type Owner = z.infer<typeof ownerSchema>;

/** How to wait for a lock. */
export interface FileLockOptions {
  /** Stops waiting; the wait then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called once, when the lock turns out to be held; `pid` is the holder's, where it is of this machine. */
  readonly onWait?: ((holder: { readonly pid: number }) => void) | undefined;
}

/**
 * Waits until no other process or caller holds the lock at `path`, then holds it until disposed.
 * The lock of a process that no longer lives is taken over, so a kill at any moment blocks nobody.
 *
 * @param path - File to be made in an existing folder; removed on release.
 * @example
 * await using _ = await acquireFileLock("/cache/toolchain.lock");
 */
export async function acquireFileLock(path: string, options: FileLockOptions = {}): Promise<AsyncDisposable> {
  const owner: Owner = { token: randomUUID(), ...(await describeSelf()) };
  let announced = false;
  while (!(await tryCreate(path, owner))) {
    options.signal?.throwIfAborted();
    const holder = await readOwner(path);
    if (await isStale(path, holder)) {
      await removeStale(path, owner);
      continue;
    }
    if (holder !== null && !announced) {
      announced = true;
      options.onWait?.({ pid: holder.pid });
    }
    await sleep(pollMs, undefined, options.signal ? { signal: options.signal } : undefined).catch(() => {
      options.signal?.throwIfAborted();
    });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      const holder = await readOwner(path);
      if (holder !== null && holder.token === owner.token) await unlink(path).catch(() => {});
    },
  };
}

/** Link, not open: the file appears with its content, so nobody ever reads half an owner. */
async function tryCreate(path: string, owner: Owner): Promise<boolean> {
  const draft = `${path}.${owner.token}`;
  try {
    await writeFile(draft, JSON.stringify(owner));
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    await unlink(draft).catch(() => {});
  }
}

/**
 * Removes a dead holder's file. A second lock guards the check and the removal together, because between them
 * another waiter could have removed the same file and become the new, living holder.
 */
async function removeStale(path: string, owner: Owner): Promise<void> {
  const guard = `${path}.breaking`;
  if (!(await tryCreate(guard, owner))) {
    if (await isStale(guard, await readOwner(guard))) await unlink(guard).catch(() => {});
    await sleep(20);
    return;
  }
  try {
    if (await isStale(path, await readOwner(path))) await unlink(path).catch(() => {});
  } finally {
    await unlink(guard).catch(() => {});
  }
}

async function isStale(path: string, holder: Owner | null): Promise<boolean> {
  const self = await describeSelf();
  if (holder !== null && holder.place === self.place) {
    return (await startTicksOf(holder.pid)) !== holder.startTicks;
  }
  const heartbeatAt = await stat(path).then(
    (info) => info.mtimeMs,
    () => null,
  );
  return heartbeatAt !== null && Date.now() - heartbeatAt > silentHolderIsDeadAfterMs;
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

async function describeSelf(): Promise<Omit<Owner, "token">> {
  const [boot, namespace, startTicks] = await Promise.all([
    readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => ""),
    readlink("/proc/self/ns/pid").catch(() => ""),
    startTicksOf(process.pid),
  ]);
  return { pid: process.pid, startTicks: startTicks ?? "", place: `${boot.trim()} ${namespace}` };
}

/** Null when no such process lives. */
async function startTicksOf(pid: number): Promise<string | null> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (line === null) return null;
  // The command name, in parentheses, may itself hold spaces and parentheses; state is the first field after it.
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" ? null : (fields[19] ?? null);
}

function errorCode(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;
}
