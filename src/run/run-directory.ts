import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { reasonOf } from "../errors/index.ts";
import { runErrors } from "./errors.ts";
import { type RunRecord, runRecordSchema, runRecordSchemaVersion } from "./run-record.ts";

/** Where things lie in a run folder. */
export interface RunPaths {
  readonly root: string;
  /** What the run is; written once. */
  readonly record: string;
  /** What happened; append-only. */
  readonly events: string;
  /** Long texts of events, by content hash. */
  readonly blobs: string;
  /** Snapshots, by content hash. */
  readonly snapshots: string;
  /** The agent's workspace, live. */
  readonly workspace: string;
  /** Held by the process that runs it. */
  readonly lock: string;
}

/** The places of a run folder; it need not be there. */
export function toRunPaths(root: string): RunPaths {
  const absolute = resolve(root);
  return {
    root: absolute,
    record: join(absolute, "run.json"),
    events: join(absolute, "events.jsonl"),
    blobs: join(absolute, "blobs"),
    snapshots: join(absolute, "snapshots"),
    workspace: join(absolute, "workspace"),
    lock: join(absolute, "lock"),
  };
}

/** A run record with the hash its event chain starts from. */
export interface LoadedRecord {
  readonly record: RunRecord;
  readonly sha256: string;
}

/**
 * Makes a new run folder, its log still empty. The record is written last and at once: a folder without one is
 * not a run, and a run never lacks its log.
 *
 * @param fillWorkspace - Puts the starting solution into the folder it is given.
 * @throws RUN_NOT_CREATED when the place is read-only or full; nothing stays behind.
 */
export async function createRunDirectory(
  runsDirectory: string,
  record: RunRecord,
  fillWorkspace: (workspace: string) => Promise<void>,
): Promise<RunPaths> {
  const paths = toRunPaths(join(runsDirectory, record.runId));
  const fail = (cause: unknown): never => {
    const detail = reasonOf(cause);
    throw runErrors.RUN_NOT_CREATED({ path: paths.root, detail }, cause);
  };
  // Not recursive: a folder that is there already is someone else's, and stays.
  await mkdir(runsDirectory, { recursive: true }).catch(fail);
  await mkdir(paths.root).catch(fail);
  try {
    await mkdir(paths.workspace);
    await fillWorkspace(paths.workspace);
    await writeFile(paths.events, "", { flag: "wx" });
    await writeFile(`${paths.record}.new`, `${JSON.stringify(record, null, 2)}\n`, { flush: true });
    await rename(`${paths.record}.new`, paths.record);
  } catch (cause) {
    await rm(paths.root, { recursive: true, force: true }).catch(() => {});
    fail(cause);
  }
  return paths;
}

/**
 * Reads `run.json`; everything that reads or continues a run does so first.
 *
 * @throws RUN_FOLDER_UNSAFE, RUN_RECORD_BROKEN, RUN_TOO_NEW
 */
export function loadRunRecord(paths: RunPaths): LoadedRecord {
  assertPlain(paths);
  let text: string;
  try {
    text = readFileSync(paths.record, "utf8");
  } catch (cause) {
    const detail = reasonOf(cause);
    throw runErrors.RUN_RECORD_BROKEN({ path: paths.record, detail }, cause);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw runErrors.RUN_RECORD_BROKEN({ path: paths.record, detail: "it is not JSON" }, cause);
  }
  const version =
    typeof value === "object" && value !== null && "schemaVersion" in value ? value.schemaVersion : undefined;
  if (typeof version === "number" && version > runRecordSchemaVersion) {
    throw runErrors.RUN_TOO_NEW({ path: paths.record, version });
  }
  const parsed = runRecordSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const detail = `${issue?.path.join(".") || "the whole"}: ${issue?.message ?? "malformed"}`;
    throw runErrors.RUN_RECORD_BROKEN({ path: paths.record, detail });
  }
  return { record: parsed.data, sha256: createHash("sha256").update(text).digest("hex") };
}

/**
 * A run folder may come from strangers. A link in it would have us cut, fill or give away what lies elsewhere on this
 * machine, and a pipe would keep us waiting.
 */
function assertPlain(paths: RunPaths): void {
  const { record, events, lock, blobs, snapshots, workspace } = paths;
  for (const path of [record, events, lock, blobs, snapshots, workspace]) {
    const status = lstatSync(path, { throwIfNoEntry: false });
    const isFolder = [blobs, snapshots, workspace].includes(path);
    if (status === undefined || (isFolder ? status.isDirectory() : status.isFile())) continue;
    const wanted = isFolder ? "folder" : "file";
    const found = status.isSymbolicLink() ? "a link" : "something else";
    throw runErrors.RUN_FOLDER_UNSAFE({ path, wanted, found });
  }
}

/** Names of the folders under the runs folder that hold a run, oldest first. */
export function listRunNames(runsDirectory: string): readonly string[] {
  if (!existsSync(runsDirectory)) return [];
  return readdirSync(runsDirectory)
    .filter((name) => existsSync(toRunPaths(join(runsDirectory, name)).record))
    .sort();
}

/**
 * The run a person means: a folder, or a name (or the unambiguous beginning of one) under the runs folder, or `last`.
 *
 * @throws RUN_NOT_FOUND
 */
export function findRunDirectory(run: string, runsDirectory: string): RunPaths {
  for (const candidate of [run, join(runsDirectory, run)]) {
    const paths = toRunPaths(candidate);
    if (existsSync(paths.record)) return paths;
  }
  const names = listRunNames(runsDirectory);
  const matches = run === "last" ? names.slice(-1) : names.filter((name) => name.startsWith(run));
  const [only] = matches;
  if (matches.length === 1 && only !== undefined) return toRunPaths(join(runsDirectory, only));
  throw runErrors.RUN_NOT_FOUND({ run, runsDirectory: resolve(runsDirectory) });
}
