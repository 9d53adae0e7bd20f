import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { freezeBySignals } from "./process-control.ts";
import { listHostPids, readProcess, sendSignal } from "./process-table.ts";

const missing = existsSync("/usr/bin/perl") && process.arch === "x64" ? "" : " (skipped: needs perl on x64)";

test.skipIf(missing !== "")(
  `freezing by signals ends though a parent waits in vfork${missing}`,
  async () => {
    // 58 is vfork; the child pauses (34), and its parent sleeps uninterruptibly until it ends.
    const parent = spawn("/usr/bin/perl", ["-e", "if (syscall(58) == 0) { syscall(34); syscall(60, 0) }"]);
    const family = () =>
      listHostPids().flatMap((pid) => {
        const record = readProcess(pid);
        const isOurs = record !== null && (pid === parent.pid || record.parentHostPid === parent.pid);
        return isOurs && record.state !== "Z" ? [record] : [];
      });
    try {
      while (family().length < 2) await delay(5);
      expect((await freezeBySignals(family)).toSorted()).toEqual(
        family()
          .map(({ hostPid }) => hostPid)
          .toSorted(),
      );
    } finally {
      for (const { hostPid } of family()) sendSignal(hostPid, "SIGKILL");
      await once(parent, "exit");
    }
  },
  30_000,
);
