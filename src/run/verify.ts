import type { Anchors } from "../environment/index.ts";
import { reasonOf } from "../errors/index.ts";
import { normalize, openSnapshotStore, type ScoringResult, type SnapshotStore } from "../scoring/index.ts";
import { BlobStore } from "./blob-store.ts";
import { elapsedAt, initialClock, reduceClock } from "./clock.ts";
import { runErrors } from "./errors.ts";
import { readEvents } from "./event-log.ts";
import type { RunEvent } from "./events.ts";
import type { Payload } from "./payload.ts";
import { loadRunRecord, type RunPaths } from "./run-directory.ts";
import type { RunRecord } from "./run-record.ts";

/** Tolerance between a recorded clock reading and the one its events give, in milliseconds. */
const clockToleranceMs = 50;

/** One promise of a run folder and whether it holds. */
export interface VerificationCheck {
  readonly id: "record" | "chain" | "operations" | "payloads" | "clock" | "scores" | "snapshots";
  readonly title: string;
  readonly problems: readonly string[];
  /** What was looked at: lines, payloads, entries. */
  readonly checked: number;
}

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
  const blobs = new BlobStore(paths.blobs);
  const store = openSnapshotStore(paths.snapshots);
  const chain = new Check("chain", "events are whole, in order and unchanged");
  const operations = new Check("operations", "every operation begins once and ends at most once");
  const payloads = new Check("payloads", "long texts are there and unchanged");
  const clock = new Check("clock", "recorded clock readings are what the events add up to");
  const scores = new Check("scores", "entries are in order and normalized by the anchors of the record");
  const snapshots = new Check("snapshots", "snapshots are there and unchanged, or dropped by policy");

  const opened = new Set<number>();
  const closed = new Set<number>();
  const seenBlobs = new Set<string>();
  let clockState = initialClock;
  let previousElapsedMs = 0;
  let nextEntry = 0;
  const requested: number[] = [];
  let ended = false;
  let head = sha256;
  let tornLastLine = false;

  for (const item of readEvents(paths.events, sha256)) {
    if ("kind" in item) {
      if (item.kind === "torn-line") tornLastLine = true;
      else if (item.kind === "broken") chain.fail(`line ${item.line}: ${item.detail}`);
      else throw runErrors.RUN_TOO_NEW({ path: paths.events, version: item.version });
      break;
    }
    const event = item;
    chain.count();
    head = event.hash;
    if (event.seq === 0 && (event.type !== "run-started" || event.runRecordSha256 !== sha256)) {
      chain.fail("the first event does not name this run.json");
    }
    if (ended && event.type !== "entry-rescored")
      chain.fail(`event ${event.seq} comes after the end of the run`);
    if (event.type === "run-ended") ended = true;

    for (const operation of begins(event)) {
      operations.count();
      if (opened.has(operation)) operations.fail(`operation ${operation} begins twice (event ${event.seq})`);
      opened.add(operation);
    }
    for (const operation of ends(event)) {
      if (!opened.has(operation))
        operations.fail(`operation ${operation} ends before it begins (event ${event.seq})`);
      if (closed.has(operation)) operations.fail(`operation ${operation} ends twice (event ${event.seq})`);
      closed.add(operation);
    }

    for (const payload of payloadsOf(event)) {
      if ("text" in payload || seenBlobs.has(payload.sha256)) continue;
      seenBlobs.add(payload.sha256);
      payloads.count();
      await payloads.try(() => blobs.read(payload));
    }

    const elapsedMs = elapsedAt(clockState, event.at);
    clockState = reduceClock(clockState, event);
    if (event.type === "score-requested") {
      clock.count();
      const { clockMs } = event;
      if (clockMs < previousElapsedMs - clockToleranceMs || clockMs > elapsedMs + clockToleranceMs) {
        clock.fail(
          `entry ${event.entry} says ${clockMs.toFixed(0)} ms, the events say ${elapsedMs.toFixed(0)} ms`,
        );
      }
      if (event.entry !== nextEntry) scores.fail(`entry ${event.entry} is out of order`);
      requested.push(event.entry);
      nextEntry = event.entry + 1;
      snapshots.count();
      await snapshots.try(() => checkSnapshot(store, event.snapshot.treeSha256, record));
    }
    if (event.type === "score-recorded") {
      scores.count();
      if (requested.shift() !== event.entry) {
        scores.fail(`entry ${event.entry} is recorded but was not next to be`);
      }
    }
    if (event.type === "score-recorded" || event.type === "entry-rescored") {
      const problem = findScoreProblem(event.result, record);
      if (problem !== undefined) scores.fail(`entry ${event.entry}: ${problem}`);
    }
    previousElapsedMs = clockState.elapsedMs;
  }

  const checks = [
    new Check("record", "run.json is whole").count(),
    chain,
    operations,
    payloads,
    clock,
    scores,
    snapshots,
  ];
  return {
    holds: checks.every((check) => check.problems.length === 0),
    checks: checks.map((check) => check.toResult()),
    events: chain.checked,
    head,
    tornLastLine,
  };
}

class Check {
  readonly id: VerificationCheck["id"];
  readonly title: string;
  readonly problems: string[] = [];
  checked = 0;

  constructor(id: VerificationCheck["id"], title: string) {
    this.id = id;
    this.title = title;
  }

  count(): this {
    this.checked += 1;
    return this;
  }

  fail(problem: string): void {
    this.problems.push(problem);
  }

  async try(action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.fail(reasonOf(error));
    }
  }

  toResult(): VerificationCheck {
    return { id: this.id, title: this.title, problems: this.problems, checked: this.checked };
  }
}

async function checkSnapshot(store: SnapshotStore, treeSha256: string, record: RunRecord): Promise<void> {
  if (await store.keepsContent(treeSha256)) return store.verify(treeSha256);
  if (record.snapshotPolicy === "all") {
    throw new Error(`the content of ${treeSha256} is gone though the policy is to keep all`);
  }
}

function findScoreProblem(result: ScoringResult, record: RunRecord): string | undefined {
  if (result.result !== "scored") return undefined;
  const anchors: Anchors = record.environment.anchors;
  const expected = normalize(result.raw, anchors, record.environment.score.direction);
  return Math.abs(expected - result.normalized) > 1e-9 * Math.max(1, expected)
    ? `normalized ${result.normalized} where raw ${result.raw} gives ${expected}`
    : undefined;
}

function begins(event: RunEvent): readonly number[] {
  switch (event.type) {
    case "command-started":
    case "model-requested":
    case "file-read":
    case "file-written":
    case "solution-installed":
    case "note-added":
      return [event.operation];
    case "score-requested":
      return event.operation === null ? [] : [event.operation];
    default:
      return [];
  }
}

function ends(event: RunEvent): readonly number[] {
  switch (event.type) {
    case "command-finished":
    case "model-responded":
    case "file-read":
    case "file-written":
    case "solution-installed":
    case "note-added":
      return [event.operation];
    case "score-recorded":
      return event.operation === null ? [] : [event.operation];
    case "operation-recovered":
      return event.how === "interrupted" ? [event.operation] : [];
    default:
      return [];
  }
}

function payloadsOf(event: RunEvent): readonly Payload[] {
  const found: Payload[] = [];
  if ("request" in event) found.push(event.request);
  if ("result" in event && ("text" in event.result || "sha256" in event.result)) found.push(event.result);
  if ("log" in event) found.push(event.log);
  return found;
}
