import { setTimeout as delay } from "node:timers/promises";
import { descendantsOf, type KnownProcess, stillAlive } from "../command-line/process-tree.ts";
import type { StartedRebench } from "../command-line/rebench.ts";
import { findOnlyRun, readWholeLines } from "../command-line/run-folder.ts";

/** When to kill: so long after the log holds so many lines (0: after the start of the program). */
export interface Moment {
  readonly lines: number;
  readonly delayMs: number;
}

/** What was there when the harness died. */
export interface Death {
  /** False when the program had ended before the moment came. */
  readonly wasKilled: boolean;
  /** Whole lines of the log that somebody outside had read by then: acknowledged for certain. */
  readonly seen: string;
  /** What the program had printed for people by then. */
  readonly printed: string;
  /** Processes that ran in the harness's sandboxes: the agent's and, during a scoring, the judge's. */
  readonly sandboxed: readonly KnownProcess[];
  /** Milliseconds until all of them were gone. */
  readonly goneAfterMs: number;
  /** Those that were not gone after ten seconds. */
  readonly survivors: readonly KnownProcess[];
}

/** Watches a run's log and kills the harness, and nothing but the harness, at a moment. */
export async function killAt(harness: StartedRebench, runs: string, moment: Moment): Promise<Death> {
  let seen = "";
  let ended = false;
  void harness.ended.then(() => {
    ended = true;
  });
  const look = (): number => {
    const run = findOnlyRun(runs);
    if (run !== null) seen = readWholeLines(run);
    return countLines(seen);
  };
  const linesBefore = moment.lines === 0 ? 0 : look();
  while (!ended && moment.lines > 0 && look() < linesBefore + moment.lines) await delay(2);
  const until = performance.now() + moment.delayMs;
  while (!ended && performance.now() < until) {
    await delay(Math.min(2, until - performance.now()));
    look();
  }
  const wasKilled = !ended;
  // Stopped first, so that what it has started can be listed without a race; it never runs again.
  if (wasKilled) process.kill(harness.pid, "SIGSTOP");
  const sandboxed = wasKilled ? descendantsOf(harness.pid).filter((process) => process.isSandboxed) : [];
  const printed = harness.stderr();
  if (wasKilled) process.kill(harness.pid, "SIGKILL");
  const killedAt = performance.now();
  await harness.ended;
  let survivors = stillAlive(sandboxed);
  while (survivors.length > 0 && performance.now() - killedAt < 10_000) {
    await delay(10);
    survivors = stillAlive(survivors);
  }
  return { wasKilled, seen, printed, sandboxed, survivors, goneAfterMs: performance.now() - killedAt };
}

export function countLines(text: string): number {
  return text.split("\n").length - 1;
}
