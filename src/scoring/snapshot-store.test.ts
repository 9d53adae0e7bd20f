import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { collectSnapshot } from "./collect-snapshot.ts";
import { type SnapshotManifest, toManifestBytes, toSnapshotRef } from "./snapshot-manifest.ts";
import { openSnapshotStore, type SnapshotStore } from "./snapshot-store.ts";

const limits = { sizeBytes: 1 << 24, files: 100, visited: 1_000, depth: 16, pathBytes: 512 };

let root: string;
let store: SnapshotStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "store-"));
  store = openSnapshotStore(join(root, "store"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function snapshot(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const workspace = mkdtempSync(join(root, "workspace-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(workspace, path, ".."), { recursive: true });
    writeFileSync(join(workspace, path), content);
  }
  return (await collectSnapshot(workspace, store, limits)).snapshot.treeSha256;
}

function target(): string {
  return mkdtempSync(join(root, "target-"));
}

function objects(): readonly string[] {
  const folder = join(store.directory, "objects");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((found) => found.isFile())
    .map((found) => join(found.parentPath, found.name));
}

/** Puts a manifest into the store without asking it. */
function plant(manifest: SnapshotManifest): string {
  const { treeSha256 } = toSnapshotRef(manifest);
  mkdirSync(join(store.directory, "manifests"), { recursive: true });
  writeFileSync(join(store.directory, "manifests", `${treeSha256}.json`), toManifestBytes(manifest));
  return treeSha256;
}

const emptyManifest: SnapshotManifest = {
  schemaVersion: 1,
  refusal: null,
  entries: [],
  leftOut: [],
  leftOutCount: 0,
};

describe("SnapshotStore", () => {
  test("materialize gives back every byte and the executable bit", async () => {
    const big = Buffer.alloc(2_500_000, "abc");
    const workspace = mkdtempSync(join(root, "workspace-"));
    writeFileSync(join(workspace, "big"), big);
    mkdirSync(join(workspace, "bin"));
    writeFileSync(join(workspace, "bin/tool"), "#!");
    chmodSync(join(workspace, "bin/tool"), 0o700);
    const { snapshot } = await collectSnapshot(workspace, store, limits);
    const copy = target();
    await store.materialize(snapshot.treeSha256, copy);
    expect(readFileSync(join(copy, "big")).equals(big)).toBe(true);
    expect(statSync(join(copy, "bin/tool")).mode & 0o777).toBe(0o755);
    expect(statSync(join(copy, "big")).mode & 0o777).toBe(0o644);
    expect((await collectSnapshot(copy, store, limits)).snapshot).toEqual(snapshot);
  });

  test("equal contents are stored once, read-only, in one snapshot and across them", async () => {
    await snapshot({ a: "same", b: "same" });
    await snapshot({ c: "same" });
    expect(objects()).toHaveLength(1);
    expect(statSync(objects()[0] ?? "").mode & 0o777).toBe(0o444);
  });

  test("a changed byte is SNAPSHOT_CORRUPT and names the file", async () => {
    const tree = await snapshot({ "model.bin": "weights" });
    const [object = ""] = objects();
    chmodSync(object, 0o644);
    writeFileSync(object, "WEIGHTS");
    for (const attempt of [() => store.materialize(tree, target()), () => store.verify(tree)]) {
      await expect(attempt()).rejects.toMatchObject({
        code: "SNAPSHOT_CORRUPT",
        message: expect.stringContaining("model.bin"),
      });
    }
  });

  test.each([
    ["torn", (object: string) => truncateSync(object, 3)],
    ["grown", (object: string) => writeFileSync(object, "weights and more")],
    ["missing", (object: string) => rmSync(object)],
    [
      "replaced by a link",
      (object: string) => {
        rmSync(object);
        symlinkSync("/etc/passwd", object);
      },
    ],
    [
      "replaced by a FIFO",
      (object: string) => {
        rmSync(object);
        execFileSync("mkfifo", [object]);
      },
    ],
  ])("an object that is %s is SNAPSHOT_CORRUPT", async (_how, damage) => {
    const tree = await snapshot({ a: "weights" });
    const [object = ""] = objects();
    chmodSync(object, 0o644);
    damage(object);
    await expect(store.materialize(tree, target())).rejects.toMatchObject({ code: "SNAPSHOT_CORRUPT" });
  });

  test("a torn object is repaired by the next snapshot of the same content", async () => {
    await snapshot({ a: "weights" });
    chmodSync(objects()[0] ?? "", 0o644);
    truncateSync(objects()[0] ?? "", 3);
    await store.verify(await snapshot({ a: "weights" }));
  });

  test("a manifest that was edited is SNAPSHOT_CORRUPT", async () => {
    const tree = await snapshot({ a: "weights" });
    const path = join(store.directory, "manifests", `${tree}.json`);
    chmodSync(path, 0o644);
    writeFileSync(path, readFileSync(path, "utf8").replace('"a"', '"b"'));
    await expect(store.readManifest(tree)).rejects.toMatchObject({ code: "SNAPSHOT_CORRUPT" });
  });

  test.each(["../../escape", "/etc/escape", "a/../../escape", "a//b", "a\\b", "line\nbreak", ""])(
    "a stranger's manifest with the path %j is SNAPSHOT_CORRUPT and writes nothing",
    async (path) => {
      const sha256 = "0".repeat(64);
      const tree = plant({ ...emptyManifest, entries: [{ path, mode: "644", sizeBytes: 0, sha256 }] });
      const copy = target();
      await expect(store.materialize(tree, copy)).rejects.toMatchObject({ code: "SNAPSHOT_CORRUPT" });
      expect(readdirSync(copy)).toEqual([]);
    },
  );

  test("a stranger's manifest in which a file is also a folder, or out of order, is SNAPSHOT_CORRUPT", async () => {
    const file = { mode: "644", sizeBytes: 0, sha256: "0".repeat(64) } as const;
    for (const paths of [
      ["a", "a/b"],
      ["b", "a"],
      ["a", "a"],
    ]) {
      const tree = plant({ ...emptyManifest, entries: paths.map((path) => ({ path, ...file })) });
      await expect(store.readManifest(tree)).rejects.toMatchObject({ code: "SNAPSHOT_CORRUPT" });
    }
  });

  test("an unknown snapshot, or a name that is no hash, is SNAPSHOT_MISSING", async () => {
    for (const name of ["f".repeat(64), "../objects", ""]) {
      await expect(store.readManifest(name)).rejects.toMatchObject({ code: "SNAPSHOT_MISSING" });
      await expect(store.keepsContent(name)).rejects.toMatchObject({ code: "SNAPSHOT_MISSING" });
    }
  });

  test("drop lets go of what no other snapshot names and keeps the manifest", async () => {
    const first = await snapshot({ shared: "shared", own: "own" });
    const second = await snapshot({ shared: "shared" });
    await store.drop(first);
    expect(objects()).toHaveLength(1);
    await store.verify(second);
    expect((await store.readManifest(first)).entries).toHaveLength(2);
    expect([await store.keepsContent(first), await store.keepsContent(second)]).toEqual([false, true]);
    await expect(store.materialize(first, target())).rejects.toMatchObject({ code: "SNAPSHOT_DROPPED" });
  });

  test("taking a dropped snapshot again brings its content back", async () => {
    const tree = await snapshot({ a: "a" });
    await store.drop(tree);
    await snapshot({ a: "a" });
    expect(await store.keepsContent(tree)).toBe(true);
    await store.verify(tree);
  });

  test("sweep removes temporaries and orphans of a killed writer and nothing else", async () => {
    const tree = await snapshot({ a: "a" });
    mkdirSync(join(store.directory, "objects/ab"));
    writeFileSync(join(store.directory, "objects/ab", "c".repeat(62)), "orphan");
    writeFileSync(join(store.directory, "objects/.writing-1-1"), "half");
    writeFileSync(join(store.directory, "manifests/.writing-1-1"), "half");
    await store.sweep();
    expect(objects()).toHaveLength(1);
    expect(readdirSync(join(store.directory, "manifests"))).toEqual([`${tree}.json`]);
    await store.verify(tree);
  });

  test("a store that cannot be written is SNAPSHOT_STORAGE_FAILED with the place", async () => {
    writeFileSync(join(root, "store"), "a file where the folder has to be");
    await expect(snapshot({ a: "a" })).rejects.toMatchObject({
      code: "SNAPSHOT_STORAGE_FAILED",
      message: expect.stringContaining(join(root, "store")),
    });
  });
});
