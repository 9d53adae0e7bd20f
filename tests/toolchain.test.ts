import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadToolchain, locateCache, setupToolchain } from "../src/machine/index.ts";

let cacheDirectory: string;
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), "rebench-toolchain-"));
});
afterEach(() => rm(cacheDirectory, { recursive: true, force: true }));

test("inside a sandbox torch works and no path of the host is on Python's path", async () => {
  const toolchain = await setupToolchain();
  const inside = [
    ...["--unshare-all", "--die-with-parent", "--clearenv", "--ro-bind", "/usr", "/usr"],
    ...["--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/bin", "/bin"],
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"],
    ...toolchain.mounts.flatMap(({ source, target }) => ["--ro-bind", source, target]),
    ...Object.entries(toolchain.env).flatMap(([name, value]) => ["--setenv", name, value]),
  ];
  const script =
    "import json, sys, sysconfig, torch, numpy, safetensors.torch; x = torch.ones(8, 8)\n" +
    "print(json.dumps([float((x @ x).sum()), sys.path, sys.prefix, sys.executable, torch.__file__, " +
    "list(sysconfig.get_paths().values())]))";
  const { stdout } = await execa("bwrap", [...inside, toolchain.python, "-I", "-c", script]);
  const [sum, ...paths] = JSON.parse(stdout).flat(2);
  expect(sum).toBe(512);
  for (const path of paths) expect(path).toMatch(/^\/(usr|opt\/rebench)\//);
});

test("no file of the toolchain names the place where it lies", async () => {
  const toolchain = await setupToolchain();
  const sources = toolchain.mounts.map((mount) => mount.source);
  const search = await execa("grep", ["-rlF", locateCache(), ...sources], { reject: false });
  expect([search.exitCode, search.stdout]).toEqual([1, ""]);
});

test("a set-up that was killed is repeated, and two at once make one environment", async () => {
  const script = `
    const { setupToolchain } = await import(${JSON.stringify(new URL("../src/machine/index.ts", import.meta.url).href)});
    await setupToolchain({
      cacheDirectory: ${JSON.stringify(cacheDirectory)},
      onProgress: ({ step }) => step === "installing packages" && process.kill(process.pid, "SIGKILL"),
    });`;
  const killed = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
  expect(await once(killed, "exit")).toEqual([null, "SIGKILL"]);
  await expect(loadToolchain({ cacheDirectory })).rejects.toMatchObject({
    code: "TOOLCHAIN_MISSING",
    exitCode: 3,
    remedy: "run `rebench setup`",
  });

  const [first, second] = await Promise.all([
    setupToolchain({ cacheDirectory }),
    setupToolchain({ cacheDirectory }),
  ]);
  expect(second).toEqual(first);
  expect(await loadToolchain({ cacheDirectory })).toEqual(first);
  const folders = (await readdir(join(cacheDirectory, "toolchain"))).filter((name) =>
    name.startsWith("python"),
  );
  expect(folders).toHaveLength(1);
});

test("without network and wheels set-up says so and leaves nothing half-made", async () => {
  const env = {
    ...process.env,
    PIP_CONFIG_FILE: "/dev/null",
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: cacheDirectory,
  };
  await expect(setupToolchain({ cacheDirectory, env })).rejects.toMatchObject({
    code: "PACKAGES_UNREACHABLE",
    exitCode: 3,
    remedy: expect.stringContaining("PIP_FIND_LINKS"),
  });
  expect(await readdir(join(cacheDirectory, "toolchain"))).toEqual(["last-setup.log"]);
});

test("a cancelled set-up ends with the signal's reason and leaves nothing half-made", async () => {
  const controller = new AbortController();
  const setup = setupToolchain({
    cacheDirectory,
    signal: controller.signal,
    onProgress: ({ step }) => {
      if (step === "installing packages") controller.abort(new Error("enough"));
    },
  });
  await expect(setup).rejects.toThrow("enough");
  expect(await readdir(join(cacheDirectory, "toolchain"))).toEqual(["last-setup.log"]);
});
