import type { Environment, ScaleName } from "../environment/index.ts";
import { isRebenchError } from "../errors/index.ts";
import { Deadline, waitAtMost } from "./deadline.ts";
import { type AnswerFault, AnswerReader, type ReceivedAnswer } from "./judge-answer.ts";
import { type CapturedLog, emptyLog, LogCapture } from "./log-capture.ts";
import type { JudgeAnswer } from "./result.ts";
import { type JudgeExit, type JudgeLaunch, type JudgeProcess, startJudge } from "./start-judge.ts";

/** One scoring to be done. */
export interface JudgeRequest extends Omit<JudgeLaunch, "environmentDirectory"> {
  readonly environment: Environment;
  readonly scale: ScaleName;
  /** 64 hex digits, fresh for every scoring. */
  readonly seed: string;
  readonly requestId: string;
  /** Wall time from the call until the judge must have answered; then it is killed. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** Why a judge gave no result, in one word of a closed list; recorded, never shown to the agent. */
export type JudgeFailure = AnswerFault | "not-started" | "crashed" | "killed" | "out-of-memory";

/** How one call of a judge ended. */
export type JudgeVerdict =
  | { readonly kind: "answered"; readonly answer: JudgeAnswer }
  | { readonly kind: "timed-out" }
  | { readonly kind: "failed"; readonly failure: JudgeFailure; readonly problem: string };

/** What became of one call of a judge. */
export interface JudgeOutcome {
  readonly verdict: JudgeVerdict;
  /** What the judge printed. For the run folder: it may hold secrets. */
  readonly logs: { readonly stdout: CapturedLog; readonly stderr: CapturedLog };
  readonly timings: JudgeTimings;
}

/** Wall times in milliseconds, one after the other. */
export interface JudgeTimings {
  /** Opening the jail. */
  readonly startMs: number;
  /** From then until the answer was read, the start of Python included; or until the judge failed. */
  readonly answerMs: number;
  /** From then until nothing of it ran any more. */
  readonly stopMs: number;
}

/** How long what a judge wrote before it ended may be on its way, in milliseconds. */
const lastWordsMs = 1_000;

/** How long a judge that has answered may take to end by itself, in milliseconds. */
const farewellMs = 5_000;

/**
 * Has one snapshot judged, by the protocol of docs/judge-protocol.md. Whatever the judge does, this returns and
 * nothing of it runs on: a crash, a hang, garbage, a flood of output are verdicts.
 *
 * @param monotonicMs - Milliseconds of a clock that never goes back.
 * @throws the reason of `signal` when it aborts, after everything was killed.
 */
export async function runJudge(
  request: JudgeRequest,
  monotonicMs: () => number = () => performance.now(),
): Promise<JudgeOutcome> {
  request.signal.throwIfAborted();
  const openedAt = monotonicMs();
  using deadline = new Deadline(request.timeoutSeconds * 1_000, request.signal);
  let judge: JudgeProcess;
  try {
    judge = await startJudge({ ...request, environmentDirectory: request.environment.directory });
  } catch (error) {
    request.signal.throwIfAborted();
    return {
      verdict: { kind: "failed", failure: "not-started", problem: describe(error) },
      logs: { stdout: emptyLog, stderr: emptyLog },
      timings: { startMs: monotonicMs() - openedAt, answerMs: 0, stopMs: 0 },
    };
  }
  const startedAt = monotonicMs();
  const stdout = new LogCapture(judge.stdout);
  const stderr = new LogCapture(judge.stderr);
  let answeredAt = startedAt;
  let verdict: JudgeVerdict;
  try {
    const line = toRequestLine(request, judge, (startedAt - openedAt) / 1_000);
    const reader = await ask(judge, line, request.requestId, deadline);
    answeredAt = monotonicMs();
    const timedOut = deadline.passed;
    const exit = await waitForEnd(judge, reader, deadline);
    verdict = toVerdict(reader.read(), exit, timedOut);
  } finally {
    await judge[Symbol.asyncDispose]();
  }
  request.signal.throwIfAborted();
  return {
    verdict,
    logs: { stdout: stdout.read(), stderr: stderr.read() },
    timings: {
      startMs: startedAt - openedAt,
      answerMs: answeredAt - startedAt,
      stopMs: monotonicMs() - answeredAt,
    },
  };
}

/** Sends the request; returns at the first line of an answer, at the judge's end or at the deadline. */
async function ask(
  judge: JudgeProcess,
  line: string,
  requestId: string,
  deadline: Deadline,
): Promise<AnswerReader> {
  const reader = new AnswerReader(judge.channel, requestId);
  judge.channel.end(line);
  // What a judge wrote before it ended may still be on its way.
  const ended = judge.exited.then(() => waitAtMost(lastWordsMs, reader.settled));
  await Promise.race([reader.firstLine, ended, deadline.reached]);
  return reader;
}

/** Gives a judge that has answered the time to end by itself. @returns null when it did not end. */
async function waitForEnd(
  judge: JudgeProcess,
  reader: AnswerReader,
  deadline: Deadline,
): Promise<JudgeExit | null> {
  let exit: JudgeExit | null = null;
  const exited = judge.exited.then((how) => {
    exit = how;
  });
  if (reader.read().kind === "answer") {
    const farewell = Promise.all([exited, reader.settled]);
    await waitAtMost(farewellMs, Promise.race([farewell, deadline.reached]));
  } else if (!deadline.passed) {
    // A channel that closed without an answer is closed by a judge about to end.
    await waitAtMost(lastWordsMs, Promise.race([exited, deadline.reached]));
  }
  return exit;
}

function toVerdict(received: ReceivedAnswer, exit: JudgeExit | null, timedOut: boolean): JudgeVerdict {
  const failed = (failure: JudgeFailure, problem: string): JudgeVerdict => ({
    kind: "failed",
    failure,
    problem,
  });
  if (received.kind === "fault" && received.fault !== "no-answer") {
    return failed(received.fault, received.problem);
  }
  if (received.kind === "fault" && timedOut) return { kind: "timed-out" };
  if (exit?.outOfMemory === true) return failed("out-of-memory", "the judge reached its memory limit");
  if (exit !== null && exit.signal !== null) return failed("killed", `the judge was ended by ${exit.signal}`);
  if (exit !== null && exit.exitCode !== 0) {
    return failed("crashed", `the judge ended with exit code ${exit.exitCode}`);
  }
  if (received.kind === "answer") return { kind: "answered", answer: received.answer };
  return failed(received.fault, received.problem);
}

function toRequestLine(
  request: JudgeRequest,
  { runnerPrefix, gatewayRunnerPrefix }: JudgeProcess,
  usedSeconds: number,
): string {
  const { id, scales } = request.environment.manifest;
  // The judge stops a slow submission itself, with time to spare: `invalid` says more than our limit would.
  const spareSeconds = Math.min(5, request.timeoutSeconds / 10);
  return `${JSON.stringify({
    requestId: request.requestId,
    environment: id,
    scale: request.scale,
    parameters: scales[request.scale].parameters,
    snapshot: "/snapshot",
    assets: "/assets",
    scratch: "/scratch",
    seed: request.seed,
    runner: runnerPrefix,
    ...(gatewayRunnerPrefix === null ? {} : { gatewayRunner: gatewayRunnerPrefix }),
    deadlineSeconds: Math.max(0, request.timeoutSeconds - usedSeconds - spareSeconds),
  })}\n`;
}

function describe(error: unknown): string {
  return isRebenchError(error) ? `${error.message}; ${error.remedy}` : String(error);
}
