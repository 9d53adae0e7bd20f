import { cp, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { runRebench, startRebench } from "./command-line/rebench.ts";
import { openTemporaryFolder } from "./command-line/temporary-folder.ts";

const reportSchema = z.object({
  figure: z.string(),
  runs: z.array(
    z.looseObject({ runId: z.string(), agent: z.looseObject({ id: z.string() }), normalized: z.number() }),
  ),
});

test("baseline runs both solutions, goes on after a kill, and does nothing twice", async () => {
  await using folder = await openTemporaryFolder();
  const environments = join(folder.path, "environments");
  await cp("tests/fixtures/environments/quick", join(environments, "quick"), { recursive: true });
  const words = [
    ...["baseline", "quick", "--json"],
    ...["--runs", join(folder.path, "runs"), "--out", join(folder.path, "out")],
  ];
  const env = { REBENCH_ENVIRONMENTS: environments };

  const killed = startRebench(words, env);
  while (!killed.stderr().includes("entry 0")) await sleep(20);
  process.kill(-killed.pid, "SIGKILL");
  await killed.ended;
  const second = await runRebench(words, env);
  expect(second.exitCode, second.stderr).toBe(0);
  expect(second.stderr).toContain("goes on");
  const first = reportSchema.parse(JSON.parse(second.stdout));
  expect(first.runs.map(({ agent, normalized }) => [agent.id, normalized])).toEqual([
    ["solution:starting", 0],
    ["solution:reference", 1],
  ]);
  expect(await readFile(first.figure, "utf8")).toContain("reference");
  expect((await stat(join(folder.path, "out", "baseline.png"))).size).toBeGreaterThan(1_000);

  const third = await runRebench(words, env);
  expect(third.stderr.match(/done before/g)).toHaveLength(2);
  const again = reportSchema.parse(JSON.parse(third.stdout));
  expect(again.runs.map(({ runId }) => runId)).toEqual(first.runs.map(({ runId }) => runId));
});

test("an environment that fails stops no other, is named at the end and sets the exit code", async () => {
  await using folder = await openTemporaryFolder();
  const environments = join(folder.path, "environments");
  for (const id of ["failing", "scoreless", "sound"]) {
    await cp("tests/fixtures/environments/quick", join(environments, id), { recursive: true });
    const manifest = join(environments, id, "environment.yaml");
    await writeFile(manifest, (await readFile(manifest, "utf8")).replace("id: quick", `id: ${id}`));
  }
  await writeFile(join(environments, "failing", "prepare.py"), "raise SystemExit('no network')\n");
  await writeFile(join(environments, "scoreless", "judge", "judge.py"), "raise ValueError\n");
  const words = ["baseline", "failing", "scoreless", "sound", "--runs", join(folder.path, "runs")];
  const ended = await runRebench([...words, "--out", join(folder.path, "out"), "--json"], {
    REBENCH_ENVIRONMENTS: environments,
  });
  expect(ended.exitCode, ended.stderr).toBe(4);
  const { runs, failures } = failuresSchema.parse(JSON.parse(ended.stdout));
  expect(failures.map(({ environment, message }) => [environment, message])).toEqual([
    ["failing", expect.stringContaining("no network")],
    ["scoreless", expect.stringContaining("solution:starting has no score")],
    ["scoreless", expect.stringContaining("solution:reference has no score")],
  ]);
  expect(runs.map(({ environment, normalized }) => [environment, normalized])).toEqual([
    ["scoreless", null],
    ["scoreless", null],
    ["sound", 0],
    ["sound", 1],
  ]);
});

const failuresSchema = z.object({
  seconds: z.number(),
  failures: z.array(z.object({ environment: z.string(), message: z.string() }).loose()),
  runs: z.array(z.looseObject({ environment: z.string(), normalized: z.number().nullable() })),
});

const listSchema = z.array(z.looseObject({ error: z.string().optional() }));

test("without names every environment is to be run", async () => {
  await using folder = await openTemporaryFolder();
  const started = startRebench(["baseline", "--runs", folder.path, "--out", folder.path]);
  while (!started.stderr().includes("1 of ") && started.child.exitCode === null) await sleep(20);
  process.kill(-started.pid, "SIGKILL");
  const { stderr } = await started.ended;
  const listed = listSchema.parse(JSON.parse((await runRebench(["list", "--json"])).stdout));
  const sound = listed.filter(({ error }) => error === undefined);
  expect(sound.length).toBeGreaterThan(4);
  expect(stderr).toContain(`1 of ${2 * sound.length} · 0:0`);
});
