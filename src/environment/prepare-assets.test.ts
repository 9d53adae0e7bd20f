import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findExecutable, type Toolchain } from "../machine/index.ts";
import { loadEnvironment } from "./load-environment.ts";
import { type PrepareOptions, prepareAssets } from "./prepare-assets.ts";
import { exampleManifest, writeEnvironment } from "./testing/write-environment.ts";

const python = await findExecutable("python3", process.env);

/** Follows the protocol; writes down its call, and every run of it in the file that TMPDIR's folder holds. */
const goodPrepare = `
import argparse, json, os, pathlib, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--scale"); parser.add_argument("--out", type=pathlib.Path); parser.add_argument("--seed")
options = parser.parse_args()
parameters = json.load(sys.stdin)
with open(os.environ["TMPDIR"] + "/calls", "a") as calls: calls.write(f"{os.getpid()}\\n")
print(json.dumps({"progress": 0.25, "message": "begun"}))
print("not progress")
(options.out / "agent").mkdir(); (options.out / "judge" / "deep").mkdir(parents=True)
(options.out / "agent" / "call.json").write_text(json.dumps([options.scale, parameters, os.environ.get("SECRET_API_KEY")]))
(options.out / "judge" / "deep" / "seed").write_text(options.seed)
`;

describe.skipIf(python === null)("prepareAssets (needs a python3 on this machine)", () => {
  let folder: Awaited<ReturnType<typeof writeEnvironment>>;
  let cacheDirectory: string;
  beforeEach(async () => {
    folder = await writeEnvironment({ "prepare.py": goodPrepare });
    cacheDirectory = await mkdtemp(join(tmpdir(), "rebench-cache-"));
  });
  afterEach(async () => {
    await folder[Symbol.asyncDispose]();
    await rm(cacheDirectory, { recursive: true, force: true });
  });

  const toolchain: Toolchain = {
    hostPython: python ?? "",
    python: "",
    mounts: [],
    env: {},
    versions: { torch: "2" },
  };

  async function prepare(options: Partial<PrepareOptions> = {}) {
    const environment = await loadEnvironment("demo", { roots: [folder.root] });
    const env = { PATH: process.env.PATH, TMPDIR: folder.root, SECRET_API_KEY: "key" };
    return prepareAssets(environment, "laptop", { toolchain, cacheDirectory, env, ...options });
  }
  const calls = async () => (await readFile(join(folder.root, "calls"), "utf8")).trim().split("\n");
  /** What the cache holds of this environment, logs aside. */
  const remains = async () =>
    (await readdir(join(cacheDirectory, "assets", "demo"))).filter((name) => !name.endsWith(".log"));

  test("whatever prepare.py leaves can be read by the users that sandboxes run as", async () => {
    const closed = `${goodPrepare}os.chmod(options.out / "agent" / "call.json", 0o600); os.chmod(options.out / "judge" / "deep", 0o700)\n`;
    await writeFile(join(folder.root, "demo", "prepare.py"), closed);
    const { agentDirectory, judgeDirectory } = await prepare();
    const modes = [
      join(agentDirectory, "call.json"),
      join(judgeDirectory, "deep"),
      join(agentDirectory, ".."),
    ];
    expect(await Promise.all(modes.map(async (path) => (await stat(path)).mode & 0o777))).toEqual([
      0o644, 0o755, 0o755,
    ]);
  });

  test("assets are made once, with scale, parameters and a fresh seed, and no keys of model providers", async () => {
    const news: unknown[] = [];
    const assets = await prepare({ onProgress: (progress) => news.push(progress) });
    expect(news).toEqual([{ message: "begun", fraction: 0.25 }]);
    expect(JSON.parse(await readFile(join(assets.agentDirectory, "call.json"), "utf8"))).toEqual([
      "laptop",
      { size: 5, names: ["a", "b"] },
      null,
    ]);
    expect(await readFile(join(assets.judgeDirectory, "deep", "seed"), "utf8")).toMatch(/^[0-9a-f]{64}$/);
    expect(assets.files.map((file) => file.path)).toEqual(["agent/call.json", "judge/deep/seed"]);

    const again = await prepare();
    expect(again).toEqual({ ...assets, preparedNow: false });
    expect(await calls()).toHaveLength(1);
  });

  test("what it downloads is kept in the cache, also when it fails, for every environment", async () => {
    const downloading = `${goodPrepare}
downloads = pathlib.Path(os.environ["REBENCH_DOWNLOADS"])
downloads.mkdir(exist_ok=True)
with open(downloads / "weights.partial", "a") as weights: weights.write("half")
if (downloads / "weights.partial").read_text() == "half": raise ConnectionError("cut")
`;
    await folder.write("prepare.py", downloading);
    await expect(prepare()).rejects.toMatchObject({ code: "ASSETS_FAILED" });
    const assets = await prepare();
    expect(assets.files.map((file) => file.path)).toEqual(["agent/call.json", "judge/deep/seed"]);
    expect(await readFile(join(cacheDirectory, "downloads", "weights.partial"), "utf8")).toBe("halfhalf");
  });

  test("instructions and reference may change; code, parameters and packages make new assets", async () => {
    const { key } = await prepare();
    await folder.write("instructions.md", "Other words.\n");
    await folder.write("reference/solution.py", "pass  # better\n");
    expect((await prepare()).key).toBe(key);
    const versions = { torch: "3" };
    expect((await prepare({ toolchain: { ...toolchain, versions } })).key).not.toBe(key);
    await folder.write("judge/judge.py", "pass  # stricter\n");
    const judged = await prepare();
    expect(judged.key).not.toBe(key);
    await folder.write("environment.yaml", exampleManifest.replace("size: 5", "size: 6"));
    expect((await prepare()).key).not.toBe(judged.key);
  });

  test("a given seed is used, and its assets are kept apart", async () => {
    const randomSeed = "ab".repeat(32);
    const assets = await prepare({ randomSeed });
    expect(await readFile(join(assets.judgeDirectory, "deep", "seed"), "utf8")).toBe(randomSeed);
    expect((await prepare()).key).not.toBe(assets.key);
  });

  test.each(["changed", "deleted", "added"])(
    "a %s file in the cache has the assets made again",
    async (damage) => {
      const assets = await prepare();
      const path = join(assets.agentDirectory, "call.json");
      if (damage === "changed") await writeFile(path, "[]");
      if (damage === "deleted") await rm(path);
      if (damage === "added") await writeFile(join(assets.judgeDirectory, "extra"), "");
      const news: string[] = [];
      const repaired = await prepare({ onProgress: ({ message }) => news.push(message) });
      expect(repaired.preparedNow).toBe(true);
      expect(news[0]).toContain("damaged");
      expect(repaired.files.map((file) => file.path)).toEqual(["agent/call.json", "judge/deep/seed"]);
    },
  );

  const failures: readonly [string, string, RegExp][] = [
    ["raises", "raise ValueError('no data')", /exit status 1: ValueError: no data/],
    ["is killed", "import os; os.kill(os.getpid(), 9)", /killed by SIGKILL/],
    ["leaves nothing", "pass", /exactly the folders agent and judge, and left nothing/],
    ["leaves a stray file", `${goodPrepare}\n(options.out / "extra").mkdir()`, /left agent, extra, judge/],
    [
      "leaves a link",
      `${goodPrepare}\n(options.out / "agent" / "x").symlink_to("/etc")`,
      /agent\/x, which is no plain/,
    ],
  ];
  test.each(failures)("a prepare.py that %s fails by name and leaves nothing", async (_, code, reason) => {
    await folder.write("prepare.py", code);
    await expect(prepare()).rejects.toMatchObject({
      code: "ASSETS_FAILED",
      exitCode: 3,
      message: expect.stringMatching(reason),
    });
    expect(await remains()).toEqual([]);
  });

  test("a full disk is named with its remedy", async () => {
    await folder.write("prepare.py", "raise OSError(28, 'No space left on device')");
    await expect(prepare()).rejects.toMatchObject({ remedy: expect.stringContaining("REBENCH_CACHE") });
  });

  const forking = `${goodPrepare}
import subprocess
child = subprocess.Popen(["sleep", "600"])
with open(os.environ["TMPDIR"] + "/calls", "a") as calls: calls.write(f"{child.pid}\\n")
time.sleep(600)
`;
  async function untilTwoCalls(): Promise<readonly number[]> {
    for (;;) {
      const pids = await calls().catch(() => []);
      if (pids.length === 2) return pids.map(Number);
      await sleep(20);
    }
  }
  async function untilGone(pid: number): Promise<void> {
    while (
      await stat(`/proc/${pid}`)
        .then(() => true)
        .catch(() => false)
    )
      await sleep(20);
  }

  test("one that outlives its limit is stopped with its children", async () => {
    await folder.write("prepare.py", forking);
    await folder.write(
      "environment.yaml",
      exampleManifest.replace("prepareTimeoutMinutes: 1", "prepareTimeoutMinutes: 0.05"),
    );
    await expect(prepare()).rejects.toMatchObject({ code: "ASSETS_TIMED_OUT" });
    for (const pid of await untilTwoCalls()) await untilGone(pid);
    expect(await remains()).toEqual([]);
  });

  test("a cancelled one is stopped with its children and leaves nothing", async () => {
    await folder.write("prepare.py", forking);
    const controller = new AbortController();
    const outcome = expect(prepare({ signal: controller.signal })).rejects.toThrow("enough");
    const pids = await untilTwoCalls();
    controller.abort(new Error("enough"));
    await outcome;
    for (const pid of pids) await untilGone(pid);
    expect(await remains()).toEqual([]);
  });

  /** Prepares in a process of its own, which can be killed. */
  function prepareElsewhere() {
    const script = `
      const { loadEnvironment, prepareAssets } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
      const environment = await loadEnvironment("demo", { roots: [${JSON.stringify(folder.root)}] });
      const { preparedNow } = await prepareAssets(environment, "laptop", {
        toolchain: ${JSON.stringify(toolchain)}, cacheDirectory: ${JSON.stringify(cacheDirectory)},
        env: { PATH: process.env.PATH, TMPDIR: ${JSON.stringify(folder.root)} },
      });
      process.stdout.write(String(preparedNow));`;
    return spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  test("after a kill in the middle the next one makes the assets and clears up", async () => {
    await folder.write(
      "prepare.py",
      goodPrepare.replace(
        "(options.out",
        "time.sleep(600) if len(open(os.environ['TMPDIR'] + '/calls').readlines()) == 1 else None\n(options.out",
      ),
    );
    const killed = prepareElsewhere();
    while ((await calls().catch(() => [])).length === 0) await sleep(20);
    killed.kill("SIGKILL");
    await once(killed, "exit");
    expect((await remains()).filter((name) => name.includes("partial"))).toHaveLength(1);
    const assets = await prepare();
    expect(assets.preparedNow).toBe(true);
    expect(await remains()).toEqual([`laptop-${assets.key.slice(0, 16)}`]);
  });

  test("of two processes at once one prepares and the other waits for it", async () => {
    await folder.write("prepare.py", goodPrepare.replace("(options.out", "time.sleep(0.3)\n(options.out"));
    const outputs = await Promise.all(
      [prepareElsewhere(), prepareElsewhere()].map(async (child) => {
        let text = "";
        child.stdout?.on("data", (chunk) => {
          text += chunk;
        });
        await once(child, "close");
        return text;
      }),
    );
    expect(outputs.sort()).toEqual(["false", "true"]);
    expect(await calls()).toHaveLength(1);
  });
});
