import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
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

/** Believes a file that whoever made the submission may have written. */
const believesFiles = `
    claimed = request.snapshot / "result.json"
    if claimed.is_file():
        return Scored(json.loads(claimed.read_text())["raw"], "")
`;

/** Believes what the submission prints. */
const believesOutput = `
    command = [*request.runner, "python3", "/workspace/solution.py"]
    try:
        printed = subprocess.run(command, timeout=3, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    except subprocess.TimeoutExpired:
        return Invalid("too-slow", "")
    for line in printed.splitlines():
        if line.startswith(b"{"):
            return Scored(json.loads(line)["raw"], "")
`;

test.concurrent.each([
  [
    "scatters below the start, where normalized scores are cut off at 0, and believes files of a submission",
    'float(level[1]) + (20 * (request.seed[0] / 255) if level[1] == "10" else 0)',
    believesFiles,
    ["start", "start-spread", "exploit-forged-files", "agent-forger"],
  ],
  [
    "cannot tell start from reference, and believes what a submission prints",
    "5.0",
    believesOutput,
    ["start", "reference", "exploit-nothing", "exploit-forged-output"],
  ],
])("an environment that %s does not", async (_what, raw, believes, failed) => {
  await using folder = await openTemporaryFolder();
  await cp("tests/fixtures/environments/quick", join(folder.path, "quick"), { recursive: true });
  const judge = join(folder.path, "quick", "judge", "judge.py");
  const source = await readFile(judge, "utf8");
  await writeFile(
    judge,
    source
      .replace("import re\n", "import json\nimport re\nimport subprocess\n")
      .replace("Scored(float(level[1]),", `Scored(${raw},`)
      .replace('    path = request.snapshot / "solution.py"\n', `${believes}$&`),
  );
  await mkdir(join(folder.path, "quick", "judge", "runner"));
  const { exitCode, stdout, stderr } = await runRebench(words, { REBENCH_ENVIRONMENTS: folder.path });
  expect(exitCode, stderr).toBe(5);
  expect(failedChecks(stdout)).toEqual(failed);
});
