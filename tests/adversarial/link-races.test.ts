import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { collectSnapshot, openSnapshotStore } from "../../src/scoring/index.ts";
import { openHost } from "./open-host.ts";

/** As long as what it takes the place of, so that no cap on sizes keeps it out. */
const secret = "secret";
const secretSha256 = createHash("sha256").update(secret).digest("hex");

/** Exchanges a file and a link, and a folder and a link, as fast as it can: each name always leads somewhere. */
const swapper = (outside: string) => `
import ctypes, itertools, os
AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None, use_errno=True)
def exchange(one, other):
    if libc.renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) != 0:
        raise OSError(ctypes.get_errno(), "renameat2")
open("solution.py", "w").write("honest")
os.symlink("${outside}/secret.txt", "other.py")
os.mkdir("folder")
open("folder/secret.txt", "w").write("honest")
os.symlink("${outside}", "other")
for round in itertools.count():
    exchange(b"solution.py", b"other.py")
    exchange(b"folder", b"other")
    if round == 100: print("ready", flush=True)
`;

test("links that come and go under the collector never lead it out of the workspace", async () => {
  const host = await openHost();
  const root = await mkdtemp(join(tmpdir(), "rebench-race-"));
  try {
    // Everybody may read it, so that nothing but the collector's care keeps it out.
    await chmod(root, 0o755);
    const [workspace, outside] = [join(root, "workspace"), join(root, "outside")];
    for (const path of [workspace, outside]) await mkdir(path);
    await writeFile(join(outside, "secret.txt"), secret);
    await using sandbox = await host.drivers.bubblewrap.openSandbox({
      workspace,
      mounts: [],
      env: { PATH: "/usr/bin:/bin" },
      network: "none",
      limits: {
        memoryBytes: 2 ** 28,
        processes: 100,
        cpuCores: 1,
        diskBytes: 2 ** 28,
        openFiles: 100,
        outputBytes: 2 ** 20,
      },
      devices: [],
    });
    const started = Promise.withResolvers<void>();
    const controller = new AbortController();
    const swapping = sandbox.exec(["python3", "-I", "-c", swapper(outside)], {
      timeoutMs: 300_000,
      signal: controller.signal,
      onOutput: () => started.resolve(),
    });
    await Promise.race([started.promise, swapping]);

    const store = openSnapshotStore(join(root, "store"));
    const met = new Set<string>();
    const limits = { sizeBytes: 2 ** 20, files: 100, visited: 100, depth: 8, pathBytes: 100 };
    const places = [
      "solution.py file",
      "solution.py symbolic-link",
      "folder symbolic-link",
      "folder/secret.txt file",
    ];
    for (let round = 0; round < 500 || !places.every((place) => met.has(place)); round += 1) {
      const { snapshot, leftOut } = await collectSnapshot(sandbox.workspaceOnHost, store, limits);
      for (const { path, sha256 } of (await store.readManifest(snapshot.treeSha256)).entries) {
        expect(sha256, path).not.toBe(secretSha256);
        met.add(`${path} file`);
      }
      for (const { path, reason } of leftOut) met.add(`${path} ${reason}`);
    }
    controller.abort();
    await swapping;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
