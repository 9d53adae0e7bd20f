import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { runRebench } from "./command-line/rebench.ts";
import { openTemporaryFolder } from "./command-line/temporary-folder.ts";

const reportSchema = z.looseObject({
  passed: z.boolean(),
  checks: z.array(z.looseObject({ id: z.string(), passed: z.boolean() })),
});

const words = ["check-environment", "quick", "--rescorings", "6", "--json"];

function failedChecks(stdout: string): readonly string[] {
  return reportSchema.parse(JSON.parse(stdout)).checks.flatMap(({ id, passed }) => (passed ? [] : [id]));
}

test("a sound environment passes every check", async () => {
  const { exitCode, stdout, stderr } = await runRebench(words);
  expect([exitCode, failedChecks(stdout)], stderr).toEqual([0, []]);
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
