import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { openControlGroup } from "./control-group.ts";
import { findHierarchies, type Hierarchy } from "./control-group-hierarchies.ts";
import { readPidNamespace } from "./process-table.ts";

const limits = { memoryBytes: 256 * 1024 * 1024, processes: 50, cpuCores: 1.5 };
const folder = mkdtempSync(join(tmpdir(), "rebench-groups-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Lays out what the kernel shows of a machine: its mounts, this process's groups, and files of those groups. */
function layOut(mounts: readonly string[], groups: string, files: Readonly<Record<string, string>>): string {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
  }
  mkdirSync(join(folder, "proc"), { recursive: true });
  const lines = mounts.map((mount, index) => `${index} 1 0:${index} / ${mount.replaceAll("@", folder)}`);
  writeFileSync(join(folder, "proc/mountinfo"), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "proc/cgroup"), groups);
  return join(folder, "proc");
}

const group = (path: string, controllers: string, handedOn: string) => ({
  [`${path}/cgroup.procs`]: "1\n",
  [`${path}/cgroup.type`]: "domain\n",
  [`${path}/cgroup.controllers`]: controllers,
  [`${path}/cgroup.subtree_control`]: handedOn,
});

describe("finding control groups", () => {
  test("the own group of the second version serves when it hands on its controllers", () => {
    const proc = layOut(["@/fs rw - cgroup2 cgroup2 rw"], "0::/user/own\n", {
      ...group("fs/user/own", "cpu memory pids", "cpu memory pids"),
    });
    expect(findHierarchies(proc)).toEqual([
      { version: 2, controllers: ["cpu", "memory", "pids"], base: join(folder, "fs/user/own") },
    ]);
  });

  test("the first version's controllers are found one by one, each in this process's own group", () => {
    const proc = layOut(
      [
        "@/memory rw - cgroup cgroup rw,memory",
        "@/cpu rw - cgroup cgroup rw,cpu,cpuacct",
        "@/x rw - cgroup cgroup rw,name=x",
      ],
      "4:memory:/job\n3:cpu,cpuacct:/\n1:name=x:/\n",
      { "memory/job/cgroup.procs": "", "cpu/cgroup.procs": "", "x/cgroup.procs": "" },
    );
    expect(findHierarchies(proc)).toEqual([
      { version: 1, controllers: ["memory"], base: join(folder, "memory/job") },
      { version: 1, controllers: ["cpu"], base: join(folder, "cpu") },
    ]);
  });

  test("a machine without any gives none, and a group on none holds nothing and says so", async () => {
    expect(findHierarchies(layOut([], "", {}))).toEqual([]);
    const none = openControlGroup(limits, []);
    expect(none.enforcement).toEqual({ memoryBytes: "none", processes: "none", cpuCores: "none" });
    expect([none.canFreeze, none.members(), none.memoryKills()]).toEqual([false, null, 0]);
    await none.remove();
  });

  test("a limit that cannot be written is not claimed", async () => {
    const base = join(folder, "second");
    mkdirSync(base, { recursive: true });
    const hierarchy: Hierarchy = { version: 2, controllers: ["memory", "pids", "cpu"], base };
    // A plain folder lacks the files that the kernel would make.
    const refused = openControlGroup(limits, [hierarchy]);
    expect(Object.values(refused.enforcement)).toEqual(["none", "none", "none"]);
    await refused.remove();
  });
});

const machine = findHierarchies();
const freezers: Hierarchy[] = [
  ...machine.filter(({ base }) => existsSync(join(base, "cgroup.subtree_control"))),
  ...(existsSync("/sys/fs/cgroup/freezer") && process.getuid?.() === 0
    ? [{ version: 1 as const, controllers: ["freezer"], base: "/sys/fs/cgroup/freezer" }]
    : []),
];
const reason = machine.length === 0 ? " (skipped: this user may write no control group)" : "";

describe.skipIf(machine.length === 0)(`control groups of this machine${reason}`, () => {
  for (const freezer of freezers) {
    test(`version ${freezer.version} freezes a process and lets it go on`, async () => {
      const work = mkdtempSync(join(tmpdir(), "rebench-freeze-"));
      const controlGroup = openControlGroup(limits, [freezer]);
      const enter = controlGroup.entryFiles.map((file) => `echo $$ > ${file};`).join("");
      spawn("sh", ["-c", `${enter} while :; do echo >> ${work}/counter; done`], { stdio: "ignore" });
      const size = () => (existsSync(join(work, "counter")) ? statSync(join(work, "counter")).size : 0);
      while (size() === 0) await delay(5);
      expect(await controlGroup.freeze()).toBe(true);
      const before = size();
      await delay(100);
      expect(size()).toBe(before);
      await controlGroup.thaw();
      while (size() === before) await delay(5);
      controlGroup.killAll();
      await controlGroup.remove();
      expect(controlGroup.folders.filter((path) => existsSync(path))).toEqual([]);
      rmSync(work, { recursive: true, force: true });
    });
  }

  test("limits are set in the kernel", async () => {
    const controlGroup = openControlGroup(limits);
    const read = (name: string) => {
      const path = controlGroup.folders.map((each) => join(each, name)).find((each) => existsSync(each));
      return path === undefined ? null : readFileSync(path, "utf8").trim();
    };
    if (controlGroup.enforcement.memoryBytes === "cgroup-v1") {
      expect(read("memory.limit_in_bytes")).toBe(String(limits.memoryBytes));
    }
    if (controlGroup.enforcement.memoryBytes === "cgroup-v2")
      expect(read("memory.max")).toBe(String(limits.memoryBytes));
    if (controlGroup.enforcement.processes !== "none") expect(read("pids.max")).toBe("50");
    if (controlGroup.enforcement.cpuCores === "cgroup-v1") expect(read("cpu.cfs_quota_us")).toBe("150000");
    if (controlGroup.enforcement.cpuCores === "cgroup-v2") expect(read("cpu.max")).toBe("150000 100000");
    await controlGroup.remove();
  });

  test("groups that a dead harness left are removed, frozen processes in them killed", async () => {
    const base = freezers[0]?.base ?? machine[0]?.base ?? "";
    const namespace = /\d+/.exec(readPidNamespace("self") ?? "")?.[0];
    const stale = join(base, `rebench-${namespace}-4000000-1-0`);
    mkdirSync(stale);
    const sleeper = spawn("sh", ["-c", `echo $$ > ${stale}/cgroup.procs; exec sleep 1041`], {
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => sleeper.once("exit", (_, signal) => resolve(signal)));
    while (readFileSync(join(stale, "cgroup.procs"), "utf8") === "") await delay(5);
    if (existsSync(join(stale, "cgroup.freeze")))
      writeFileSync(join(stale, "cgroup.freeze"), "1", { flag: "r+" });
    await openControlGroup(limits, machine).remove();
    expect(await ended).toBe("SIGKILL");
    while (existsSync(stale)) await openControlGroup(limits, machine).remove();
  });
});
