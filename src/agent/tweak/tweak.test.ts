import { expect, test } from "vitest";
import { bubblewrapDriver } from "../../sandbox/index.ts";
import type { ScoreReply } from "../../scoring/index.ts";
import {
  FakeContext,
  type FakeContextInit,
  FakeWorld,
  replayFromEveryCut,
  runToEnd,
  SandboxMachine,
  toExecResult,
} from "../testing/index.ts";
import { createTweak } from "./tweak.ts";

const start = "BLOCK = 16\nTHREADS = 1\nmode = 'x'\n";
const path = "/workspace/solution.py";
const constantIn = (text: string | undefined, name: string) =>
  Number(text?.match(new RegExp(`${name} = (\\S+)`))?.[1]);
const scored = (score: number): ScoreReply => ({
  status: "scored",
  score,
  normalized: Math.max(0, 1 - score),
  message: "",
});

/** Best at BLOCK = 64 and THREADS = 4; THREADS above 8 is invalid. */
function scoreOf(files: ReadonlyMap<string, string>): ScoreReply {
  const text = files.get(path);
  const threads = constantIn(text, "THREADS");
  if (threads > 8) return { status: "invalid", message: "too many threads" };
  return scored(
    0.1 + 0.2 * Math.abs(Math.log2(constantIn(text, "BLOCK") / 64)) + 0.25 * Math.abs(Math.log2(threads / 4)),
  );
}

const createWorld = (
  score: (files: ReadonlyMap<string, string>, scoring: number) => ScoreReply,
  text = start,
) =>
  new FakeWorld({
    files: { [path]: text },
    exec: async () => toExecResult({ stdout: "./solution.py\0./gone.py\0" }),
    score,
  });

async function play(world: FakeWorld, init: Omit<FakeContextInit, "world"> = {}) {
  const context = new FakeContext({ world, ...init });
  await runToEnd(createTweak(), context);
  return context;
}

test("climbs to the best values, says each step, and leaves them in place", async () => {
  const world = createWorld(scoreOf);
  const context = await play(world, { limits: { timeMs: 400_000 } });
  expect(world.files.get(path)).toBe("BLOCK = 64\nTHREADS = 4\nmode = 'x'\n");
  expect(context.notes.find((note) => note.endsWith("kept"))).toMatch(
    /^(BLOCK|THREADS) \d+ → \d+: 0\.\d{3} → 0\.\d{3}, kept$/,
  );
  expect(context.notes.some((note) => note.endsWith("taken back"))).toBe(true);
});

test("higher scores are kept where higher is better", async () => {
  const higher = {
    name: "rate",
    unit: "",
    direction: "higher",
    final: "best",
    visible: true,
    mostRequests: null,
  } as const;
  const world = createWorld((files) => {
    const score = constantIn(files.get(path), "BLOCK");
    return { status: "scored", score, normalized: score / 16 - 1, message: "" };
  });
  await play(world, {
    task: { score: higher },
    startReply: { status: "scored", score: 16, normalized: 0, message: "" },
    limits: { timeMs: 100_000 },
  });
  expect(constantIn(world.files.get(path), "BLOCK")).toBeGreaterThan(16);
});

test("scores a small gain twice and takes it back when the second says noise", async () => {
  const world = createWorld((_, scoring) => scored(scoring === 1 ? 0.95 : 1.05));
  const context = await play(world, { limits: { timeMs: 60_000 } });
  expect(context.notes[0]).toMatch(/: 0\.000 → 0\.050, then 0\.000, taken back as noise$/);
  expect(world.files.get(path)).toBe(start);
});

test("never keeps what is pure noise around the start for long: every kept value was better twice", async () => {
  let state = 1;
  const noise = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const world = createWorld(() => scored(1 + 0.05 * noise()));
  const context = await play(world, { limits: { timeMs: 300_000 } });
  expect(context.notes.filter((note) => note.endsWith("kept"))).toEqual([]);
  expect(world.files.get(path)).toBe(start);
});

test("takes an invalid change back and tries constants that led there less", async () => {
  const files = "".concat(...["A", "B", "C", "D"].map((name) => `${name} = 100\n`));
  const world = createWorld(
    (current) =>
      constantIn(current.get(path), "A") === 100 ? scored(2) : { status: "invalid", message: "no" },
    files,
  );
  const context = await play(world, { limits: { timeMs: 2_000_000 } });
  const pairs = context.notes.filter((note) => note.split(":")[0]?.includes(",")).slice(0, 40);
  expect(pairs).toHaveLength(40);
  const withA = pairs.filter((note) => note.includes("A 100"));
  expect(withA.length / pairs.length).toBeLessThan(0.3);
  expect(world.files.get(path)).toBe(files);
});

test("leaves the starting values in place where scores are hidden", async () => {
  const world = createWorld(() => ({ status: "recorded", message: "Recorded." }));
  const context = await play(world, {
    startReply: { status: "recorded", message: "" },
    limits: { timeMs: 50_000 },
  });
  expect(world.files.get(path)).toBe(start);
  expect(context.notes[0]).toMatch(/: recorded, taken back/);
});

test("stops while there is time to score what was kept where the last entry counts", async () => {
  const last = {
    name: "time",
    unit: "ms",
    direction: "lower",
    final: "last",
    visible: true,
    mostRequests: null,
  } as const;
  const world = createWorld(scoreOf);
  const context = await play(world, {
    task: { score: last },
    operationMs: 10_000,
    limits: { timeMs: 300_000 },
  });
  expect(context.notes.at(-1)).toBe("stopping while there is time to score what was kept");
  const written = context.record.operations.findLast(({ kind }) => kind === "writeFile");
  expect(written?.request).toContain(JSON.stringify(world.files.get(path)));
});

test("returns with a note when there is nothing to tweak, or no more", async () => {
  const nothing = await play(createWorld(scoreOf, "mode = 'x'\n"));
  expect(nothing.notes).toEqual(["there is nothing (more) to tweak in the workspace"]);
  const one = await play(createWorld(() => scored(2), "N = 100\n"));
  expect(one.notes.at(-1)).toBe("there is nothing (more) to tweak in the workspace");
  expect(one.record.operations.filter(({ kind }) => kind === "score")).toHaveLength(6);
});

test("runs the solution command after each edit, and again for the kept values where the last entry counts", async () => {
  const artefact = "/workspace/weights";
  const made: string[] = [];
  const score = (files: ReadonlyMap<string, string>) => scoreOf(new Map([[path, files.get(artefact) ?? ""]]));
  const world: FakeWorld = new FakeWorld({
    files: { [path]: start },
    exec: async ([program]) => {
      if (program === "find") return toExecResult({ stdout: "./solution.py\0" });
      const text = world.files.get(path) ?? "";
      made.push(text);
      if (constantIn(text, "THREADS") === 2) return toExecResult({ exitCode: 1, stderr: "out of luck" });
      world.files.set(artefact, text);
      return toExecResult({});
    },
    score,
  });
  const context = await play(world, {
    task: {
      solutionCommand: ["make"],
      score: {
        name: "time",
        unit: "ms",
        direction: "lower",
        final: "last",
        visible: true,
        mostRequests: null,
      },
    },
    limits: { timeMs: 400_000 },
  });
  expect(world.files.get(path)).toMatch(/BLOCK = 64\nTHREADS = (3|4|5)/);
  expect(world.files.get(artefact)).toBe(world.files.get(path));
  expect(context.notes.filter((note) => note.includes("exit code 1: out of luck, taken back"))).not.toEqual(
    [],
  );
  expect(made.length).toBeGreaterThan(5);
});

test("gives up when scorings say nothing ten times in a row", async () => {
  const context = await play(createWorld(() => ({ status: "not-scored", message: "judge failed" })));
  expect(context.notes.at(-1)).toBe("giving up: 10 steps in a row gave no result");
});

test("its state is a function of the record, wherever a run is cut, and chance is the run's", async () => {
  const init = { createWorld: () => createWorld(scoreOf), limits: { timeMs: 60_000 } };
  const first = await replayFromEveryCut(createTweak, init);
  expect(await replayFromEveryCut(createTweak, { ...init, seed: 2 })).not.toEqual(first);
});

test("finds the workspace's own text files with the real find", async () => {
  await using machine = await SandboxMachine.open(bubblewrapDriver);
  const { workspace } = machine;
  for (const name of [
    "solution.py",
    "lib/b.h",
    "lib/a.yaml",
    "tests/t.py",
    ".git/c.py",
    "test_x.py",
    "odd\nname.py",
    "notes.md",
  ]) {
    await machine.writeFile(`${workspace}/${name}`, "N = 1\n");
  }
  await machine.writeFile(`${workspace}/big.json`, " ".repeat(200_000));
  const context = new FakeContext({
    world: machine,
    task: { workspace, solutionFiles: ["./solution.py"] },
    stopAfter: 5,
  });
  await runToEnd(createTweak(), context);
  const read = context.record.operations
    .filter(({ kind }) => kind === "readFile")
    .map(({ request }) => JSON.parse(request).path);
  expect(read).toEqual(
    ["solution.py", "lib/a.yaml", "lib/b.h", "odd\nname.py"].map((name) => `${workspace}/${name}`),
  );
});
