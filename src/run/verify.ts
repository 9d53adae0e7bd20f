import { openSnapshotStore } from "../scoring/index.ts";
import { BlobStore } from "./blob-store.ts";
import { runErrors } from "./errors.ts";
import { readEvents } from "./event-log.ts";
import { loadRunRecord, type RunPaths } from "./run-directory.ts";
import {
  ChainCheck,
  ClockCheck,
  OperationsCheck,
  PayloadsCheck,
  ScoresCheck,
  SnapshotsCheck,
  type VerificationCheck,
} from "./verification-checks.ts";

/** Whether a run folder holds together, check by check. */
export interface Verification {
  readonly holds: boolean;
  readonly checks: readonly VerificationCheck[];
  readonly events: number;
  /** Hash of the newest good event; compare it with the one printed when the run ended. */
  readonly head: string;
  /** True for a last line the writer died in: allowed, since nobody was told of it. */
  readonly tornLastLine: boolean;
}

/**
 * Checks everything a run folder claims against the rest of it: record, chain, schema, order of operations,
 * payloads, clock, scores, snapshots. Reads only.
 *
 * @throws RUN_RECORD_BROKEN, RUN_TOO_NEW: a directory that cannot be read is not judged.
 */
export async function verifyRun(paths: RunPaths): Promise<Verification> {
  const { record, sha256 } = loadRunRecord(paths);
  const chain = new ChainCheck(sha256);
  const checks = [
    chain,
    new OperationsCheck(),
    new PayloadsCheck(new BlobStore(paths.blobs)),
    new ClockCheck(),
    new ScoresCheck(record),
    new SnapshotsCheck(openSnapshotStore(paths.snapshots), record.snapshotPolicy),
  ];
  let events = 0;
  let head = sha256;
  let tornLastLine = false;
  for (const item of readEvents(paths.events, sha256)) {
    if ("kind" in item) {
      if (item.kind === "torn-line") tornLastLine = true;
      else if (item.kind === "broken") chain.fail(`line ${item.line}: ${item.detail}`);
      else throw runErrors.RUN_TOO_NEW({ path: paths.events, version: item.version });
      break;
    }
    events += 1;
    head = item.hash;
    for (const check of checks) {
      const reading = check.see(item);
      if (reading !== undefined) await reading;
    }
  }
  // That the record is whole is known from its having been loaded.
  const whole: VerificationCheck = { id: "record", title: "run.json is whole", problems: [], checked: 1 };
  const results = [whole, ...checks.map((check) => check.toResult())];
  return {
    holds: results.every(({ problems }) => problems.length === 0),
    checks: results,
    events,
    head,
    tornLastLine,
  };
}
