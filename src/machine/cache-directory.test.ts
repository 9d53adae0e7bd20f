import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { locateCache, makeCacheFolder } from "./cache-directory.ts";

const places: readonly [string, NodeJS.ProcessEnv, string][] = [
  ["REBENCH_CACHE", { REBENCH_CACHE: "/a", XDG_CACHE_HOME: "/b", HOME: "/c" }, "/a"],
  ["XDG_CACHE_HOME", { XDG_CACHE_HOME: "/b", HOME: "/c" }, "/b/rebench"],
  ["HOME when XDG_CACHE_HOME is relative", { XDG_CACHE_HOME: "b", HOME: "/c" }, "/c/.cache/rebench"],
  [
    "HOME when the others are empty",
    { REBENCH_CACHE: "", XDG_CACHE_HOME: "", HOME: "/c" },
    "/c/.cache/rebench",
  ],
];
test.each(places)("the cache is found by %s", (_, env, path) => {
  expect(locateCache(env)).toBe(path);
});

test("a cache that cannot be made names the folder and the remedy", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rebench-cache-"));
  await writeFile(join(folder, "file"), "");
  const path = join(folder, "file", "cache");
  await expect(makeCacheFolder(path)).rejects.toMatchObject({
    code: "CACHE_NOT_WRITABLE",
    exitCode: 3,
    message: expect.stringContaining(path),
    remedy: expect.stringContaining("REBENCH_CACHE"),
  });
  await rm(folder, { recursive: true });
});
