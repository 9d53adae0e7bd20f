import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type ScriptedServer, startScriptedServer } from "../../src/model/index.ts";
import { type EndedRebench, runRebench } from "../command-line/rebench.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";

/** Asks the weak coder for a level; the reference takes one off. */
const solve = `
import json, os, urllib.request
from rest import TAKEN
body = {"model": "weak-coder", "messages": [{"role": "user", "content": "a level"}], "max_tokens": 10}
url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
with urllib.request.urlopen(request, timeout=20) as answer:
    level = int(json.load(answer)["choices"][0]["message"]["content"])
open("solution.py", "w").write(f"LEVEL = {level - TAKEN}\\n")
`;

const weakCoder = `
from rebench_common.gateway import GatewayContext, Generate, ModelAnswer, ModelRequest

def open_model(context: GatewayContext) -> Generate:
    return lambda request: ModelAnswer("4", 1, 1)
`;

/** The test environment, its solutions made from what a simulated weak coder says. */
async function makeEnvironment(root: string): Promise<void> {
  const folder = join(root, "coded");
  await cp("tests/fixtures/environments/quick", folder, { recursive: true });
  const manifest = await readFile(join(folder, "environment.yaml"), "utf8");
  const gateway = `
    gateway:
      models:
        weak-coder:
          program: gateway/weak_coder.py
          agent: { calls: 9, maxOutputTokens: 50 }
`;
  await writeFile(
    join(folder, "environment.yaml"),
    manifest
      .replace("id: quick", "id: coded")
      .replace("network: none", "network: gateway")
      .replace("files: [solution.py] }", "files: [solution.py], command: [python3, solve.py] }")
      .replace("\n    parameters: {}", `${gateway.trimEnd()}\n    parameters: {}`)
      .replace(/anchors:[\s\S]*?(?= {2}paper)/, "anchors: { kind: measured-here }\n"),
  );
  await mkdir(join(folder, "gateway"));
  await writeFile(join(folder, "gateway", "weak_coder.py"), weakCoder);
  for (const [which, taken] of [
    ["start", 0],
    ["reference", 1],
  ] as const) {
    await writeFile(join(folder, which, "solve.py"), solve);
    await writeFile(join(folder, which, "rest.py"), `TAKEN = ${taken}\n`);
  }
}

const answers = { script: { atEnd: "repeat-last" as const, steps: [{ text: "7" }] } };
const weak = (server: ScriptedServer) => [
  ...["--weak-model", "openai-compatible/strong", "--gateway-base-url", server.baseUrl],
];

const anchorsSchema = z.looseObject({
  start: z.looseObject({ raw: z.number() }),
  reference: z.looseObject({ raw: z.number() }),
});
const rawsOf = (ended: EndedRebench) => {
  expect(ended.exitCode, ended.stderr).toBe(0);
  const { start, reference } = anchorsSchema.parse(JSON.parse(ended.stdout));
  return [start.raw, reference.raw];
};

let env: Readonly<Record<string, string>>;
let folder: Awaited<ReturnType<typeof openTemporaryFolder>>;
beforeAll(async () => {
  folder = await openTemporaryFolder();
  await makeEnvironment(folder.path);
  env = { REBENCH_ENVIRONMENTS: folder.path };
  return () => folder[Symbol.asyncDispose]();
});

test("anchors are measured with the model that programs are given, and kept apart from the simulated one's", async () => {
  await using server = await startScriptedServer(answers);
  const words = ["calibrate", "coded", "--scorings", "1", "--json"];
  expect(rawsOf(await runRebench([...words, ...weak(server)], env))).toEqual([7, 6]);
  expect(rawsOf(await runRebench(words, env))).toEqual([4, 3]);

  const check = ["check-environment", "coded", "--rescorings", "2", "--json"];
  const checked = await runRebench([...check, ...weak(server)], env);
  expect(checked.exitCode, checked.stderr).toBe(0);
  const report = z.looseObject({ anchors: anchorsSchema }).parse(JSON.parse(checked.stdout));
  expect(report.anchors).toMatchObject({ start: { raw: 7 }, reference: { raw: 6 } });
});

test("a baseline with one model does not stand in for that with another", async () => {
  await using server = await startScriptedServer(answers);
  const words = ["baseline", "coded", "--json", "--out", folder.path, "--runs", join(folder.path, "runs")];
  const schema = z.object({ runs: z.array(z.looseObject({ runId: z.string(), raw: z.number() })) });
  const baseline = async (more: readonly string[]) => {
    const ended = await runRebench([...words, ...more], env);
    expect(ended.exitCode, ended.stderr).toBe(0);
    return schema.parse(JSON.parse(ended.stdout)).runs;
  };
  const simulated = await baseline([]);
  expect(simulated.map(({ raw }) => raw)).toEqual([4, 3]);
  expect((await baseline(weak(server))).map(({ raw }) => raw)).toEqual([7, 6]);
  expect(await baseline([])).toEqual(simulated);
});

test.each([
  ["run", ["--agent", "solution:starting"]],
  ["calibrate", []],
  ["check-environment", []],
  ["baseline", []],
])("%s refuses a weak model where no program asks one", async (command, more) => {
  const words = [command, "quick", ...more, "--weak-model", "openai/any", "--json"];
  const { exitCode, stdout } = await runRebench(words);
  expect([exitCode, JSON.parse(stdout)]).toMatchObject([2, { error: { code: "GATEWAY_MODEL_UNKNOWN" } }]);
});

test("two models for one name contradict each other", async () => {
  const words = ["calibrate", "coded", "--weak-model", "openai/a", "--gateway-model", "weak-coder=openai/b"];
  expect(await runRebench(words, env)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("contradict each other"),
  });
});
