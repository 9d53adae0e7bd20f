import type { ChildProcess } from "node:child_process";
import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Cell } from "./cell.ts";
import { OutputCapture } from "./output-capture.ts";
import type { PassedLimit } from "./resource-watch.ts";
import type { CapturedOutput, ExecOptions, ExecOutcome, ExecResult } from "./sandbox.ts";
import { storeOutput } from "./sandbox-files.ts";

const defaultCaptureChars = 200_000;

/**
 * How long output may still arrive after a command has ended while something it left behind holds the pipe. What
 * is in the pipe by then is read; what comes later is read and dropped, so that writers never block or die of it.
 */
const lingerMs = 50;

/** What one command needs to know of its sandbox. */
export interface CommandContext {
  readonly cell: Cell;
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
  const memoryKillsBefore = await cell.memoryKills();
  const child = cell.spawn(argv, {
    cwd: options.cwd ?? cell.workspaceInside,
    env: { ...context.env, ...options.env },
  });
  const allowance = { remainingBytes: context.outputBytes };
  const captureChars = options.captureChars ?? defaultCaptureChars;
  const captures = (["stdout", "stderr"] as const).map((stream) => {
    const capture = new OutputCapture(
      captureChars,
      allowance,
      context.spoolFolder,
      `${context.name}.${stream}`,
    );
    const emit = (text: string) => text !== "" && options.onOutput?.({ stream, text });
    return { stream, capture, emit, end: collect(child[stream], capture, emit) };
  });

  const interruption = watchInterruptions(child, options, context);
  const ended = await waitForEnd(child, options.stdin);
  interruption.stop();
  const lingering = Promise.all(captures.map(({ end }) => end.closed));
  await Promise.race([lingering, delay(lingerMs)]);
  for (const { capture, emit, end } of captures) {
    end.detach();
    emit(capture.end());
  }

  const outcome = toOutcome(ended, interruption.cause(), (await cell.memoryKills()) > memoryKillsBefore);
  const [stdout, stderr] = await Promise.all(
    captures.map(({ stream, capture }) => finishCapture(cell, capture, `${context.name}.${stream}`)),
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

function waitForEnd(child: ChildProcess, stdin: string | Uint8Array | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    // The command may end or close its input before it has read all of it.
    child.stdin?.on("error", () => {});
    child.stdin?.end(stdin ?? "");
  });
}

/** Feeds a stream to its capture; `closed` settles when nobody holds the other end any more. */
function collect(stream: Readable | null, capture: OutputCapture, emit: (text: string) => void) {
  if (stream === null) return { closed: Promise.resolve(), detach: () => {} };
  const onData = (chunk: Uint8Array) => emit(capture.write(chunk));
  const closed = new Promise<void>((resolve) => {
    stream.once("close", resolve);
    stream.once("error", () => resolve());
  });
  stream.on("data", onData);
  const detach = () => {
    stream.off("data", onData);
    stream.resume();
    if ("unref" in stream && typeof stream.unref === "function") stream.unref();
  };
  return { closed, detach };
}

function watchInterruptions(child: ChildProcess, options: ExecOptions, context: CommandContext) {
  let cause: Interruption | null = null;
  const interrupt = (why: Interruption) => {
    cause ??= why;
    void context.cell.killTree(child);
  };
  const onAbort = () => interrupt("cancel");
  const timer = setTimeout(() => interrupt("timeout"), options.timeoutMs);
  const stopListening = context.onLimit(interrupt);
  if (options.signal?.aborted === true) onAbort();
  else options.signal?.addEventListener("abort", onAbort, { once: true });
  return {
    cause: () => cause,
    stop: () => {
      clearTimeout(timer);
      stopListening();
      options.signal?.removeEventListener("abort", onAbort);
    },
  };
}

function toOutcome(ended: Ended, cause: Interruption | null, memoryRanOut: boolean): ExecOutcome {
  if (cause === "timeout") return { status: "timed-out", exitCode: 124 };
  if (cause === "cancel") return { status: "cancelled" };
  if (cause !== null) return { status: "limit-exceeded", limit: cause };
  const wasKilled = ended.signal === "SIGKILL" || ended.exitCode === 137;
  if (wasKilled && memoryRanOut) return { status: "limit-exceeded", limit: "memory" };
  if (ended.signal !== null) return { status: "signaled", signal: ended.signal };
  return { status: "exited", exitCode: ended.exitCode ?? 0 };
}

/** Puts an output that was cut into a file inside, where the command's author can look at it. */
async function finishCapture(cell: Cell, capture: OutputCapture, name: string): Promise<CapturedOutput> {
  const spooled = capture.spooledPath;
  const stored =
    spooled === null || cell.lost !== null ? null : await storeOutput(cell, name, createReadStream(spooled));
  capture.discard();
  return capture.toCaptured(stored);
}
