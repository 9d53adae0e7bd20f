import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let root: string;
let installed: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "rebench-package-"));
  const modules = join(root, "node_modules");
  mkdirSync(modules);
  execFileSync("npm", ["pack", "--silent", "--pack-destination", root]);
  const archive = readdirSync(root).find((name) => name.endsWith(".tgz"));
  execFileSync("tar", ["xzf", String(archive)], { cwd: root });
  installed = join(modules, "rebench");
  renameSync(join(root, "package"), installed);
  for (const name of readdirSync("node_modules")) {
    if (!name.startsWith(".")) symlinkSync(resolve("node_modules", name), join(modules, name));
  }
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync("dist", { recursive: true, force: true });
});

function rebench(...args: readonly string[]): string {
  return execFileSync(process.execPath, [join(installed, "bin", "rebench.js"), ...args], {
    encoding: "utf8",
  });
}

describe("the npm package", () => {
  test("runs where Node runs no TypeScript", () => {
    expect(rebench("list")).toContain("optimize-kernel");
    expect(rebench("show", "optimize-kernel")).toContain("prefix_sum");
  });

  test("holds no reference solution, no test and no TypeScript", () => {
    const files = readdirSync(installed, { recursive: true }).map(String);
    expect(files.filter((file) => /(^|\/)(reference|tests)(\/|$)|\.ts$/.test(file))).toEqual([]);
    expect(files).toContain(join("environments", "optimize-kernel", "judge", "judge.py"));
    expect(files.some((file) => file.endsWith(".ttf"))).toBe(true);
  });
});
