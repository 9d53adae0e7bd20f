import type { ChildProcess } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import {
  descendantsOf,
  isFullyStopped,
  listHostPids,
  type ProcessRecord,
  readProcess,
  sendSignal,
} from "./process-table.ts";

/** True when a process of ours is over, by itself or by a signal. */
export function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/**
 * Kills everything below a process that waits for a command, until that process ends by itself. Each generation is
 * stopped before its children are listed, so nothing forks away; what the command had detached to the sandbox's
 * first process is not below it any more and goes on.
 *
 * @param includeWaiter - true when the process is the command itself
 */
export async function killTree(waiter: ChildProcess, includeWaiter = false): Promise<void> {
  const pid = waiter.pid;
  if (pid === undefined) return;
  const ended = new Promise<void>((resolve) => {
    if (hasEnded(waiter)) resolve();
    else waiter.once("exit", () => resolve());
  });
  // More than one round: the waiter may not have started the command yet.
  while (!hasEnded(waiter)) {
    if (includeWaiter) sendSignal(pid, "SIGSTOP");
    const stopped = new Set<number>();
    for (;;) {
      const fresh = descendantsOf(pid, readHostTable()).filter((record) => !stopped.has(record.hostPid));
      if (fresh.length === 0) break;
      for (const { hostPid } of fresh) {
        sendSignal(hostPid, "SIGSTOP");
        stopped.add(hostPid);
      }
    }
    for (const hostPid of stopped) sendSignal(hostPid, "SIGKILL");
    if (includeWaiter) sendSignal(pid, "SIGKILL");
    // A waiting `nsenter` stops along with the command it waits for.
    else sendSignal(pid, "SIGCONT");
    await Promise.race([ended, delay(10)]);
  }
}

/** After so many scans a process in uninterruptible sleep that was told to stop counts as stopped: a second or two. */
const patientScans = 1_000;

/**
 * Stops every process, again and again until two scans in a row find nothing that runs.
 *
 * A parent that waits in `vfork` for a stopped child never shows as stopped. With the signal pending it cannot run its
 * own program again either, and what a disk write does for it is over after a while.
 *
 * @returns the pids that were running before, for {@link thawBySignals}
 */
export async function freezeBySignals(list: () => readonly ProcessRecord[]): Promise<number[]> {
  const stopped = new Set<number>();
  let quietScans = 0;
  for (let scans = 0; quietScans < 2; scans += 1) {
    const isStill = (pid: number) => isFullyStopped(pid, scans > patientScans && stopped.has(pid));
    const running = list().filter(({ hostPid }) => !isStill(hostPid));
    for (const { hostPid } of running) {
      sendSignal(hostPid, "SIGSTOP");
      stopped.add(hostPid);
    }
    quietScans = running.length === 0 ? quietScans + 1 : 0;
    await delay(running.length === 0 ? 0 : 1);
  }
  return [...stopped];
}

/** Continues processes, the youngest first, so that a parent does not run before what it waits for. */
export function thawBySignals(hostPids: readonly number[]): void {
  for (const hostPid of [...hostPids].reverse()) sendSignal(hostPid, "SIGCONT");
}

function readHostTable(): ProcessRecord[] {
  return listHostPids().flatMap((pid) => readProcess(pid) ?? []);
}
