import type { Environment } from "../environment/index.ts";
import { isRebenchError, reasonOf } from "../errors/index.ts";
import {
  type LanguageModel,
  type OpenModelBudget,
  openModelBudget,
  type PricedLanguageModel,
} from "../model/index.ts";
import type { AcceptConnection, Sandbox } from "../sandbox/index.ts";
import type { Agent } from "./agent-contract.ts";
import { exhaustedLimit } from "./budget.ts";
import { isClockRunning } from "./clock.ts";
import { runErrors } from "./errors.ts";
import type { RunEvent } from "./events.ts";
import { type OpenRunGateway, RunGateways } from "./gateway/run-gateways.ts";
import { LiveContext } from "./live-context.ts";
import type { LoadedRecord, RunPaths } from "./run-directory.ts";
import { RunSession } from "./run-session.ts";
import type { RunEnding, RunState } from "./run-state.ts";
import { type LimitReason, RunStop } from "./run-stop.ts";
import { type RunScorer, ScoreKeeper } from "./score-keeper.ts";
import { findCommandProblem, makeSolution } from "./solution.ts";

/** Time an agent gets to return after it was told to stop, in milliseconds; then it is left behind. */
const agentGraceMs = 2_000;

/** All that a run needs from outside. */
export interface RunDependencies {
  readonly paths: RunPaths;
  readonly record: LoadedRecord;
  readonly environment: Environment;
  readonly agent: Agent;
  readonly model: PricedLanguageModel | null;
  /** @param gateway - Takes over what programs inside ask of models; null where there is no gateway. */
  readonly openSandbox: (gateway: AcceptConnection | null) => Promise<Sandbox>;
  /** Opens the way to models for programs in the sandbox; absent for an environment without one. */
  readonly openGateway?: OpenRunGateway;
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
 * @throws RUN_ALREADY_ENDED, RUN_LOG_BROKEN, RUN_UNWRITABLE, RUN_DIVERGED, PROVIDER_FAILED, OPERATION_FAILED and what the sandbox
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
      if (event.type !== "model-responded" && event.type !== "gateway-exchange") return;
      const limit = exhaustedLimit(session.mark, session.record.budget);
      if (limit !== null) execution.reachLimit(limit);
    },
  });
  const execution = new Execution(dependencies, session, stop);
  const interrupt = (): void => execution.interrupt();
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
  /** What the agent's own calls and those of its programs together may use. */
  readonly #modelBudget: OpenModelBudget;

  constructor(dependencies: RunDependencies, session: RunSession, stop: RunStop) {
    this.#dependencies = dependencies;
    this.#session = session;
    this.#stop = stop;
    const { tokens, costUsd } = session.record.budget;
    this.#modelBudget = openModelBudget({
      ...(tokens === null ? {} : { tokens: { limit: tokens, used: () => session.mark.tokens } }),
      ...(costUsd === null ? {} : { costUsd: { limit: costUsd, used: () => session.mark.costUsd } }),
    });
  }

  async run(): Promise<RunOutcome> {
    this.#begin();
    try {
      const openGateway = this.#dependencies.openGateway ?? (() => null);
      await using gateways = new RunGateways(
        openGateway,
        this.#session,
        this.#modelBudget,
        this.#dependencies.signal,
      );
      await using sandbox = await this.#dependencies.openSandbox(gateways.accept);
      this.#session.append({
        type: "sandbox-opened",
        isolation: JSON.parse(JSON.stringify(sandbox.isolation)),
      });
      const session = this.#session;
      const stop = this.#stop;
      const { scorer, now, signal } = this.#dependencies;
      const keeper = new ScoreKeeper({ session, sandbox, scorer, stop, now, signal });
      if ((await this.#makeStart(sandbox)) && (await this.#scoreStart(keeper))) {
        await this.#act(sandbox, keeper, gateways);
        await this.#end(keeper, sandbox);
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

  /** A person asks to stop: the clock stands still at once, whatever stopping takes. */
  interrupt(): void {
    this.#stop.stop({ kind: "interrupted" });
    if (isClockRunning(this.#session.state.clock)) {
      this.#session.append({ type: "clock-paused", reason: "harness" });
    }
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
    // Opening a sandbox and catching up is our time, not the agent's.
    if (state.clock.phase === "started") this.#session.append({ type: "clock-paused", reason: "harness" });
    for (const { operation, kind } of journal.unfinished()) {
      const how = kind === "command" ? "interrupted" : "repeated";
      this.#session.append({ type: "operation-recovered", operation, how });
    }
  }

  /**
   * Makes what is scored as entry 0, where files alone are no solution yet. Done again when a resume finds no entry 0.
   *
   * @returns False when it failed: the run is then over, through no fault of the agent.
   */
  async #makeStart(sandbox: Sandbox): Promise<boolean> {
    const { entries, pending } = this.#session.state;
    if (entries.length + pending.length > 0) return true;
    const { solutionCommand } = this.#session.record.environment;
    const result = await makeSolution(solutionCommand, sandbox, this.#stop.signal);
    this.#stop.throwIfStopped();
    if (result === null) return true;
    this.#session.append({
      type: "start-made",
      result: this.#session.blobs.toPayload(JSON.stringify(result)),
    });
    const problem = findCommandProblem(result);
    if (problem === null) return true;
    const message = `the starting solution could not be made: ${problem}`;
    this.#session.append({ type: "run-ended", reason: "platform-failed", message });
    return false;
  }

  /**
   * Entry 0, before the clock starts.
   *
   * @returns False when it could not be scored: the run is then over, through no fault of the agent.
   */
  async #scoreStart(keeper: ScoreKeeper): Promise<boolean> {
    const { result } = await keeper.scoreStart();
    if (result.result === "scored") return true;
    const message = `the starting solution could not be scored: ${result.message}`;
    this.#session.append({ type: "run-ended", reason: "platform-failed", message });
    return false;
  }

  /** The agent's time: from the start of the clock until it returns or is stopped. */
  async #act(sandbox: Sandbox, keeper: ScoreKeeper, gateways: RunGateways): Promise<void> {
    const session = this.#session;
    await keeper.catchUp();
    if (session.state.ending !== null) return;
    await gateways.beginAgentTime();
    if (session.state.clock.phase === "not-started") session.append({ type: "clock-started" });
    if (session.state.clock.pauses.includes("harness")) {
      session.append({ type: "clock-resumed", reason: "harness" });
    }
    session.setAlarm(session.record.budget.timeMs, () => this.reachLimit("time-limit"));
    const context = new LiveContext({
      session,
      sandbox,
      environment: this.#dependencies.environment,
      model: this.#limitedModel(),
      stop: this.#stop,
      score: (operation) => keeper.scoreFor(operation),
    });
    const ending = await this.#awaitAgent(context);
    context.close();
    // From here on nothing inside may work on, a scoring that is still under way or not.
    await sandbox.freeze();
    session.clearAlarm();
    if (session.state.ending === null) session.append({ type: "clock-stopped", ...ending });
    // What still waits is not asked any more, and nobody works on while the last scoring measures.
    await gateways.close();
  }

  #limitedModel(): LanguageModel | null {
    const { model } = this.#dependencies;
    return model === null ? null : this.#modelBudget.limit(model);
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
      const later = (): void => void setTimeout(() => resolve("stopped"), agentGraceMs);
      if (this.#stop.signal.aborted) later();
      else this.#stop.signal.addEventListener("abort", later, { once: true });
    });
    const outcome = await Promise.race([agent, stopped]);
    if (this.#stop.isInterrupted) throw runErrors.RUN_STOPPED({ reason: "interrupted" });
    if (outcome !== "stopped" && outcome.error !== undefined && !isStopped(outcome.error)) {
      return this.#endingOf(outcome.error);
    }
    return { reason: "agent-finished", message: "the agent had nothing left to do" };
  }

  /** What an agent threw: its own failure, the platform's, or an error that leaves the run resumable. */
  #endingOf(error: unknown): RunEnding {
    const message = reasonOf(error);
    if (!isRebenchError(error)) return { reason: "agent-failed", message };
    const leavesResumable = [
      "SANDBOX_LOST",
      "RUN_UNWRITABLE",
      "RUN_DIVERGED",
      "RUN_PAYLOAD_BROKEN",
      "SNAPSHOT_STORAGE_FAILED",
      "PROVIDER_FAILED",
      "OPERATION_FAILED",
    ];
    if (leavesResumable.includes(error.code)) throw error;
    return { reason: error.fault === "agent" ? "agent-failed" : "platform-failed", message };
  }

  /** Nothing of a run is left at work, or lying about, when its record says that it has ended. */
  async #end(keeper: ScoreKeeper, sandbox: Sandbox): Promise<void> {
    const session = this.#session;
    await keeper.scoreEnd();
    await sandbox.destroy();
    const { ending } = session.state;
    if (ending === null) throw new Error("the clock has not stopped");
    session.append({ type: "run-ended", ...ending });
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
