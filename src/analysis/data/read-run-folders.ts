import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { isRebenchError, reasonOf } from "../../errors/index.ts";
import {
  initialRunState,
  loadRunRecord,
  readEvents,
  reduceRun,
  runErrors,
  toRunPaths,
} from "../../run/index.ts";
import { analysisErrors } from "../errors.ts";
import { EventTally, toRunFolderRow } from "./run-folder-row.ts";
import type { RunRow } from "./run-row.ts";
import type { ReadItem } from "./run-table.ts";

/**
 * Reads run folders one after the other; one broken run never stops the rest. Nothing is written and no lock is
 * taken, so runs that are under way can be read: they come out flagged `unfinished`.
 *
 * A run whose event chain does not hold is skipped, since its results are not to be used. A torn last line is
 * not: its writer died in it and nobody was told of it.
 *
 * @param folders - Folders of runs, or of single runs; folders within that hold no run are passed over.
 * @throws ANALYSIS_INPUT_UNREADABLE when one of `folders` is no folder or may not be read.
 */
export function* readRunFolders(folders: readonly string[]): Generator<ReadItem> {
  for (const folder of folders) {
    for (const run of findRuns(folder)) {
      try {
        yield { kind: "row", row: readRunFolder(run) };
      } catch (error) {
        if (!isRebenchError(error) && !isSystemError(error)) throw error;
        const skipped = { file: run, line: null, runId: basename(run), reason: error.message };
        yield { kind: "skipped", skipped };
      }
    }
  }
}

/** @throws RUN_RECORD_BROKEN, RUN_LOG_BROKEN, RUN_TOO_NEW, RUN_SCORES_INCONSISTENT, ANCHORS_UNUSABLE */
export function readRunFolder(folder: string): RunRow {
  const paths = toRunPaths(folder);
  const { record, sha256 } = loadRunRecord(paths);
  if (!existsSync(paths.events)) {
    throw runErrors.RUN_LOG_BROKEN({ path: paths.events, line: 1, detail: "the event log is not there" });
  }
  const tally = new EventTally();
  let state = initialRunState;
  let head = sha256;
  let isTorn = false;
  for (const item of readEvents(paths.events, sha256)) {
    if ("kind" in item) {
      if (item.kind === "broken") throw runErrors.RUN_LOG_BROKEN({ path: paths.events, ...item });
      if (item.kind === "newer-version") throw runErrors.RUN_TOO_NEW({ path: paths.events, ...item });
      isTorn = true;
      break;
    }
    state = reduceRun(state, item);
    tally.add(item, state);
    head = item.hash;
  }
  return toRunFolderRow({ record, state, tally, head, folder, isTorn });
}

function* findRuns(folder: string): Generator<string> {
  if (isRun(folder)) {
    yield folder;
    return;
  }
  for (const name of listFolders(folder)) if (isRun(join(folder, name))) yield join(folder, name);
}

function listFolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    const problem = reasonOf(cause);
    throw analysisErrors.ANALYSIS_INPUT_UNREADABLE({ path: folder, problem }, cause);
  }
}

/**
 * A folder with one of the two files was a run once: one that lost the other is skipped by name, not
 * overlooked.
 */
function isRun(folder: string): boolean {
  const { record, events } = toRunPaths(folder);
  return existsSync(record) || existsSync(events);
}

/** A file that may not be opened, a folder where a file should be: this run's trouble, not the program's. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
