import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { runRebench } from "./command-line/rebench.ts";
import { openTemporaryFolder } from "./command-line/temporary-folder.ts";

/** What is made smaller, file by file: each pattern has to be there. The code that runs is the real one. */
const smaller: Readonly<Record<string, Readonly<Record<string, readonly (readonly [RegExp, string])[]>>>> = {
  "fix-embedding": {
    "environment.yaml": [
      [/largeSteps: \d+/, "largeSteps: 100"],
      [/smallSteps: \d+/, "smallSteps: 100"],
      [/testWindows: 2048/, "testWindows: 256"],
    ],
    "reference/solve.py": [
      [/steps=600, batch=16/, "steps=60, batch=16"],
      [/steps=800, batch=16/, "steps=60, batch=16"],
    ],
  },
  "restricted-mlm": {
    "environment.yaml": [[/scoredWindows: 1024/, "scoredWindows: 256"]],
    "start/solve.py": [[/STEPS = \d+/, "STEPS = 20"]],
    "reference/solve.py": [[/1_500/, "60"]],
  },
  "scaling-law": {
    "environment.yaml": [],
    "reference/solve.py": [[/1130, 8\), [^\n]*/, "1130, 1), (1.0, 635, 1), (0.7, 445, 1), (0.5, 565, 1))"]],
  },
};
const ids = Object.keys(smaller);

let folder: Awaited<ReturnType<typeof openTemporaryFolder>>;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = await openTemporaryFolder();
  const environments = join(folder.path, "environments");
  await mkdir(environments);
  for (const id of ids) {
    const copy = join(environments, `small-${id}`);
    await cp(join("environments", id), copy, { recursive: true });
    for (const [file, changes] of Object.entries(smaller[id] ?? {})) {
      let text = await readFile(join(copy, file), "utf8");
      if (file === "environment.yaml") text = text.replace(`id: ${id}`, `id: small-${id}`);
      for (const [pattern, replacement] of changes) {
        expect(text, `${id}/${file}`).toMatch(pattern);
        text = text.replace(pattern, replacement);
      }
      await writeFile(join(copy, file), text);
    }
  }
  env = { REBENCH_ENVIRONMENTS: environments, REBENCH_RUNS: join(folder.path, "runs") };
});
afterAll(() => folder[Symbol.asyncDispose]());

const runSchema = z.looseObject({
  raw: z.number(),
  ending: z.looseObject({ reason: z.string() }),
  entries: z.array(
    z.looseObject({ result: z.looseObject({ result: z.string(), raw: z.number().optional() }) }),
  ),
});

async function run(id: string, ...words: readonly string[]) {
  const { exitCode, stdout, stderr } = await runRebench(["run", `small-${id}`, ...words, "--json"], env);
  expect(exitCode, stderr).toBe(0);
  return runSchema.parse(JSON.parse(stdout));
}

test.each(ids)("%s, made small: the reference beats the start, and the record holds", async (id) => {
  const { entries, ending } = await run(id, "--agent", "solution:reference");
  expect(ending.reason).toBe("agent-finished");
  const [start, reference] = entries.map(({ result }) => result.raw ?? Number.NaN);
  const isBetter =
    id === "scaling-law" ? Number(reference) > Number(start) : Number(reference) < Number(start);
  expect(isBetter, `start ${start}, reference ${reference}`).toBe(true);
  const verified = await runRebench(["verify", "last"], env);
  expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
});

test("tweak makes each solution anew with the environment's own command and scores it", async () => {
  const { entries, ending } = await run("restricted-mlm", "--agent", "tweak", "--time", "25s");
  expect(ending.reason).toBe("time-limit");
  const raws = entries.map(({ result }) => result.raw).filter((raw) => raw !== undefined);
  expect(new Set(raws).size).toBeGreaterThan(1);
});

test.each(ids)("%s: instructions say all they need at both scales, shown and hidden", async (id) => {
  for (const words of [[], ["--hidden"], ["--scale", "paper"], ["--scale", "paper", "--hidden"]]) {
    const { exitCode, stdout, stderr } = await runRebench(["show", `small-${id}`, ...words], env);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).not.toMatch(/\{\{|undefined/);
    for (const file of await readdir(join("environments", id, "start"))) {
      if (file.startsWith("solve")) expect(stdout).toContain(file);
    }
  }
});
