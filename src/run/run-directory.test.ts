import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BlobStore } from "./blob-store.ts";
import { createRunDirectory, loadRunRecord, type RunPaths } from "./run-directory.ts";
import { createTestRecord } from "./testing/fake-run.ts";

let directory: string;
let paths: RunPaths;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "run-directory-"));
  paths = await createRunDirectory(join(directory, "runs"), createTestRecord(), async () => {});
});
afterEach(() => rmSync(directory, { recursive: true }));

test("a run folder of plain files and folders is read", () => {
  expect(loadRunRecord(paths).record.runId).toBe("test-run");
});

test.each(["record", "events", "lock", "blobs", "snapshots", "workspace"] as const)(
  "a run folder whose %s is a link is refused, for it may lead to something of ours",
  (name) => {
    const path = paths[name];
    const elsewhere = join(directory, "elsewhere");
    if (["blobs", "snapshots", "lock"].includes(name)) mkdirSync(elsewhere);
    else renameSync(path, elsewhere);
    symlinkSync(elsewhere, path);
    expect(() => loadRunRecord(paths)).toThrow(expect.objectContaining({ code: "RUN_FOLDER_UNSAFE" }));
  },
);

test("a pipe in the place of a file is refused and keeps nobody waiting", () => {
  rmSync(paths.events);
  execFileSync("mkfifo", [paths.events]);
  expect(() => loadRunRecord(paths)).toThrow(expect.objectContaining({ code: "RUN_FOLDER_UNSAFE" }));
});

const long = "x".repeat(5_000);

test.each([
  ["a link", (path: string) => symlinkSync("/dev/zero", path)],
  ["a pipe", (path: string) => execFileSync("mkfifo", [path])],
  ["a longer file", (path: string) => writeFileSync(path, `${long}more`)],
])("%s in the place of a long text is a broken text", (_, replace) => {
  const payload = new BlobStore(paths.blobs).toPayload(long);
  if (!("sha256" in payload)) throw new Error("the text lies in the event");
  const path = join(paths.blobs, payload.sha256.slice(0, 2), payload.sha256.slice(2));
  rmSync(path);
  replace(path);
  expect(() => new BlobStore(paths.blobs).read(payload)).toThrow(
    expect.objectContaining({ code: "RUN_PAYLOAD_BROKEN" }),
  );
});

test("keeping a long text writes through no link that waits where it is drafted", () => {
  const payload = new BlobStore(paths.blobs).toPayload(long);
  if (!("sha256" in payload)) throw new Error("the text lies in the event");
  const path = join(paths.blobs, payload.sha256.slice(0, 2), payload.sha256.slice(2));
  const elsewhere = join(directory, "elsewhere");
  writeFileSync(elsewhere, "ours");
  rmSync(path);
  symlinkSync(elsewhere, `${path}.new`);
  const store = new BlobStore(paths.blobs);
  expect(store.read(store.toPayload(long))).toBe(long);
  expect(readFileSync(elsewhere, "utf8")).toBe("ours");
});
