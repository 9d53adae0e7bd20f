import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { reasonOf } from "../errors/index.ts";
import { runErrors } from "./errors.ts";
import { type EventBody, eventSchemaVersion, parseEvent, type RunEvent } from "./events.ts";

const hashFieldLength = `{"hash":"${"0".repeat(64)}",`.length;
const chunkBytes = 1 << 20;
/** Long texts lie in `blobs/`: no event comes near this. */
const longestLineBytes = 1 << 24;

/** A link in the place of the log could have us cut another file. */
const openToAppend = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;

/** What reading a log found besides good events. */
export type LogProblem =
  | { readonly kind: "torn-line"; readonly line: number; readonly offset: number; readonly detail: string }
  | { readonly kind: "broken"; readonly line: number; readonly detail: string }
  | { readonly kind: "newer-version"; readonly line: number; readonly version: number };

/**
 * Reads a log from its beginning, checking each event's schema, number, time, hash and link to the one before.
 * Stops at the first problem, which it yields last. A last line without its line feed, or one that is not the
 * whole of an event, is `torn-line`: the writer died in it, so nobody was told of it.
 *
 * @param path - `events.jsonl`.
 * @param firstPrevious - Hash the first event must point to: the SHA-256 of `run.json`.
 * @throws RUN_LOG_BROKEN when there is no log to read.
 */
export function* readEvents(path: string, firstPrevious: string): Generator<RunEvent | LogProblem> {
  let previous = firstPrevious;
  let seq = 0;
  let at = 0;
  for (const { bytes, offset, line, terminated } of readLines(path)) {
    const torn = (detail: string): LogProblem => ({ kind: "torn-line", line, offset, detail });
    const broken = (detail: string): LogProblem => ({ kind: "broken", line, detail });
    if (bytes.length > longestLineBytes) {
      yield broken("the line is longer than any event");
      return;
    }
    if (!terminated) {
      yield torn("the line has no end");
      return;
    }
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString("utf8"));
    } catch {
      yield broken("not JSON");
      return;
    }
    const parsed = parseEvent(value);
    if ("problem" in parsed) {
      yield parsed.newerVersion === undefined
        ? broken(parsed.problem)
        : { kind: "newer-version", line, version: parsed.newerVersion };
      return;
    }
    const { event } = parsed;
    const problem =
      event.seq !== seq
        ? `number ${event.seq} where ${seq} is due`
        : event.previous !== previous
          ? "does not follow the event before it (its `previous` is another hash)"
          : event.hash !== hashOfLine(bytes)
            ? "was changed after it was written (its hash does not match)"
            : event.at < at
              ? "is older than the event before it"
              : undefined;
    if (problem !== undefined) {
      yield broken(problem);
      return;
    }
    previous = event.hash;
    at = event.at;
    seq += 1;
    yield event;
  }
}

/**
 * The events of a log that holds; a torn last line is passed over.
 *
 * @throws RUN_LOG_BROKEN, RUN_TOO_NEW
 */
export function* readSoundEvents(path: string, firstPrevious: string): Generator<RunEvent> {
  for (const item of readEvents(path, firstPrevious)) {
    if (!("kind" in item)) yield item;
    else if (item.kind === "broken") throw runErrors.RUN_LOG_BROKEN({ path, ...item });
    else if (item.kind === "newer-version") throw runErrors.RUN_TOO_NEW({ path, version: item.version });
  }
}

/** An open, append-only, hash-chained event log. One writer at a time; the run folder's lock sees to that. */
export class EventLog implements Disposable {
  readonly #file: number;
  readonly #path: string;
  readonly #now: () => number;
  #offset: number;
  #previous: string;
  #seq: number;
  #at: number;

  private constructor(init: {
    file: number;
    path: string;
    now: () => number;
    offset: number;
    previous: string;
    seq: number;
    at: number;
  }) {
    this.#file = init.file;
    this.#path = init.path;
    this.#now = init.now;
    this.#offset = init.offset;
    this.#previous = init.previous;
    this.#seq = init.seq;
    this.#at = init.at;
  }

  /**
   * Opens a log for appending, makes it where it is missing, and cuts off a torn last line.
   *
   * @param onEvent - Given every event already there, in order.
   * @param now - Milliseconds since 1970; need not be steady, events never go back in time.
   * @throws RUN_LOG_BROKEN when the chain does not hold; RUN_TOO_NEW; RUN_UNWRITABLE.
   */
  static open(init: {
    readonly path: string;
    readonly firstPrevious: string;
    readonly now: () => number;
    readonly onEvent: (event: RunEvent) => void;
  }): EventLog {
    let file: number;
    try {
      file = openSync(init.path, openToAppend, 0o644);
    } catch (cause) {
      throw runErrors.RUN_UNWRITABLE({ path: init.path, detail: reasonOf(cause) }, cause);
    }
    try {
      let previous = init.firstPrevious;
      let seq = 0;
      let at = 0;
      for (const item of readEvents(init.path, init.firstPrevious)) {
        if ("kind" in item) {
          if (item.kind === "newer-version") {
            throw runErrors.RUN_TOO_NEW({ path: init.path, version: item.version });
          }
          if (item.kind === "broken") throw runErrors.RUN_LOG_BROKEN({ path: init.path, ...item });
          ftruncateSync(file, item.offset);
          fdatasyncSync(file);
          break;
        }
        init.onEvent(item);
        previous = item.hash;
        seq = item.seq + 1;
        at = item.at;
      }
      const offset = fstatSync(file).size;
      return new EventLog({ file, path: init.path, now: init.now, offset, previous, seq, at });
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /**
   * Appends one event; when this returns, the event is with the operating system and survives the death of this
   * process. Events that acknowledge a score or end a run are also forced to the disk.
   *
   * @throws RUN_UNWRITABLE when the disk is full or gone; nothing half-written stays behind.
   */
  append(body: EventBody): RunEvent {
    const at = Math.max(this.#at, this.#now());
    const envelope = { previous: this.#previous, schemaVersion: eventSchemaVersion, seq: this.#seq, at };
    const rest = JSON.stringify({ ...envelope, ...body });
    const hash = createHash("sha256").update(rest).digest("hex");
    const line = Buffer.from(`{"hash":"${hash}",${rest.slice(1)}\n`);
    try {
      let written = 0;
      while (written < line.length) written += writeSync(this.#file, line, written);
      if (isDurable(body)) fdatasyncSync(this.#file);
    } catch (cause) {
      ftruncateSync(this.#file, this.#offset);
      throw runErrors.RUN_UNWRITABLE({ path: this.#path, detail: reasonOf(cause) }, cause);
    }
    this.#offset += line.length;
    this.#previous = hash;
    this.#seq += 1;
    this.#at = at;
    return { hash, ...envelope, ...body };
  }

  /** Hash of the newest event: whoever writes it down elsewhere can later prove the log unchanged. */
  get head(): string {
    return this.#previous;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

function isDurable(body: EventBody): boolean {
  switch (body.type) {
    case "run-started":
    case "run-interrupted":
    case "run-ended":
    case "score-requested":
    case "score-recorded":
      return true;
    default:
      return false;
  }
}

/** Of the bytes as they lie there: decoded first, one that is no UTF-8 could be exchanged for another. */
function hashOfLine(bytes: Uint8Array): string {
  return createHash("sha256").update("{").update(bytes.subarray(hashFieldLength)).digest("hex");
}

/** Lines with their byte offset, without holding the file in memory; a line too long for an event ends the reading. */
function* readLines(
  path: string,
): Generator<{ bytes: Buffer; offset: number; line: number; terminated: boolean }> {
  const file = openForReading(path);
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let rest = Buffer.alloc(0);
    let offset = 0;
    let line = 1;
    for (;;) {
      const count = readSync(file, chunk, 0, chunk.length, null);
      if (count === 0) break;
      const data =
        rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end = data.indexOf(10, start); end !== -1; end = data.indexOf(10, start)) {
        yield { bytes: data.subarray(start, end), offset, line, terminated: true };
        offset += end - start + 1;
        line += 1;
        start = end + 1;
      }
      rest = Buffer.from(data.subarray(start));
      if (rest.length > longestLineBytes) break;
    }
    if (rest.length > 0) yield { bytes: rest, offset, line, terminated: false };
  } finally {
    closeSync(file);
  }
}

function openForReading(path: string): number {
  try {
    return openSync(path, "r");
  } catch (cause) {
    throw runErrors.RUN_LOG_BROKEN({ path, line: 1, detail: reasonOf(cause) }, cause);
  }
}
