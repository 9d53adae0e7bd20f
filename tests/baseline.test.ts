import { cp, readFile, stat } from "node:fs/promises";
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
