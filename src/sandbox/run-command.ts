import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Cell } from "./cell.ts";
import { OutputCapture } from "./output-capture.ts";
import type { PipePool } from "./pipe-pool.ts";
import type { PassedLimit } from "./resource-watch.ts";
import type { CapturedOutput, ExecOptions, ExecOutcome, ExecResult } from "./sandbox.ts";
import { storeOutput } from "./sandbox-files.ts";
import { spawnPiped } from "./spawn-piped.ts";

const defaultCaptureChars = 200_000;

/**
 * How long output may still arrive after a command has ended while something it left behind holds the pipe. What
 * is in the pipe by then is read; what comes later is read and dropped, so that writers never block or die of it.
 */
const lingerMs = 50;

/** What one command needs to know of its sandbox. */
export interface CommandContext {
  readonly cell: Cell;
  readonly pipes: PipePool;
  readonly env: Readonly<Record<string, string>>;
  readonly outputBytes: number;
  /** Folder on the host for outputs too long for the result. */
  readonly spoolFolder: string;
  /** Names this command's output files. */
  readonly name: string;
  /** Hears of limits that the harness enforces by killing; returns how to stop listening. */
  readonly onLimit: (listener: (limit: PassedLimit) => void) => () => void;
}

/** Why the harness stopped a command. */
type Interruption = "timeout" | "cancel" | PassedLimit;

/** Runs one command in a cell, as {@link Sandbox.exec} promises. */
export async function runCommand(
  argv: readonly [string, ...string[]],
  options: ExecOptions,
  context: CommandContext,
): Promise<ExecResult> {
  const { cell } = context;
  const startedMs = performance.now();
  if (options.signal?.aborted === true) {
    return { status: "cancelled", stdout: emptyOutput, stderr: emptyOutput, durationMs: 0, stillRunning: [] };
  }
  const memoryKillsBefore = cell.memoryKills;
  const { child, stdin, output } = await spawnPiped(cell, context.pipes, argv, {
    cwd: options.cwd ?? cell.workspaceInside,
    env: { ...context.env, ...options.env },
    hasInput: options.stdin !== undefined,
  });
  const allowance = { remainingBytes: context.outputBytes };
  const captureChars = options.captureChars ?? defaultCaptureChars;
  const captures = (["stdout", "stderr"] as const).map((stream) => {
    const capture = new OutputCapture(captureChars, allowance, context.spoolFolder);
    const emit = (text: string) => text !== "" && options.onOutput?.({ stream, text });
    return { stream, capture, emit, end: collect(output[stream], capture, emit) };
  });

  const interruption = watchInterruptions(child, options, context);
  const ended = await waitForEnd(child, stdin, options.stdin);
  await interruption.stop();
  const lingering = Promise.all(captures.map(({ end }) => end.closed));
  await Promise.race([lingering, delay(lingerMs)]);
  for (const { capture, emit, end } of captures) {
    end.detach();
    emit(capture.end());
  }

  const outcome = await toOutcome(ended, interruption.cause(), async () => {
    return (await cell.countMemoryKills()) > memoryKillsBefore;
  });
  const [stdout, stderr] = await Promise.all(
    captures.map(({ stream, capture }) => finishCapture(context, capture, `${context.name}.${stream}`)),
  );
  return {
    ...outcome,
    stdout: stdout ?? emptyOutput,
    stderr: stderr ?? emptyOutput,
    durationMs: performance.now() - startedMs,
    stillRunning: cell.lost === null ? await cell.processes() : [],
  };
}

const emptyOutput: CapturedOutput = { text: "", totalBytes: 0, truncated: false };

interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

function waitForEnd(
  child: ChildProcess,
  stdin: Writable | null,
  input: string | Uint8Array | undefined,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    // The command may end or close its input before it has read all of it.
    stdin?.on("error", () => {});
    stdin?.end(input ?? "");
    child.once("exit", () => stdin?.destroy());
  });
}

/** Feeds a stream to its capture; `closed` settles when nobody holds the other end any more. */
function collect(stream: Socket, capture: OutputCapture, emit: (text: string) => void) {
  const onData = (chunk: Uint8Array) => emit(capture.write(chunk));
  const closed = new Promise<void>((resolve) => {
    stream.once("close", resolve);
    stream.once("error", () => resolve());
  });
  stream.on("data", onData);
  const detach = () => {
    stream.off("data", onData);
    stream.resume();
    stream.unref();
  };
  return { closed, detach };
}

function watchInterruptions(child: ChildProcess, options: ExecOptions, context: CommandContext) {
  let cause: Interruption | null = null;
  let killing: Promise<unknown> = Promise.resolve();
  const interrupt = (why: Interruption) => {
    cause ??= why;
    killing = Promise.all([killing, context.cell.killTree(child)]);
  };
  const onAbort = () => interrupt("cancel");
  const timer = setTimeout(() => interrupt("timeout"), options.timeoutMs);
  const stopListening = context.onLimit(interrupt);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  return {
    cause: () => cause,
    /** Returns when no kill is under way any more: it must not reach into the next command. */
    stop: async () => {
      clearTimeout(timer);
      stopListening();
      options.signal?.removeEventListener("abort", onAbort);
      await killing;
    },
  };
}

async function toOutcome(
  ended: Ended,
  cause: Interruption | null,
  memoryRanOut: () => Promise<boolean>,
): Promise<ExecOutcome> {
  if (cause === "timeout") return { status: "timed-out", exitCode: 124 };
  if (cause === "cancel") return { status: "cancelled" };
  if (cause !== null) return { status: "limit-exceeded", limit: cause };
  const wasKilled = ended.signal === "SIGKILL" || ended.exitCode === 137;
  if (wasKilled && (await memoryRanOut())) return { status: "limit-exceeded", limit: "memory" };
  if (ended.signal !== null) return { status: "signaled", signal: ended.signal };
  return { status: "exited", exitCode: ended.exitCode ?? 0 };
}

/** Puts an output that was cut into a file inside, where the command's author can look at it. */
async function finishCapture(
  context: CommandContext,
  capture: OutputCapture,
  name: string,
): Promise<CapturedOutput> {
  const spooled = capture.openSpooled();
  const stored =
    spooled === null || context.cell.lost !== null ? null : await storeOutput(context, name, spooled);
  capture.discard();
  return capture.toCaptured(stored);
}
