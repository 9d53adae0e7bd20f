import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runRebench, startRebench } from "../command-line/rebench.ts";
import { findOnlyRun, firstEvent, onlyRun } from "../command-line/run-folder.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { expectOneError, expectOneJsonError } from "./expect-error.ts";
import { hashFolder } from "./hash-folder.ts";

const canMount = tryMount();

/** All that a run leaves. */
const parts = ["blobs", "events.jsonl", "run.json", "snapshots", "workspace"];

describe(`a disk of our own${canMount ? "" : " (left out: mounting needs root)"}`, () => {
  // So little that the run cannot be made, and so much that it fails in a scoring, an event or a text of its own.
  test.skipIf(!canMount).each([1, 3, 8, 14, 20])(
    "full after %i more pages ends in one error, and the run goes on once there is room",
    async (pages) => {
      await using disk = await openDisk();
      const ballast = join(disk.path, "ballast");
      fill(ballast, statfsSync(disk.path).bavail - pages);
      const runs = join(disk.path, "runs");
      const full = await runRebench(["run", "quick", "--agent", "tweak", "--time", "60s", "--runs", runs]);
      const run = findOnlyRun(runs);
      const code = /^error (\w+):/m.exec(full.stderr)?.[1] ?? "none";
      expect(["RUN_NOT_CREATED", "RUN_UNWRITABLE", "SNAPSHOT_STORAGE_FAILED"], full.stderr).toContain(code);
      expectOneError(full, { exitCode: 3, code, says: [disk.path, "ENOSPC"], remedy: "free disk space" });
      rmSync(ballast);
      if (run === null) {
        expect(code).toBe("RUN_NOT_CREATED");
        expect(readdirSync(runs)).toEqual([]);
        return;
      }
      const resumed = await runRebench(["resume", run]);
      expect(resumed.exitCode, resumed.stderr).toBe(0);
      expect(readdirSync(run).filter((name) => !parts.includes(name))).toEqual([]);
      const verified = await runRebench(["verify", run]);
      expect(verified.exitCode, verified.stdout).toBe(0);
    },
  );

  test.skipIf(!canMount)(
    "that is read-only refuses new runs and old ones, and shows what is there",
    async () => {
      await using disk = await openDisk();
      const first = startRebench(["run", "quick", "--agent", "tweak", "--time", "60s", "--runs", disk.path]);
      await firstEvent(disk.path, "clock-started");
      process.kill(first.pid, "SIGINT");
      expect((await first.ended).exitCode).toBe(130);
      const run = onlyRun(disk.path);
      const before = hashFolder(disk.path);
      execFileSync("mount", ["-o", "remount,ro", disk.path]);

      const fresh = await runRebench(["run", "quick", "--agent", "tweak", "--runs", disk.path, "--json"]);
      const remedy = "folder around it writable";
      expectOneJsonError(fresh, { exitCode: 3, code: "RUN_NOT_CREATED", says: [disk.path, "EROFS"], remedy });
      const resumed = await runRebench(["resume", run, "--json"]);
      const says = [run, "EROFS"];
      expectOneJsonError(resumed, { exitCode: 3, code: "RUN_UNWRITABLE", says, remedy: "rebench resume" });
      for (const reader of ["show-run", "log", "verify"]) {
        expect((await runRebench([reader, run])).exitCode, reader).toBe(0);
      }
      expect(hashFolder(disk.path)).toBe(before);

      execFileSync("mount", ["-o", "remount,rw", disk.path]);
      expect((await runRebench(["resume", run])).exitCode).toBe(0);
      expect((await runRebench(["verify", run])).exitCode).toBe(0);
    },
  );
});

/** A file system of two megabytes in memory. */
async function openDisk(): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await openTemporaryFolder();
  mountDisk(folder.path);
  return {
    path: folder.path,
    async [Symbol.asyncDispose]() {
      execFileSync("umount", ["--lazy", folder.path]);
      await folder[Symbol.asyncDispose]();
    },
  };
}

function mountDisk(path: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m,mode=755", "rebench-test", path], { stdio: "pipe" });
}

function fill(file: string, pages: number): void {
  writeFileSync(file, Buffer.alloc(pages * 4_096));
}

function tryMount(): boolean {
  const path = mkdtempSync(join(tmpdir(), "rebench-mount-"));
  try {
    mountDisk(path);
    execFileSync("umount", [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(path, { recursive: true });
  }
}
