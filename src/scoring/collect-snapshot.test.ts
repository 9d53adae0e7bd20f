import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collectSnapshot } from "./collect-snapshot.ts";
import { openSnapshotStore } from "./snapshot-store.ts";
import type { SnapshotLimits } from "./workspace-walk.ts";

const limits: SnapshotLimits = {
  sizeBytes: 1 << 24,
  files: 1_000,
  visited: 5_000,
  depth: 16,
  pathBytes: 512,
};

let root: string;
let workspace: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "snapshot-"));
  workspace = join(root, "workspace");
  mkdirSync(workspace);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, content: string | Buffer = path): void {
  mkdirSync(join(workspace, path, ".."), { recursive: true });
  writeFileSync(join(workspace, path), content);
}

async function collect(changed: Partial<SnapshotLimits> = {}, signal?: AbortSignal) {
  const store = openSnapshotStore(join(root, "store"));
  const collected = await collectSnapshot(workspace, store, { ...limits, ...changed }, signal);
  return { ...collected, store, manifest: await store.readManifest(collected.snapshot.treeSha256) };
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function openDescriptors(): number {
  return readdirSync("/proc/self/fd").length;
}

describe("collectSnapshot", () => {
  test("lists every regular file with mode, size and hash in byte order of the paths", async () => {
    put("b.py");
    put("a/é.txt", "ü");
    put("a/run.sh", "#!");
    chmodSync(join(workspace, "a/run.sh"), 0o4755);
    put("empty", "");
    const { manifest, snapshot } = await collect();
    expect(manifest.entries).toEqual([
      { path: "a/run.sh", mode: "755", sizeBytes: 2, sha256: sha256("#!") },
      { path: "a/é.txt", mode: "644", sizeBytes: 2, sha256: sha256("ü") },
      { path: "b.py", mode: "644", sizeBytes: 4, sha256: sha256("b.py") },
      { path: "empty", mode: "644", sizeBytes: 0, sha256: sha256("") },
    ]);
    expect(snapshot).toMatchObject({ files: 4, sizeBytes: 8 });
  });

  test("the same files give the same hash whatever their times, order and empty folders", async () => {
    put("a");
    put("b");
    const first = await collect();
    rmSync(workspace, { recursive: true });
    put("b");
    put("a");
    mkdirSync(join(workspace, "empty"));
    expect((await collect()).snapshot).toEqual(first.snapshot);
  });

  test("a renamed file, another mode or another byte changes the hash", async () => {
    put("a", "1");
    const hashes = [(await collect()).snapshot.treeSha256];
    chmodSync(join(workspace, "a"), 0o755);
    hashes.push((await collect()).snapshot.treeSha256);
    put("a", "2");
    hashes.push((await collect()).snapshot.treeSha256);
    rmSync(join(workspace, "a"));
    put("c", "2");
    hashes.push((await collect()).snapshot.treeSha256);
    expect(new Set(hashes).size).toBe(4);
  });

  test("an empty workspace is an empty snapshot", async () => {
    expect((await collect()).snapshot).toMatchObject({ files: 0, sizeBytes: 0 });
  });

  test("links are left out: to a host file, to a host folder, dangling, in a loop", async () => {
    put("solution.py");
    symlinkSync("/etc/passwd", join(workspace, "passwd"));
    symlinkSync("/etc", join(workspace, "etc"));
    symlinkSync("nowhere", join(workspace, "dangling"));
    symlinkSync("loop", join(workspace, "loop"));
    symlinkSync(".", join(workspace, "self"));
    const { manifest } = await collect();
    expect(manifest.entries.map(({ path }) => path)).toEqual(["solution.py"]);
    expect(manifest.leftOut).toEqual(
      ["dangling", "etc", "loop", "passwd", "self"].map((path) => ({ path, reason: "symbolic-link" })),
    );
  });

  test("a FIFO and a socket are left out without waiting on them", async () => {
    put("solution.py");
    execFileSync("mkfifo", [join(workspace, "pipe")]);
    const server = createServer().listen(join(workspace, "socket"));
    await new Promise((listening) => server.once("listening", listening));
    const { manifest } = await collect();
    server.close();
    expect(manifest.entries).toHaveLength(1);
    expect(manifest.leftOut).toEqual([
      { path: "pipe", reason: "fifo" },
      { path: "socket", reason: "socket" },
    ]);
  });

  test.skipIf(process.getuid?.() !== 0)("a device is left out unread (only root can make one)", async () => {
    execFileSync("mknod", [join(workspace, "zero"), "c", "1", "5"]);
    expect((await collect()).manifest.leftOut).toEqual([{ path: "zero", reason: "device" }]);
  });

  test("a hard link is a file like any other", async () => {
    put("a", "same");
    linkSync(join(workspace, "a"), join(workspace, "b"));
    expect((await collect()).snapshot).toMatchObject({ files: 2, sizeBytes: 8 });
  });

  test("bytecode caches and version control are left out at any depth, files of such names are not", async () => {
    put("pkg/__pycache__/solution.cpython-312.pyc");
    put(".git/config");
    put("sub/.git", "gitdir: elsewhere");
    const { manifest } = await collect();
    expect(manifest.entries.map(({ path }) => path)).toEqual(["sub/.git"]);
    expect(manifest.leftOut).toEqual([
      { path: ".git", reason: "cache" },
      { path: "pkg/__pycache__", reason: "cache" },
    ]);
  });

  test("what the owner cannot read is left out, for root as for anybody", async () => {
    put("secret");
    chmodSync(join(workspace, "secret"), 0o000);
    put("closed/inside");
    chmodSync(join(workspace, "closed"), 0o000);
    const { manifest } = await collect();
    chmodSync(join(workspace, "closed"), 0o755);
    expect(manifest.entries).toEqual([]);
    expect(manifest.leftOut.map(({ reason }) => reason)).toEqual(["unreadable", "unreadable"]);
  });

  test("a workspace that its owner closed is empty, for root as for anybody", async () => {
    put("solution.py");
    chmodSync(workspace, 0o000);
    const { manifest } = await collect();
    chmodSync(workspace, 0o755);
    expect(manifest.entries).toEqual([]);
    expect(manifest.leftOut).toEqual([{ path: ".", reason: "unreadable" }]);
  });

  test("a file under a lease is left out without waiting for it", async () => {
    put("solution.py");
    const script =
      "import fcntl, sys, time; file = open(sys.argv[1], 'r+'); " +
      "fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK); print('held', flush=True); time.sleep(60)";
    const holder = spawn("python3", ["-c", script, join(workspace, "solution.py")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      expect(`${(await once(holder.stdout, "data"))[0]}`).toContain("held");
      const { manifest } = await collect();
      expect(manifest.leftOut).toEqual([{ path: "solution.py", reason: "unreadable" }]);
    } finally {
      holder.kill("SIGKILL");
    }
  });

  test("names with control characters, backslashes or bytes that are no UTF-8 are left out and escaped", async () => {
    put("line\nbreak");
    put("back\\slash");
    put("\u001b[2J");
    writeFileSync(Buffer.concat([Buffer.from(`${workspace}/`), Buffer.from([0x61, 0xff])]), "x");
    const { manifest } = await collect();
    expect(manifest.entries).toEqual([]);
    expect(manifest.leftOut.map(({ path }) => path)).toEqual([
      "\\u{1b}[2J",
      "a\\xff",
      "back\\u{5c}slash",
      "line\\u{a}break",
    ]);
  });

  test("a manifest names 100 of the things left out and counts the rest", async () => {
    for (let index = 0; index < 150; index += 1) symlinkSync("x", join(workspace, `link-${index}`));
    const { manifest } = await collect();
    expect(manifest.leftOut).toHaveLength(100);
    expect(manifest.leftOutCount).toBe(150);
  });

  test("a sparse terabyte is refused by name and never read", async () => {
    put("solution.py");
    put("huge.bin", "");
    truncateSync(join(workspace, "huge.bin"), 2 ** 40);
    const { refusal, snapshot, store } = await collect();
    expect(refusal?.reason).toBe("snapshot-too-large");
    expect(refusal?.message).toContain("huge.bin (1.0 TiB)");
    expect(snapshot).toMatchObject({ files: 0, sizeBytes: 0 });
    expect(readdirSync(store.directory)).toEqual(["manifests"]);
  });

  test("a file exactly at the size cap is collected, one byte more is refused", async () => {
    put("a", Buffer.alloc(3 << 20, 7));
    expect((await collect({ sizeBytes: 3 << 20 })).refusal).toBeNull();
    expect((await collect({ sizeBytes: (3 << 20) - 1 })).refusal?.reason).toBe("snapshot-too-large");
  });

  test("twenty thousand files are refused after the first few", async () => {
    execFileSync("python3", [
      "-c",
      "import os, sys\nfor i in range(20_000): os.close(os.open(f'{sys.argv[1]}/{i}', os.O_CREAT))",
      workspace,
    ]);
    const { refusal } = await collect({ files: 50 });
    expect(refusal).toMatchObject({ reason: "snapshot-too-many-files" });
    expect(refusal?.message).toContain("more than 50 files");
  });

  test("things that are no files count as visited", async () => {
    for (let index = 0; index < 30; index += 1) mkdirSync(join(workspace, `folder-${index}`));
    expect((await collect({ visited: 29 })).refusal?.reason).toBe("snapshot-too-many-files");
    expect((await collect({ visited: 30 })).refusal).toBeNull();
  });

  test("a depth bomb is refused and leaves no descriptor open", async () => {
    const before = openDescriptors();
    execFileSync("python3", [
      "-c",
      "import os, sys\nos.chdir(sys.argv[1])\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')",
      workspace,
    ]);
    expect((await collect()).refusal?.reason).toBe("snapshot-too-deep");
    expect(openDescriptors()).toBe(before);
    execFileSync("rm", ["-rf", workspace]);
  });

  test("depth counts the folders above a file", async () => {
    put("1/2/3/file");
    expect((await collect({ depth: 3 })).refusal).toBeNull();
    expect((await collect({ depth: 2 })).refusal?.reason).toBe("snapshot-too-deep");
  });

  test("a path beyond the cap is refused", async () => {
    put(`${"n".repeat(100)}/${"m".repeat(100)}`);
    expect((await collect({ pathBytes: 201 })).refusal).toBeNull();
    expect((await collect({ pathBytes: 200 })).refusal?.reason).toBe("snapshot-path-too-long");
  });

  test("files that are written to all the while are stored under the hash of what was read", async () => {
    const writer = execFileSync("sh", [
      "-c",
      `python3 -c "
import os, sys
path = sys.argv[1]
for n in range(10**9):
    with open(path, 'r+b' if n else 'wb') as f:
        f.write(bytes([n % 256]) * 3_000_000)
" ${join(workspace, "busy.bin")} >/dev/null 2>&1 & echo $!`,
    ])
      .toString()
      .trim();
    try {
      for (let round = 0; round < 5; round += 1) {
        const { snapshot, store } = await collect();
        await store.verify(snapshot.treeSha256);
      }
    } finally {
      process.kill(Number(writer), "SIGKILL");
    }
  });

  test("a workspace that is not there is SNAPSHOT_STORAGE_FAILED with its place", async () => {
    rmSync(workspace, { recursive: true });
    await expect(collect()).rejects.toMatchObject({
      code: "SNAPSHOT_STORAGE_FAILED",
      message: expect.stringContaining(workspace),
    });
  });

  test("an aborted collection rejects with the reason and stores no manifest", async () => {
    put("a");
    await expect(collect({}, AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
    expect(readdirSync(root)).toEqual(["workspace"]);
  });
});
