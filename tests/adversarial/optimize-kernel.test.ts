import { execFile } from "node:child_process";
import { lstat, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunHost } from "../../src/run/index.ts";
import { isAccepted, layOut, listAttacks, listOddFiles, type Outcome, oddFilesMaker } from "./attack.ts";
import { type Kernel, type KernelChange, openKernel } from "./kernel-bench.ts";
import { openHost } from "./open-host.ts";

const run = promisify(execFile);

let host: RunHost;
let kernel: Kernel;
let workspace: string;

beforeAll(async () => {
  host = await openHost();
  kernel = await openKernel(host, new AbortController().signal);
});
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), "rebench-attack-"));
});
// Node's own removal gives up on paths longer than the kernel takes.
afterEach(() => run("rm", ["-rf", workspace]));

async function expectOutcome(accept: readonly Outcome[], change: KernelChange = {}): Promise<void> {
  const { result, log, seed } = await kernel.score(workspace, change);
  expect(isAccepted(result, accept), `${JSON.stringify(result)}\n${log}`).toBe(true);
  // What goes to a model and a terminal.
  expect(result.message).not.toMatch(/[^\P{C}\n\t]/u);
  if (seed !== null) expect(result.message).not.toContain(seed);
}

const isHonest = (name: string) => name.startsWith("honest-");
const named = listAttacks().map((attack) => [attack.name, attack] as const);

describe("an honest solution passes", () => {
  test.each(named.filter(([name]) => isHonest(name)))("%s", async (name, { accept, removes }) => {
    await layOut(workspace, removes, name);
    await expectOutcome(accept);
  });

  test.each(["starting", "reference"] as const)("the %s solution that ships with it", async (which) => {
    const { result, log } = await kernel.scoreSolution(which);
    expect(result.result, log).toBe("scored");
  });
});

describe("an attack is invalid or scores what its honest work is worth", () => {
  test.each(named.filter(([name]) => !isHonest(name)))("%s", async (name, attack) => {
    await layOut(workspace, attack.removes, name);
    await expectOutcome(attack.accept, attack);
  });
});

describe("a workspace that git cannot hold is invalid or scores what it holds that is regular", () => {
  for (const { kind, count, removes, accept } of listOddFiles()) {
    const needsRoot = kind === "device" && process.getuid?.() !== 0;
    test.skipIf(needsRoot)(`${kind}${needsRoot ? " (skipped: only root makes devices)" : ""}`, async () => {
      await layOut(workspace, removes);
      const before = await readdir(workspace);
      const options = count === undefined ? [] : ["--count", String(count)];
      await run(host.toolchain.hostPython, ["-I", oddFilesMaker, kind, workspace, ...options]);
      expect((await readdir(workspace)).length).toBeGreaterThan(before.length);
      for (const file of removes) expect((await lstat(join(workspace, file))).isFile()).toBe(false);
      await expectOutcome(accept);
    });
  }
});

test("expectations tell a better score and another reason from what is right", () => {
  const accept: readonly Outcome[] = [
    { result: "invalid", reasons: ["wrong-answer"] },
    { result: "scored", atLeastMs: 60 },
  ];
  const scored = (ms: number) =>
    ({ result: "scored", raw: Math.log(ms), normalized: 0, flag: null, message: "", details: {} }) as const;
  const invalid = (reason: string) => ({ result: "invalid", reason, message: "", details: {} }) as const;
  expect(
    [scored(61), scored(55), invalid("wrong-answer"), invalid("runner-died")].map((result) =>
      isAccepted(result, accept),
    ),
  ).toEqual([true, false, true, false]);
  expect(isAccepted({ result: "judge-failed", reason: "crashed", message: "" }, accept)).toBe(false);
});
