import { reasonOf } from "../errors/index.ts";
import { normalize, type ScoringResult, type SnapshotStore } from "../scoring/index.ts";
import type { BlobStore } from "./blob-store.ts";
import { elapsedAt, initialClock, reduceClock } from "./clock.ts";
import type { RunEvent } from "./events.ts";
import type { Payload } from "./payload.ts";
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

/** Holds one promise against the events of a run, given in order. */
export abstract class Check {
  readonly #id: VerificationCheck["id"];
  readonly #title: string;
  readonly #problems: string[] = [];
  #checked = 0;

  constructor(id: VerificationCheck["id"], title: string) {
    this.#id = id;
    this.#title = title;
  }

  /** Takes in the next event; a promise where files must be read for it. */
  abstract see(event: RunEvent): Promise<void> | void;

  toResult(): VerificationCheck {
    return { id: this.#id, title: this.#title, problems: this.#problems, checked: this.#checked };
  }

  protected count(): void {
    this.#checked += 1;
  }

  fail(problem: string): void {
    this.#problems.push(problem);
  }

  protected async try(action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.fail(reasonOf(error));
    }
  }
}

/** That the log begins with this record and holds nothing but rescorings after its end. */
export class ChainCheck extends Check {
  readonly #recordSha256: string;
  #ended = false;

  constructor(recordSha256: string) {
    super("chain", "events are whole, in order and unchanged");
    this.#recordSha256 = recordSha256;
  }

  see(event: RunEvent): void {
    this.count();
    if (event.seq === 0 && (event.type !== "run-started" || event.runRecordSha256 !== this.#recordSha256)) {
      this.fail("the first event does not name this run.json");
    }
    if (this.#ended && event.type !== "entry-rescored") {
      this.fail(`event ${event.seq} comes after the end of the run`);
    }
    if (event.type === "run-ended") this.#ended = true;
  }
}

/** That each operation begins before it ends, and once. */
export class OperationsCheck extends Check {
  readonly #opened = new Set<number>();
  readonly #closed = new Set<number>();

  constructor() {
    super("operations", "every operation begins once and ends at most once");
  }

  see(event: RunEvent): void {
    const at = `(event ${event.seq})`;
    for (const operation of begins(event)) {
      this.count();
      if (this.#opened.has(operation)) this.fail(`operation ${operation} begins twice ${at}`);
      this.#opened.add(operation);
    }
    for (const operation of ends(event)) {
      if (!this.#opened.has(operation)) this.fail(`operation ${operation} ends before it begins ${at}`);
      if (this.#closed.has(operation)) this.fail(`operation ${operation} ends twice ${at}`);
      this.#closed.add(operation);
    }
  }
}

/** Reads each long text once. */
export class PayloadsCheck extends Check {
  readonly #blobs: BlobStore;
  readonly #seen = new Set<string>();

  constructor(blobs: BlobStore) {
    super("payloads", "long texts are there and unchanged");
    this.#blobs = blobs;
  }

  see(event: RunEvent): Promise<void> | void {
    const fresh = payloadsOf(event).filter((payload) => {
      if ("text" in payload || this.#seen.has(payload.sha256)) return false;
      this.#seen.add(payload.sha256);
      return true;
    });
    if (fresh.length > 0) return this.#read(fresh);
  }

  async #read(payloads: readonly Payload[]): Promise<void> {
    for (const payload of payloads) {
      this.count();
      await this.try(() => this.#blobs.read(payload));
    }
  }
}

/** That the clock of each scoring is the one its events add up to. */
export class ClockCheck extends Check {
  #clock = initialClock;
  /** What the clock read at the newest event that nobody but the agent or the harness causes. */
  #leastMs = 0;

  constructor() {
    super("clock", "recorded clock readings are what the events add up to");
  }

  see(event: RunEvent): void {
    const leastMs = this.#leastMs - clockToleranceMs;
    const elapsedMs = elapsedAt(this.#clock, event.at);
    this.#clock = reduceClock(this.#clock, event);
    // Between the reading and its event the snapshot is taken, and these go on.
    if (event.type !== "gateway-exchange" && event.type !== "clock-ticked") {
      this.#leastMs = this.#clock.elapsedMs;
    }
    if (event.type !== "score-requested") return;
    this.count();
    const { clockMs, entry } = event;
    if (clockMs < leastMs || clockMs > elapsedMs + clockToleranceMs) {
      this.fail(`entry ${entry} says ${clockMs.toFixed(0)} ms, the events say ${elapsedMs.toFixed(0)} ms`);
    }
  }
}

/** That entries come in order and are worth what raw score and anchors give. */
export class ScoresCheck extends Check {
  readonly #record: RunRecord;
  readonly #requested: number[] = [];
  readonly #recorded = new Set<number>();
  #nextEntry = 0;

  constructor(record: RunRecord) {
    super("scores", "entries are in order and normalized by the anchors of the record");
    this.#record = record;
  }

  see(event: RunEvent): void {
    if (event.type === "score-requested") {
      if (event.entry !== this.#nextEntry) this.fail(`entry ${event.entry} is out of order`);
      this.#requested.push(event.entry);
      this.#nextEntry = event.entry + 1;
    }
    if (event.type === "score-recorded") {
      this.count();
      if (this.#requested.shift() !== event.entry) {
        this.fail(`entry ${event.entry} is recorded but was not next to be`);
      }
      this.#recorded.add(event.entry);
    }
    if (event.type === "entry-rescored" && !this.#recorded.has(event.entry)) {
      this.fail(`entry ${event.entry} is judged again but was never recorded`);
    }
    if (event.type === "score-recorded" || event.type === "entry-rescored") {
      const problem = findScoreProblem(event.result, this.#record);
      if (problem !== null) this.fail(`entry ${event.entry}: ${problem}`);
    }
  }
}

/** That the snapshot of each entry is whole, or was let go by the policy. */
export class SnapshotsCheck extends Check {
  readonly #store: SnapshotStore;
  readonly #policy: RunRecord["snapshotPolicy"];

  constructor(store: SnapshotStore, policy: RunRecord["snapshotPolicy"]) {
    super("snapshots", "snapshots are there and unchanged, or dropped by policy");
    this.#store = store;
    this.#policy = policy;
  }

  see(event: RunEvent): Promise<void> | void {
    if (event.type !== "score-requested") return;
    this.count();
    return this.try(() => this.#verify(event.snapshot.treeSha256));
  }

  async #verify(treeSha256: string): Promise<void> {
    if (await this.#store.keepsContent(treeSha256)) return this.#store.verify(treeSha256);
    if (this.#policy === "all") {
      throw new Error(`the content of ${treeSha256} is gone though the policy is to keep all`);
    }
  }
}

function findScoreProblem(result: ScoringResult, record: RunRecord): string | null {
  if (result.result !== "scored") return null;
  const { anchors, score } = record.environment;
  const expected = normalize(result.raw, anchors, score.direction);
  return Math.abs(expected - result.normalized) > 1e-9 * Math.max(1, expected)
    ? `normalized ${result.normalized} where raw ${result.raw} gives ${expected}`
    : null;
}

function begins(event: RunEvent): readonly number[] {
  switch (event.type) {
    case "command-started":
    case "model-requested":
    case "file-read":
    case "file-written":
    case "solution-installed":
    case "note-added":
    case "score-refused":
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
    case "score-refused":
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
