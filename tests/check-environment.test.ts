import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { locateCache } from "../src/machine/index.ts";
import { runRebench } from "./command-line/rebench.ts";
import { openTemporaryFolder } from "./command-line/temporary-folder.ts";

const reportSchema = z.looseObject({
  passed: z.boolean(),
  checks: z.array(z.looseObject({ id: z.string(), passed: z.boolean(), values: z.array(z.number()) })),
});

const words = ["check-environment", "quick", "--rescorings", "6", "--json"];

function failedChecks(stdout: string): readonly string[] {
  return reportSchema.parse(JSON.parse(stdout)).checks.flatMap(({ id, passed }) => (passed ? [] : [id]));
}

const listAssets = () => readdir(join(locateCache(process.env), "assets", "quick")).catch(() => []);

test("a sound environment passes every check, over several preparations, and leaves no assets behind", async () => {
  await using folder = await openTemporaryFolder();
  await cp("tests/fixtures/environments/quick", join(folder.path, "quick"), { recursive: true });
  const before = await listAssets();
  const { exitCode, stdout, stderr } = await runRebench([...words, "--preparations", "3"], {
    REBENCH_ENVIRONMENTS: folder.path,
  });
  expect([exitCode, failedChecks(stdout)], stderr).toEqual([0, []]);
  const { checks } = reportSchema.parse(JSON.parse(stdout));
  expect(checks.find(({ id }) => id === "reference")?.values).toEqual([1, 1, 1]);
  expect(await listAssets()).toEqual(before);
});

test.each([
  [
    "scatters below the start, where normalized scores are cut off at 0",
    'float(level[1]) + (20 * (request.seed[0] / 255) if level[1] == "10" else 0)',
    ["start", "start-spread"],
  ],
  ["cannot tell start from reference", "5.0", ["start", "reference"]],
])("an environment that %s does not", async (_what, raw, failed) => {
  await using folder = await openTemporaryFolder();
  await cp("tests/fixtures/environments/quick", join(folder.path, "quick"), { recursive: true });
  const judge = join(folder.path, "quick", "judge", "judge.py");
  const source = await readFile(judge, "utf8");
  await writeFile(judge, source.replace("Scored(float(level[1]),", `Scored(${raw},`));
  const { exitCode, stdout, stderr } = await runRebench(words, { REBENCH_ENVIRONMENTS: folder.path });
  expect(exitCode, stderr).toBe(5);
  expect(failedChecks(stdout)).toEqual(failed);
});
