import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { walkWorkspace } from "./workspace-walk.ts";

const limits = { sizeBytes: 1_000, files: 10, visited: 10, depth: 4, pathBytes: 100 };

let root: string;
let workspace: string;
let solution: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "walk-"));
  workspace = join(root, "workspace");
  solution = join(workspace, "folder", "solution.py");
  mkdirSync(join(workspace, "folder"), { recursive: true });
  writeFileSync(solution, "honest");
  writeFileSync(join(root, "secret"), "secret");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Walks to the solution, lets something happen to the workspace, then opens what was found. */
async function openAfter(change: () => void): Promise<string> {
  for await (const found of walkWorkspace(workspace, limits)) {
    if (found.kind !== "file") continue;
    change();
    const opened = await found.open();
    if (typeof opened === "string") return opened;
    await using file = opened;
    return await file.readFile("utf8");
  }
  throw new Error("the walk found no file");
}

describe("walkWorkspace", () => {
  test.each([
    ["a link out of the workspace", () => symlinkSync(join(root, "secret"), solution)],
    ["a FIFO that would block", () => execFileSync("mkfifo", [solution])],
    ["another file", () => renameSync(join(root, "secret"), solution)],
    ["a folder", () => mkdirSync(solution)],
    ["nothing", () => {}],
  ])("a file that was replaced by %s after it was found is not opened", async (_what, put) => {
    const replace = () => {
      renameSync(solution, join(root, "moved"));
      put();
    };
    expect(await openAfter(replace)).toBe("changed");
  });

  test("a folder that is swapped for a link while the walk is inside does not lead it away", async () => {
    const swap = () => {
      renameSync(join(workspace, "folder"), join(root, "moved"));
      mkdirSync(join(root, "trap"));
      writeFileSync(join(root, "trap", "solution.py"), "secret");
      symlinkSync(join(root, "trap"), join(workspace, "folder"));
    };
    expect(await openAfter(swap)).toBe("honest");
  });
});
