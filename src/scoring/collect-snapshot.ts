import { storage } from "./durable-files.ts";
import type { SnapshotRef } from "./result.ts";
import {
  comparePaths,
  type LeftOut,
  type SnapshotEntry,
  type SnapshotManifest,
  type SnapshotRefusal,
} from "./snapshot-manifest.ts";
import type { SnapshotStore } from "./snapshot-store.ts";
import { CapExceeded, type FoundFile, type SnapshotLimits, walkWorkspace } from "./workspace-walk.ts";

/** How many of the things left out a manifest names; the rest is counted. */
const leftOutNamed = 100;

/** A snapshot that was taken. `refusal` is set when the workspace broke a cap: it then scores `invalid`. */
export interface CollectedSnapshot {
  readonly snapshot: SnapshotRef;
  readonly refusal: SnapshotRefusal | null;
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
}

/**
 * Takes a snapshot of a workspace: its regular files, by content, into the store. Links, FIFOs, sockets, devices,
 * caches (`__pycache__`, `.git`), unreadable and unprintable names are left out and named in the manifest, so that a
 * socket somebody forgot does not void honest work; a solution file that is a link is missing, and the judge says so.
 * Empty folders, owners and times are no part of a snapshot.
 *
 * The workspace should be frozen, but may be hostile in names and shapes. Its caps are checked before any file is read.
 *
 * @param workspace - Folder of the host.
 * @throws SNAPSHOT_STORAGE_FAILED when the workspace cannot be read or the store cannot be written; the reason of `signal` when it aborts.
 */
export async function collectSnapshot(
  workspace: string,
  store: SnapshotStore,
  limits: SnapshotLimits,
  signal?: AbortSignal,
): Promise<CollectedSnapshot> {
  const manifest = await refusedOr(workspace, async () => {
    for await (const _found of walkWorkspace(workspace, limits, signal));
    return copyFiles(workspace, store, limits, signal);
  });
  return {
    snapshot: await store.addManifest(manifest),
    refusal: manifest.refusal,
    leftOut: manifest.leftOut,
    leftOutCount: manifest.leftOutCount,
  };
}

async function refusedOr(
  workspace: string,
  collect: () => Promise<SnapshotManifest>,
): Promise<SnapshotManifest> {
  try {
    return await storage("collect", workspace, collect);
  } catch (error) {
    if (!(error instanceof CapExceeded)) throw error;
    return { schemaVersion: 1, refusal: error.refusal, entries: [], leftOut: [], leftOutCount: 0 };
  }
}

async function copyFiles(
  workspace: string,
  store: SnapshotStore,
  limits: SnapshotLimits,
  signal: AbortSignal | undefined,
): Promise<SnapshotManifest> {
  const entries: SnapshotEntry[] = [];
  const leftOut: LeftOut[] = [];
  for await (const found of walkWorkspace(workspace, limits, signal)) {
    if (found.kind === "left-out") {
      leftOut.push({ path: found.path, reason: found.reason });
      continue;
    }
    const copied = await copyFile(found, store);
    if ("reason" in copied) leftOut.push(copied);
    else entries.push(copied);
  }
  entries.sort((left, right) => comparePaths(left.path, right.path));
  leftOut.sort((left, right) => comparePaths(left.path, right.path));
  return {
    schemaVersion: 1,
    refusal: null,
    entries,
    leftOut: leftOut.slice(0, leftOutNamed),
    leftOutCount: leftOut.length,
  };
}

async function copyFile(found: FoundFile, store: SnapshotStore): Promise<SnapshotEntry | LeftOut> {
  const opened = await found.open();
  if (typeof opened === "string") return { path: found.path, reason: opened };
  await using source = opened;
  // No more than the size that the caps were checked with, even when the file grows meanwhile.
  const stored = await store.addObject(source, found.sizeBytes);
  if (stored === null) return { path: found.path, reason: "changed" };
  return { path: found.path, mode: found.mode, sizeBytes: stored.sizeBytes, sha256: stored.sha256 };
}
