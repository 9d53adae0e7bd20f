import { BlobStore } from "./blob-store.ts";
import { type BudgetMark, toBudgetMark } from "./budget.ts";
import { elapsedAt, isClockRunning } from "./clock.ts";
import { EventLog } from "./event-log.ts";
import type { EventBody, RunEvent } from "./events.ts";
import { Journal } from "./journal.ts";
import type { RunPaths } from "./run-directory.ts";
import type { RunRecord } from "./run-record.ts";
import { initialRunState, type RunState, reduceRun } from "./run-state.ts";

/** Longest silence of a running clock: what a crash can lose of it. */
const tickMs = 5_000;

/** One open run: its log, what the log adds up to, and the alarm of its clock. The only writer of events. */
export class RunSession implements Disposable {
  readonly record: RunRecord;
  readonly blobs: BlobStore;
  readonly journal: Journal;
  readonly #log: EventLog;
  readonly #now: () => number;
  readonly #onEvent: (event: RunEvent, state: RunState) => void;
  #state: RunState = initialRunState;
  #alarm: { readonly limitMs: number; readonly ring: () => void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ticker: NodeJS.Timeout | undefined;

  /**
   * @param init.now - Milliseconds since 1970, steady within this process.
   * @param init.onEvent - Told of every new event after it is written.
   * @throws RUN_LOG_BROKEN, RUN_TOO_NEW, RUN_UNWRITABLE
   */
  constructor(init: {
    readonly paths: RunPaths;
    readonly record: RunRecord;
    readonly recordSha256: string;
    readonly now: () => number;
    readonly onEvent?: (event: RunEvent, state: RunState) => void;
  }) {
    this.record = init.record;
    this.journal = new Journal(!init.record.environment.score.visible);
    this.blobs = new BlobStore(init.paths.blobs);
    this.#now = init.now;
    this.#onEvent = init.onEvent ?? (() => {});
    this.#log = EventLog.open({
      path: init.paths.events,
      firstPrevious: init.recordSha256,
      now: init.now,
      onEvent: (event) => this.#take(event),
    });
  }

  get state(): RunState {
    return this.#state;
  }

  /** What is used as of the newest event. */
  get mark(): BudgetMark {
    return toBudgetMark(this.#state);
  }

  /** Milliseconds on the clock now. */
  elapsedMs(): number {
    return elapsedAt(this.#state.clock, this.#now());
  }

  /** Hash of the newest event. */
  get head(): string {
    return this.#log.head;
  }

  /** @throws RUN_UNWRITABLE */
  append(body: EventBody): RunEvent {
    const event = this.#log.append(body);
    this.#take(event);
    this.#onEvent(event, this.#state);
    this.#setTimer();
    return event;
  }

  /** Calls back once when the clock reads `limitMs`; pauses and credits move the moment. */
  setAlarm(limitMs: number, ring: () => void): void {
    this.#alarm = { limitMs, ring };
    this.#ticker ??= setInterval(() => this.#tick(), tickMs).unref();
    this.#setTimer();
  }

  clearAlarm(): void {
    this.#alarm = undefined;
    clearTimeout(this.#timer);
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  [Symbol.dispose](): void {
    this.clearAlarm();
    this.#log[Symbol.dispose]();
  }

  #take(event: RunEvent): void {
    this.#state = reduceRun(this.#state, event);
    this.journal.add(event, this.mark);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    const alarm = this.#alarm;
    if (alarm === undefined || !isClockRunning(this.#state.clock)) return;
    const leftMs = alarm.limitMs - this.elapsedMs();
    // Timers longer than 2^31 - 1 ms fire at once; a tick comes long before and sets the timer anew.
    this.#timer = setTimeout(() => this.#ring(), Math.min(Math.max(0, Math.ceil(leftMs)), 2 ** 31 - 1));
  }

  #ring(): void {
    const alarm = this.#alarm;
    if (alarm === undefined) return;
    if (this.elapsedMs() < alarm.limitMs) {
      this.#setTimer();
      return;
    }
    this.clearAlarm();
    alarm.ring();
  }

  #tick(): void {
    const { clock } = this.#state;
    const silentMs = clock.asOf === null ? 0 : this.#now() - clock.asOf;
    if (!isClockRunning(clock) || silentMs < tickMs) return;
    try {
      this.append({ type: "clock-ticked" });
    } catch {
      // A full disk shows itself at the next event that matters, where someone can be told.
    }
  }
}
