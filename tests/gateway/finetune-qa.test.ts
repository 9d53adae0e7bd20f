import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { verifyRun } from "../../src/run/index.ts";
import { carryOut, shell } from "../adversarial/live-run.ts";
import { openHost } from "../adversarial/open-host.ts";

const folder = join(import.meta.dirname, "..", "..", "environments", "finetune-qa");
const calls = 5;

/** The service as it is, with what it needs of the judge, before two prompts. */
const files = {
  ...Object.fromEntries(
    ["gateway/preferences.py", "judge/preference.py", "judge/judge_model.py", "judge/prompts.py"].map(
      (path) => [path, readFileSync(join(folder, path), "utf8")],
    ),
  ),
  "prepare.py": `
import json, sys
from pathlib import Path
out = Path(sys.argv[sys.argv.index("--out") + 1])
for part in ("agent", "judge"):
    (out / part).mkdir(parents=True)
prompts = [{"instruction": "Say again: fox.", "items": ["fox"], "form": "plain"}] * 2
(out / "judge" / "train.json").write_text(json.dumps(prompts))
(out / "judge" / "verdicts.txt").write_text("1")
`,
};

const withPreferences = (manifest: string): string =>
  manifest.replace("network: none", "network: gateway").replace(
    "    parameters: {}\n",
    `    parameters: { comparisonsPerCall: 2 }
    gateway:
      services:
        preferences: { program: gateway/preferences.py, agent: { calls: ${calls} } }
`,
  );

/** Sends requests of all kinds, then far more good ones than there are calls, all at once. */
const hammer = `
import json, os, urllib.request
from concurrent.futures import ThreadPoolExecutor
def ask(comparisons):
    url = os.environ["REBENCH_GATEWAY_URL"] + "/v1/services/preferences"
    try:
        with urllib.request.urlopen(url, json.dumps({"comparisons": comparisons}).encode(), timeout=60) as answer:
            return json.load(answer)["preferred"]
    except urllib.error.HTTPError as error:
        return [error.code, json.load(error)["error"]]
good = {"prompt": 0, "first": "fox.", "second": ""}
refused = [ask([good] * 3), ask([good | {"prompt": 2}]), ask([])]
with ThreadPoolExecutor(16) as pool:
    answers = list(pool.map(ask, [[good, good]] * 60))
print(json.dumps([refused, answers]))
`;

const refusal = z.tuple([z.int(), z.looseObject({ code: z.string(), message: z.string() })]);
const heardSchema = z.tuple([
  z.array(refusal),
  z.array(z.union([refusal, z.array(z.enum(["first", "second"]))])),
]);

test("preferences hammered over their budget: so many calls are served, and the rest is told why not", async () => {
  const heard: z.infer<typeof heardSchema>[] = [];
  await using run = await carryOut(
    await openHost(),
    async (context) => {
      await context.writeFile("program.py", hammer);
      heard.push(heardSchema.parse(JSON.parse(await shell(context, "python3 program.py"))));
    },
    { manifest: withPreferences, files },
  );
  const [refused, answers] = heard[0] ?? [[], []];
  expect(refused.map(([status, { code, message }]) => [status, code, message])).toEqual([
    [422, "service_refused", '"comparisons" has to be a list of 1 to 2 comparisons.'],
    [422, "service_refused", 'Comparison 0: "prompt" has to be a place in prompts.json, 0 to 1.'],
    [422, "service_refused", '"comparisons" has to be a list of 1 to 2 comparisons.'],
  ]);
  const served = answers.filter((answer) => typeof answer[0] === "string");
  const over = answers.flatMap((answer) => (typeof answer[0] === "number" ? [answer] : []));
  // What was refused for its form has cost something or nothing; nothing is served beyond the budget.
  expect(served.length).toBeLessThanOrEqual(calls);
  expect(served.length).toBeGreaterThan(0);
  expect(new Set(served.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(over.length).toBe(60 - served.length);
  expect(over).toContainEqual([
    429,
    expect.objectContaining({
      code: "budget_used_up",
      message: "budget used up: no more calls of preferences are allowed",
    }),
  ]);
  expect(run.state.usage.gateway.calls).toEqual({ "services/preferences": served.length });
  const { checks } = await verifyRun(run.paths);
  expect(checks.flatMap(({ problems }) => problems)).toEqual([]);
});
