import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

const repository = join(import.meta.dirname, "..", "..");

/** The real program at work. */
export interface StartedRebench {
  readonly child: ChildProcess;
  readonly pid: number;
  /** What it has printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when it has ended and its pipes are closed; never rejects. */
  readonly ended: Promise<EndedRebench>;
}

export interface EndedRebench {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Starts `rebench` as a person would, with the environments of `tests/fixtures` beside the built-in ones, in a
 * process group of its own: a signal to the group is what Ctrl-C in a terminal is.
 */
export function startRebench(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedRebench {
  const child = spawn(process.execPath, [join(repository, "bin", "rebench.js"), ...words], {
    env: {
      ...process.env,
      REBENCH_ENVIRONMENTS: join(repository, "tests", "fixtures", "environments"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<EndedRebench>((resolve) => {
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, stdout, stderr }));
  });
  if (child.pid === undefined) throw new Error("rebench could not be started");
  return { child, pid: child.pid, stdout: () => stdout, stderr: () => stderr, ended };
}

/** Runs `rebench` to its end. */
export function runRebench(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<EndedRebench> {
  return startRebench(words, env).ended;
}

/** Words that start a run of the test environment with the scripted model over HTTP. */
export function modularRun(options: {
  readonly baseUrl: string;
  readonly runs: string;
  readonly time?: string;
  readonly more?: readonly string[];
}): readonly string[] {
  return [
    ...["run", "quick", "--agent", "modular", "--model", "openai-compatible/scripted"],
    ...["--base-url", options.baseUrl, "--runs", options.runs, "--time", options.time ?? "2m"],
    ...(options.more ?? []),
  ];
}
