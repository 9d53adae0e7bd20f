import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { RunHost } from "../../src/run/index.ts";
import { eventsOfType, readEventsOf } from "../command-line/run-folder.ts";
import { carryOut, leaveRunning, shell } from "./live-run.ts";
import { openHost } from "./open-host.ts";

let host: RunHost;
beforeAll(async () => {
  host = await openHost();
});

describe("a workspace that is rewritten all the while", () => {
  /**
   * Writes eight-megabyte states over one file, each in one call, and generations over forty files in turn. At any
   * one instant the first holds one state, and the others two generations at most, the newer before the older.
   */
  const rewriter = `
import itertools, os
os.makedirs("/workspace/parts")
def put(path, content):
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    os.pwrite(descriptor, content, 0)
    os.close(descriptor)
for generation in itertools.count(1):
    put("/workspace/whole.bin", bytes([65 + generation % 2]) * 2**23)
    for part in range(40):
        put(f"/workspace/parts/{part:02}", b"%09d\\n" % generation * 4_000)
    if generation == 2: open("/tmp/ready", "w").close()
`;

  test("is scored as it was at one instant", async () => {
    await using run = await carryOut(host, async (context) => {
      await leaveRunning(context, rewriter);
      for (let round = 0; round < 6; round += 1) await context.score();
    });
    for (const { index } of run.state.entries.slice(1)) {
      const folder = await run.unpack(index);
      const whole = await readFile(join(folder, "whole.bin"));
      expect(whole.equals(Buffer.alloc(2 ** 23, whole.subarray(0, 1)))).toBe(true);
      const names = (await readdir(join(folder, "parts"))).sort();
      const generations = await Promise.all(names.map((name) => toGeneration(join(folder, "parts", name))));
      expect(generations).toHaveLength(40);
      const [newest = Number.NaN] = generations;
      const older = generations.filter((generation) => generation !== newest);
      expect(generations).toEqual([
        ...generations.slice(older.length).map(() => newest),
        ...older.map(() => newest - 1),
      ]);
    }
    const trees = run.state.entries.map(({ snapshot }) => snapshot.treeSha256);
    expect(new Set(trees).size).toBeGreaterThan(2);
  });

  /** Generation of a part; one that is torn between two is none. */
  async function toGeneration(path: string): Promise<number> {
    const lines = new Set((await readFile(path, "utf8")).trimEnd().split("\n"));
    return lines.size === 1 ? Number([...lines][0]) : Number.NaN;
  }

  test("stands still from the last scoring on: what the run leaves is what was scored", async () => {
    const program = `
import itertools
for level in itertools.count():
    with open("/workspace/solution.py", "w") as file: file.write(f"LEVEL = {level % 7 + 1}\\n# {level}\\n")
    open("/tmp/ready", "w").close()
`;
    await using run = await carryOut(host, (context) => leaveRunning(context, program));
    const last = await run.unpack(run.state.entries.length - 1);
    expect(await readFile(join(run.paths.workspace, "solution.py"), "utf8")).toBe(
      await readFile(join(last, "solution.py"), "utf8"),
    );
  });
});

describe("what an agent does to its own sandbox is no failure of the judge's or the harness's", () => {
  test("when it takes all the memory and processes it may have", async () => {
    await using run = await carryOut(host, async (context) => {
      // Where memory is only watched, these commands are ended as well.
      const start = (script: string) => context.exec(["bash", "-c", script], { timeoutMs: 60_000 });
      const hog = "python3 -c 'a = []\nwhile 1: a.append(bytearray(2**24))'";
      await start(`while :; do ${hog}; done &> /dev/null &`);
      await start("while :; do sleep 1000 & done &> /dev/null & sleep 1");
      await context.writeFile("solution.py", "LEVEL = 4\ndelay = 1\n");
      await context.score();
    });
    expect(run.state.entries[1]?.result).toMatchObject({ result: "scored", raw: 4 });
  });

  test("when it takes every right to its workspace from itself", async () => {
    await using run = await carryOut(host, async (context) => {
      await shell(context, "chmod 000 /workspace");
      await context.score();
      await context.exec(["chmod", "755", "/workspace"], { timeoutMs: 60_000, cwd: "/" });
    });
    expect(run.state.entries[1]).toMatchObject({
      snapshot: { files: 0 },
      result: { result: "invalid", reason: "no-number" },
    });
  });
});

describe("asking for scores", () => {
  test("at once three times gives three entries, one after the other", async () => {
    await using run = await carryOut(host, async (context) => {
      await Promise.all([context.score(), context.score(), context.score()]);
    });
    const events = readEventsOf(run.paths.root);
    const order = events.flatMap(({ type }) => (type.startsWith("score-") ? [type] : []));
    expect(order).toEqual(order.map((_, index) => (index % 2 === 0 ? "score-requested" : "score-recorded")));
    expect(eventsOfType(events, "score-recorded").map(({ entry }) => entry)).toEqual([0, 1, 2, 3]);
  });

  test("is beyond every program in the sandbox: there is no socket, pipe, descriptor or command for it", async () => {
    let found = "";
    await using _run = await carryOut(host, async (context) => {
      found = await shell(
        context,
        [
          "find / -xdev \\( -type s -o -type p \\) 2>/dev/null",
          "tail -n +2 /proc/net/unix",
          "compgen -c | grep -xE 'score|rescore|rebench|note|submit'",
          "stat -Lc %F /proc/$$/fd/* | grep -vxE 'fifo|character special file'",
        ].join("; "),
      );
    });
    expect(found).toBe("");
  });
});
