import { statfs } from "node:fs/promises";
import { runProgram } from "./run-program.ts";
import { systemPath } from "./shell-words.ts";

/** Which limit was passed. */
export type PassedLimit = "memory" | "disk";

/** What is watched, twice a second. */
export interface WatchRequest {
  readonly workspace: string;
  readonly diskBytes: number;
  readonly memoryBytes: number;
  /** Memory in use now; null when something stronger limits it. */
  readonly readMemoryBytes: () => number | null;
  readonly onPassed: (limit: PassedLimit) => Promise<void>;
}

const intervalMs = 500;
/** A walk happens at least this often, whatever the file system's own count says. */
const walkEveryMs = 60_000;

/**
 * Watches the limits that nothing in the kernel holds. Disk use is known exactly only by walking the workspace, so
 * it is walked only when its file system has lost as much space as was left under the limit at the last walk.
 */
export function watchResources(request: WatchRequest): { stop(): void } {
  let lastWalk = { atMs: 0, usedBytes: request.diskBytes, fileSystemBytes: 0 };
  // After a kill the workspace may still be over the limit: commands that only delete must be able to run.
  let allowedBytes = request.diskBytes;
  let busy = false;

  const look = async () => {
    const memory = request.readMemoryBytes();
    if (memory !== null && memory > request.memoryBytes) await request.onPassed("memory");

    const fileSystem = await statfs(request.workspace);
    const fileSystemBytes = (fileSystem.blocks - fileSystem.bfree) * fileSystem.bsize;
    const grownBytes = fileSystemBytes - lastWalk.fileSystemBytes;
    const nowMs = performance.now();
    const isDue = lastWalk.atMs === 0 || nowMs - lastWalk.atMs > walkEveryMs;
    if (!isDue && lastWalk.usedBytes + grownBytes <= allowedBytes) return;
    let usedBytes = await diskUsage(request.workspace);
    if (usedBytes > allowedBytes) {
      await request.onPassed("disk");
      usedBytes = await diskUsage(request.workspace);
    }
    lastWalk = { atMs: nowMs, usedBytes, fileSystemBytes };
    allowedBytes = Math.max(request.diskBytes, usedBytes);
  };

  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    look()
      .catch(() => {
        // The workspace is gone or the sandbox closes; the next look, if there is one, will tell.
      })
      .finally(() => {
        busy = false;
      });
  }, intervalMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Bytes allocated below a folder, as `du` counts them: no links followed, one file system, holes not counted. */
async function diskUsage(folder: string): Promise<number> {
  const words = ["du", "-s", "-x", "--block-size=1", "--", folder];
  const { stdout, stderr } = await runProgram("nice", words, {
    env: { PATH: systemPath, LC_ALL: "C" },
    cwd: "/",
  });
  // `du` complains about what vanishes while it walks; the sum is still the last line.
  const usedBytes = Number.parseInt(stdout, 10);
  if (!Number.isFinite(usedBytes)) throw new Error(`du: ${stderr}`);
  return usedBytes;
}
