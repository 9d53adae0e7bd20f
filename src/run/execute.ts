import type { Environment } from "../environment/index.ts";
import { isRebenchError } from "../errors/index.ts";
import { type LanguageModel, type PricedLanguageModel, withBudget } from "../model/index.ts";
import type { Sandbox } from "../sandbox/index.ts";
import type { ScoreEntry, ScoringResult, SnapshotRef } from "../scoring/index.ts";
import type { Agent } from "./agent-contract.ts";
import { exhaustedLimit } from "./budget.ts";
import { runErrors } from "./errors.ts";
import type { RunEvent } from "./events.ts";
import { LiveContext } from "./live-context.ts";
import type { LoadedRecord, RunPaths } from "./run-directory.ts";

import { RunSession } from "./run-session.ts";
import type { RunEnding, RunState } from "./run-state.ts";
import { type LimitReason, RunStop } from "./run-stop.ts";

/** Time an agent gets to return after it was told to stop, in milliseconds; then it is left behind. */
const agentGraceMs = 2_000;

/** Takes and scores snapshots for one run. */
export interface RunScorer {
  /** Copies a frozen workspace into the run's snapshot store; one over a cap becomes a snapshot without files. */
  takeSnapshot(workspaceOnHost: string): Promise<SnapshotRef>;
  /** Has a kept snapshot judged with a fresh seed. Trouble is a result; only an abort rejects. */
  score(
    snapshot: SnapshotRef,
    signal: AbortSignal,
  ): Promise<{ readonly result: ScoringResult; readonly seed: string | null; readonly log: string }>;
  /** Told of each new entry, so that the snapshot policy can drop content that is not to be kept. */
  onRecorded?(entries: readonly ScoreEntry[]): Promise<void>;
}

/** All that a run needs from outside. */
export interface RunDependencies {
  readonly paths: RunPaths;
  readonly record: LoadedRecord;
  readonly environment: Environment;
  readonly agent: Agent;
  readonly model: PricedLanguageModel | null;
  readonly openSandbox: () => Promise<Sandbox>;
  readonly scorer: RunScorer;
  /** Milliseconds since 1970, steady within this process. */
  readonly now: () => number;
  /** Aborts to stop in order: the run can be resumed afterwards. */
  readonly signal: AbortSignal;
  readonly onEvent?: (event: RunEvent, state: RunState) => void;
}

/** How a call of {@link executeRun} left the run. */
export interface RunOutcome {
  readonly status: "ended" | "interrupted";
  readonly state: RunState;
  /** Hash of the newest event. */
  readonly head: string;
}

/**
 * Carries one run from wherever its events leave it to its end: starts it when it has none, resumes it when it has.
 *
 * @throws RUN_ALREADY_ENDED, RUN_LOG_BROKEN, RUN_UNWRITABLE, START_NOT_SCORED, RUN_DIVERGED and what the sandbox
 * throws. Whatever is thrown, the log holds all that was acknowledged and the run can be resumed.
 */
export async function executeRun(dependencies: RunDependencies): Promise<RunOutcome> {
  const stop = new RunStop();
  using session = new RunSession({
    paths: dependencies.paths,
    record: dependencies.record.record,
    recordSha256: dependencies.record.sha256,
    now: dependencies.now,
    onEvent: (event, state) => {
      dependencies.onEvent?.(event, state);
      if (event.type !== "model-responded") return;
      const limit = exhaustedLimit(session.mark, session.record.budget);
      if (limit !== null) execution.reachLimit(limit);
    },
  });
  const execution = new Execution(dependencies, session, stop);
  const interrupt = (): void => stop.stop({ kind: "interrupted" });
  dependencies.signal.addEventListener("abort", interrupt);
  if (dependencies.signal.aborted) interrupt();
  try {
    return await execution.run();
  } finally {
    dependencies.signal.removeEventListener("abort", interrupt);
  }
}

class Execution {
  readonly #dependencies: RunDependencies;
  readonly #session: RunSession;
  readonly #stop: RunStop;
  #lastScoring: Promise<unknown> = Promise.resolve();

  constructor(dependencies: RunDependencies, session: RunSession, stop: RunStop) {
    this.#dependencies = dependencies;
    this.#session = session;
    this.#stop = stop;
  }

  async run(): Promise<RunOutcome> {
    this.#begin();
    try {
      await using sandbox = await this.#dependencies.openSandbox();
      this.#session.append({
        type: "sandbox-opened",
        isolation: JSON.parse(JSON.stringify(sandbox.isolation)),
      });
      await this.#finishPendingEntry();
      if (await this.#scoreStart(sandbox)) {
        await this.#act(sandbox);
        await this.#scoreEnd(sandbox);
      }
    } catch (error) {
      this.#interrupt(error);
      if (!isStopped(error) && !this.#stop.isInterrupted) throw error;
    }
    const { state } = this.#session;
    return { status: state.phase === "ended" ? "ended" : "interrupted", state, head: this.#session.head };
  }

  /** Stops the clock at once and the agent as soon as it can be. */
  reachLimit(reason: LimitReason): void {
    if (this.#session.state.ending !== null) return;
    this.#session.append({
      type: "clock-stopped",
      reason,
      message: `the ${reason.replace("-", " ")} was reached`,
    });
    this.#stop.stop({ kind: "limit", reason });
  }

  /** First event of a new run, or of the part after a resume. */
  #begin(): void {
    const { state, journal } = this.#session;
    if (state.phase === "ended") {
      throw runErrors.RUN_ALREADY_ENDED({
        path: this.#dependencies.paths.root,
        reason: state.ending?.reason ?? "ended",
      });
    }
    if (state.phase === "created") {
      this.#session.append({ type: "run-started", runRecordSha256: this.#dependencies.record.sha256 });
      return;
    }
    this.#session.append({ type: "run-resumed" });
    for (const { operation, kind } of journal.unfinished()) {
      const how = kind === "command" ? "interrupted" : "repeated";
      this.#session.append({ type: "operation-recovered", operation, how });
    }
  }

  /**
   * Entry 0, before the clock starts.
   *
   * @returns False when it could not be scored: the run is then over, through no fault of the agent.
   */
  async #scoreStart(sandbox: Sandbox): Promise<boolean> {
    if (this.#session.state.entries.length > 0) return true;
    const { result } = await this.#recordEntry(sandbox, null);
    if (result.result === "scored") return true;
    const message = `the starting solution could not be scored: ${result.message}`;
    this.#session.append({ type: "run-ended", reason: "platform-failed", message });
    return false;
  }

  /** The agent's time: from the start of the clock until it returns or is stopped. */
  async #act(sandbox: Sandbox): Promise<void> {
    const session = this.#session;
    if (session.state.ending !== null) return;
    if (session.state.clock.phase === "not-started") session.append({ type: "clock-started" });
    session.setAlarm(session.record.budget.timeMs, () => this.reachLimit("time-limit"));
    const context = new LiveContext({
      session,
      sandbox,
      environment: this.#dependencies.environment,
      model: this.#limitedModel(),
      stop: this.#stop,
      recordEntry: (operation) => this.#recordEntry(sandbox, operation),
    });
    const ending = await this.#awaitAgent(context);
    context.close();
    // From here on nothing inside may work on, a scoring that is still under way or not.
    await sandbox.freeze();
    session.clearAlarm();
    if (session.state.ending === null) session.append({ type: "clock-stopped", ...ending });
  }

  #limitedModel(): LanguageModel | null {
    const { model } = this.#dependencies;
    const session = this.#session;
    const { tokens, costUsd } = session.record.budget;
    if (model === null) return null;
    return withBudget(model, {
      ...(tokens === null ? {} : { tokens: { limit: tokens, used: () => session.mark.tokens } }),
      ...(costUsd === null ? {} : { costUsd: { limit: costUsd, used: () => session.mark.costUsd } }),
    });
  }

  /**
   * @returns How the agent's time ended, unless a limit has already said so.
   * @throws RUN_STOPPED when a person interrupted, and errors that are nobody's ending.
   */
  async #awaitAgent(context: LiveContext): Promise<RunEnding> {
    const agent = this.#dependencies.agent.run(context).then(
      (): { error?: unknown } => ({}),
      (error: unknown) => ({ error }),
    );
    const stopped = new Promise<"stopped">((resolve) => {
      const later = (): void => void setTimeout(() => resolve("stopped"), agentGraceMs).unref();
      if (this.#stop.signal.aborted) later();
      else this.#stop.signal.addEventListener("abort", later, { once: true });
    });
    const outcome = await Promise.race([agent, stopped]);
    if (outcome !== "stopped" && outcome.error !== undefined && !isStopped(outcome.error)) {
      return this.#endingOf(outcome.error);
    }
    if (this.#stop.isInterrupted) throw runErrors.RUN_STOPPED({ reason: "interrupted" });
    return { reason: "agent-finished", message: "the agent had nothing left to do" };
  }

  /** What an agent threw: its own failure, the platform's, or an error that leaves the run resumable. */
  #endingOf(error: unknown): RunEnding {
    const message = error instanceof Error ? error.message : String(error);
    if (!isRebenchError(error)) return { reason: "agent-failed", message };
    const leavesResumable = [
      "SANDBOX_LOST",
      "RUN_UNWRITABLE",
      "RUN_DIVERGED",
      "RUN_PAYLOAD_BROKEN",
      "PROVIDER_FAILED",
    ];
    if (leavesResumable.includes(error.code)) throw error;
    return { reason: error.fault === "agent" ? "agent-failed" : "platform-failed", message };
  }

  /** The workspace as the agent left it, unless that very snapshot was scored last. */
  async #scoreEnd(sandbox: Sandbox): Promise<void> {
    const session = this.#session;
    const { ending } = session.state;
    if (ending === null) throw new Error("the clock has not stopped");
    if (!session.state.finalRecorded) await this.#recordEntry(sandbox, null, { unlessScoredLast: true });
    session.append({ type: "run-ended", ...ending });
  }

  /** A scoring the last process began: its snapshot is kept, so it is judged now. */
  async #finishPendingEntry(): Promise<void> {
    const { pending } = this.#session.state;
    if (pending === null) return;
    await this.#judge(pending.operation, pending.index, pending.snapshot);
  }

  /** One scoring at a time, in the order asked for. */
  #recordEntry(
    sandbox: Sandbox,
    operation: number | null,
    options: { readonly unlessScoredLast?: boolean } = {},
  ): Promise<ScoreEntry> {
    const turn = this.#lastScoring.then(() => this.#recordEntryInTurn(sandbox, operation, options));
    this.#lastScoring = turn.catch(() => {});
    return turn;
  }

  async #recordEntryInTurn(
    sandbox: Sandbox,
    operation: number | null,
    options: { readonly unlessScoredLast?: boolean },
  ): Promise<ScoreEntry> {
    if (operation !== null) this.#stop.throwIfStopped();
    const session = this.#session;
    const charged = session.record.scoringTime === "charged";
    // Where scoring is free, the sandbox stands still until it is done: no free time to compute in.
    if (!charged) session.append({ type: "clock-paused", reason: "scoring" });
    try {
      await sandbox.freeze();
      const clockMs = session.elapsedMs();
      const snapshot = await this.#dependencies.scorer.takeSnapshot(sandbox.workspaceOnHost);
      if (charged) await this.#thaw(sandbox);
      const last = session.state.entries.at(-1);
      const isScoredLast = last !== undefined && snapshot.treeSha256 === last.snapshot.treeSha256;
      if (options.unlessScoredLast === true && isScoredLast) return last;
      const entry = session.state.entries.length;
      session.append({ type: "score-requested", operation, entry, snapshot, clockMs });
      return await this.#judge(operation, entry, snapshot);
    } finally {
      await this.#thaw(sandbox);
      if (!charged && session.state.clock.pauses.includes("scoring")) {
        session.append({ type: "clock-resumed", reason: "scoring" });
      }
    }
  }

  /** Lets the sandbox go on, unless the agent's time is over: nothing may work on during the last scoring. */
  async #thaw(sandbox: Sandbox): Promise<void> {
    if (this.#session.state.ending === null && !this.#stop.isInterrupted) await sandbox.thaw();
  }

  async #judge(operation: number | null, index: number, snapshot: SnapshotRef): Promise<ScoreEntry> {
    const startedAt = this.#dependencies.now();
    // A limit lets a scoring finish, since its snapshot was taken in time; a person's interruption does not.
    const { scorer, signal } = this.#dependencies;
    const { result, seed, log } = await scorer.score(snapshot, signal);
    if (this.#stop.isInterrupted) this.#stop.throwIfStopped();
    const durationMs = this.#dependencies.now() - startedAt;
    this.#session.append({
      type: "score-recorded",
      operation,
      entry: index,
      result: JSON.parse(JSON.stringify(result)),
      seed,
      durationMs,
      log: this.#session.blobs.toPayload(log),
    });
    const entry = this.#session.state.entries.at(-1);
    if (entry === undefined) throw new Error("a recorded entry is in the log");
    await scorer.onRecorded?.(this.#session.state.entries);
    return entry;
  }

  /** Marks the run as stopped and resumable, where the log can still be written. */
  #interrupt(error: unknown): void {
    if (this.#session.state.phase !== "running") return;
    try {
      if (isRebenchError(error) && error.code === "SANDBOX_LOST") {
        this.#session.append({ type: "sandbox-lost", message: error.message });
      }
      const message = isStopped(error) || !(error instanceof Error) ? "a person stopped it" : error.message;
      this.#session.append({ type: "run-interrupted", message });
    } catch {
      // The log itself cannot be written: the error that brought us here says so, and the chain ends at its last good event.
    }
  }
}

function isStopped(error: unknown): boolean {
  return isRebenchError(error) && error.code === "RUN_STOPPED";
}
