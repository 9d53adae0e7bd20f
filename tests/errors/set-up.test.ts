import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locateCache } from "../../src/machine/index.ts";
import { runRebench } from "../command-line/rebench.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { expectOneError, expectOneJsonError } from "./expect-error.ts";

const oldNode = "/usr/bin/node";
const oldVersion = existsSync(oldNode)
  ? execFileSync(oldNode, ["--version"], { encoding: "utf8" }).trim()
  : "none";
const isOld = /^v(1\d|2[0-3])\./.test(oldVersion);

describe("before set-up", () => {
  test.each(["run quick --agent tweak", "prepare quick", "calibrate quick", "check-environment quick"])(
    "`rebench %s` says to set up, and makes nothing",
    async (words) => {
      await using folder = await openTemporaryFolder();
      const cache = join(folder.path, "cache");
      const env = { REBENCH_CACHE: cache, REBENCH_RUNS: join(folder.path, "runs") };
      expectOneJsonError(await runRebench([...words.split(" "), "--json"], env), {
        exitCode: 3,
        code: "TOOLCHAIN_MISSING",
        says: [cache],
        remedy: "run `rebench setup`",
      });
      expect(readdirSync(folder.path)).toEqual([]);
    },
  );

  test("a Python that was taken away since set-up is missing, and doctor agrees", async () => {
    await using folder = await openTemporaryFolder();
    const [name = ""] = readdirSync(join(locateCache(), "toolchain")).filter((entry) =>
      existsSync(join(locateCache(), "toolchain", entry, "complete.json")),
    );
    const copy = join(folder.path, "toolchain", name);
    mkdirSync(copy, { recursive: true });
    const marker = JSON.parse(readFileSync(join(locateCache(), "toolchain", name, "complete.json"), "utf8"));
    const hostExecutable = join(folder.path, "gone", "python3");
    writeFileSync(
      join(copy, "complete.json"),
      JSON.stringify({ ...marker, python: { ...marker.python, hostExecutable } }),
    );
    const env = { REBENCH_CACHE: folder.path };
    expectOneJsonError(await runRebench(["run", "quick", "--agent", "tweak", "--json"], env), {
      exitCode: 3,
      code: "TOOLCHAIN_MISSING",
      says: [folder.path],
      remedy: "run `rebench setup`",
    });
    const doctor = await runRebench(["doctor"], env);
    expect(doctor.exitCode).toBe(3);
    expect(doctor.stdout).toContain("rebench setup");
  });

  test("a toolchain folder whose Python is gone is missing too", async () => {
    await using folder = await openTemporaryFolder();
    const [name = ""] = readdirSync(join(locateCache(), "toolchain")).filter((entry) =>
      existsSync(join(locateCache(), "toolchain", entry, "complete.json")),
    );
    const copy = join(folder.path, "toolchain", name);
    mkdirSync(copy, { recursive: true });
    cpSync(join(locateCache(), "toolchain", name, "complete.json"), join(copy, "complete.json"));
    const env = { REBENCH_CACHE: folder.path, REBENCH_RUNS: join(folder.path, "runs") };
    expectOneError(await runRebench(["run", "quick", "--agent", "tweak"], env), {
      exitCode: 3,
      code: "TOOLCHAIN_MISSING",
      says: [folder.path],
      remedy: "run `rebench setup`",
    });
  });
});

describe(`a Node older than 24${isOld ? ` (${oldVersion})` : ` (left out: ${oldNode} is ${oldVersion})`}`, () => {
  test.skipIf(!isOld)("is told what is needed, where no newer one is installed", async () => {
    await using folder = await openTemporaryFolder();
    cpSync("bin", join(folder.path, "bin"), { recursive: true });
    cpSync("package.json", join(folder.path, "package.json"));
    const { status, stdout, stderr } = spawnSync(
      oldNode,
      [join(folder.path, "bin", "rebench.js"), "list", "--json"],
      { encoding: "utf8" },
    );
    expectOneJsonError(
      { exitCode: status, signal: null, stdout, stderr },
      {
        exitCode: 3,
        code: "NODE_TOO_OLD",
        says: ["Node 24", oldVersion.slice(1)],
        remedy: "npm install node@24",
      },
    );
  });

  test.skipIf(!isOld)("starts the newer one that is installed beside rebench", () => {
    const words = ["bin/rebench.js", "list"];
    const { status, stdout } = spawnSync(oldNode, words, { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toContain("optimize-kernel");
  });
});
