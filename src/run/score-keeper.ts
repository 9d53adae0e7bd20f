import type { Sandbox } from "../sandbox/index.ts";
import type { ScoreEntry, ScoringResult, SnapshotRef } from "../scoring/index.ts";
import { mostHiddenRequests } from "./hidden-scorings.ts";
import type { RunSession } from "./run-session.ts";
import type { PendingEntry } from "./run-state.ts";
import type { RunStop } from "./run-stop.ts";

/** Takes and scores snapshots for one run. */
export interface RunScorer {
  /** Copies a frozen workspace into the run's snapshot store; one over a cap becomes a snapshot without files. */
  takeSnapshot(workspaceOnHost: string): Promise<SnapshotRef>;
  /** Has a kept snapshot judged with a fresh seed. Trouble is a result; only an abort rejects. */
  score(
    snapshot: SnapshotRef,
    signal: AbortSignal,
  ): Promise<{ readonly result: ScoringResult; readonly seed: string | null; readonly log: string }>;
  /** Told when an entry is recorded, so that content the snapshot policy does not keep can be dropped. */
  onRecorded?(entries: readonly ScoreEntry[], pending: readonly PendingEntry[]): Promise<void>;
}

/** Keeps the score log of a run: one scoring at a time, in the order they were asked for. */
export class ScoreKeeper {
  readonly #session: RunSession;
  readonly #sandbox: Sandbox;
  readonly #scorer: RunScorer;
  readonly #stop: RunStop;
  readonly #now: () => number;
  readonly #signal: AbortSignal;
  #lastScoring: Promise<unknown> = Promise.resolve();

  /** @param init.signal - Aborts judges at work when a person interrupts; a limit lets them finish. */
  constructor(init: {
    readonly session: RunSession;
    readonly sandbox: Sandbox;
    readonly scorer: RunScorer;
    readonly stop: RunStop;
    readonly now: () => number;
    readonly signal: AbortSignal;
  }) {
    this.#session = init.session;
    this.#sandbox = init.sandbox;
    this.#scorer = init.scorer;
    this.#stop = init.stop;
    this.#now = init.now;
    this.#signal = init.signal;
  }

  /** Entry 0, judged at once. */
  async scoreStart(): Promise<ScoreEntry> {
    const [done] = this.#session.state.entries;
    if (done !== undefined) return done;
    if (this.#session.state.pending.length === 0) await this.#inTurn(() => this.#requestEntry(null));
    const entry = await this.#judgeNext();
    await this.#thaw();
    return entry;
  }

  /**
   * A scoring the agent asked for. Where scores are hidden it is over when the snapshot is kept, and judged only after
   * the agent's time: so neither words nor time tell the agent anything. Past the number that may be asked for it is
   * refused, whatever lies in the workspace.
   */
  async scoreFor(operation: number): Promise<void> {
    await this.#inTurn(async () => {
      this.#stop.throwIfStopped();
      const { scoringTime, environment } = this.#session.record;
      if (this.#hasAskedEnough()) {
        this.#session.append({ type: "score-refused", operation });
        return;
      }
      const isFree = scoringTime === "free";
      // Where scoring is free, the sandbox stands still until it is done: no free time to compute in.
      if (isFree) this.#session.append({ type: "clock-paused", reason: "scoring" });
      try {
        await this.#requestEntry(operation);
        if (!isFree) await this.#thaw();
        if (environment.score.visible) await this.#judgeNext();
      } finally {
        await this.#thaw();
        if (this.#session.state.clock.pauses.includes("scoring")) {
          this.#session.append({ type: "clock-resumed", reason: "scoring" });
        }
      }
    });
  }

  #hasAskedEnough(): boolean {
    const most = mostHiddenRequests(this.#session.record);
    const { entries, pending } = this.#session.state;
    // Entry 0 was not asked for.
    return most !== null && entries.length + pending.length - 1 >= most;
  }

  /** Judges what a killed process left pending, unless it is to wait for the end. */
  async catchUp(): Promise<void> {
    const { state, record } = this.#session;
    if (!record.environment.score.visible && state.ending === null) return;
    await this.judgePending();
  }

  /** After the agent's time: everything still pending, then the workspace as it was left, unless it was scored last. */
  async scoreEnd(): Promise<void> {
    await this.#inTurn(async () => {
      const { state } = this.#session;
      if (!state.finalRequested) {
        const last = state.pending.at(-1) ?? state.entries.at(-1);
        await this.#requestEntry(null, last?.snapshot.treeSha256);
      }
      await this.judgePending();
    });
  }

  async judgePending(): Promise<void> {
    while (this.#session.state.pending.length > 0) await this.#judgeNext();
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#lastScoring.then(work);
    this.#lastScoring = turn.catch(() => {});
    return turn;
  }

  /** Freezes, takes the snapshot and writes down that it is to be scored; leaves the sandbox frozen. */
  async #requestEntry(operation: number | null, unlessTree?: string): Promise<void> {
    const session = this.#session;
    await this.#sandbox.freeze();
    const clockMs = session.elapsedMs();
    const snapshot = await this.#scorer.takeSnapshot(this.#sandbox.workspaceOnHost);
    if (snapshot.treeSha256 === unlessTree) return;
    const { entries, pending } = session.state;
    const entry = entries.length + pending.length;
    session.append({ type: "score-requested", operation, entry, snapshot, clockMs });
  }

  /** Lets the sandbox go on, unless the agent's time is over: nothing may work on during the last scorings. */
  async #thaw(): Promise<void> {
    if (this.#session.state.ending === null && !this.#stop.isInterrupted) await this.#sandbox.thaw();
  }

  async #judgeNext(): Promise<ScoreEntry> {
    const session = this.#session;
    const [next] = session.state.pending;
    if (next === undefined) throw new Error("no scoring is pending");
    const startedAt = this.#now();
    const { result, seed, log } = await this.#scorer.score(next.snapshot, this.#signal);
    if (this.#stop.isInterrupted) this.#stop.throwIfStopped();
    session.append({
      type: "score-recorded",
      operation: next.operation,
      entry: next.index,
      result,
      seed,
      durationMs: this.#now() - startedAt,
      log: session.blobs.toPayload(log),
    });
    const entry = session.state.entries.at(-1);
    if (entry === undefined) throw new Error("a recorded entry is in the log");
    await this.#scorer.onRecorded?.(session.state.entries, session.state.pending);
    return entry;
  }
}
