import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findReference, listEnvironments, loadEnvironment } from "./load-environment.ts";
import { exampleManifest, writeEnvironment } from "./testing/write-environment.ts";

test("a complete folder loads", async () => {
  await using folder = await writeEnvironment();
  const environment = await loadEnvironment("demo", { roots: [folder.root] });
  expect(environment).toMatchObject({
    manifest: { id: "demo" },
    directory: join(folder.root, "demo"),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(await findReference(environment)).toBe(join(folder.root, "demo", "reference"));
});

test("an unknown id names the roots and the closest id", async () => {
  await using folder = await writeEnvironment();
  await expect(loadEnvironment("dmeo", { roots: [folder.root] })).rejects.toMatchObject({
    code: "ENVIRONMENT_UNKNOWN",
    exitCode: 2,
    message: expect.stringContaining(folder.root),
    remedy: expect.stringContaining('"demo"'),
  });
});

test("a path is not an id", async () => {
  await using folder = await writeEnvironment();
  await expect(loadEnvironment("../demo", { roots: [folder.root] })).rejects.toMatchObject({
    code: "ENVIRONMENT_UNKNOWN",
  });
});

test("a broken manifest names file, line and key", async () => {
  await using folder = await writeEnvironment({
    "environment.yaml": exampleManifest.replace("direction:", "directoin:"),
  });
  await expect(loadEnvironment("demo", { roots: [folder.root] })).rejects.toMatchObject({
    code: "ENVIRONMENT_BROKEN",
    exitCode: 3,
    message: `${join(folder.root, "demo", "environment.yaml")}:8: score.directoin: unknown key`,
    remedy: 'did you mean "direction" instead of "directoin"?',
  });
});

test.each(["instructions.md", "start/solution.py", "judge/judge.py", "prepare.py", "README.md"])(
  "a folder without %s is broken",
  async (missing) => {
    await using folder = await writeEnvironment({ [missing]: null });
    await expect(loadEnvironment("demo", { roots: [folder.root] })).rejects.toMatchObject({
      code: "ENVIRONMENT_BROKEN",
      message: expect.stringContaining(missing.split("/")[0] ?? ""),
    });
  },
);

test("a folder without reference loads, as in the published package, and has no reference to install", async () => {
  await using folder = await writeEnvironment({ "reference/solution.py": null });
  expect(await findReference(await loadEnvironment("demo", { roots: [folder.root] }))).toBeNull();
});

const contradictions: readonly [string, string, string, RegExp][] = [
  [
    "an id that is not the folder's",
    "id: demo",
    "id: other",
    /"other" is not the name of its folder, "demo"/,
  ],
  ["a solution outside the workspace", "[solution.py]", "[../x]", /"..\/x" leads out of the workspace/],
  [
    "a reference worse than the start",
    "{ kind: measured-here }",
    "{ kind: published, source: x, start: { raw: 1 }, reference: { raw: 2 } }",
    /not better than the start, where lower is better/,
  ],
  [
    "a gateway network and no gateway",
    "network: none",
    "network: gateway",
    /missing where network is gateway/,
  ],
  [
    "a gateway that no network leads to",
    "parameters: {",
    "gateway: { models: {} }\n    parameters: {",
    /not used where network is none/,
  ],
  ["a parameter with a built-in name", "size: 5", "size: 5, cpus: 3", /belongs to a placeholder/],
];

test.each(contradictions)("a manifest with %s is broken", async (_, from, to, message) => {
  await using folder = await writeEnvironment({ "environment.yaml": exampleManifest.replace(from, to) });
  await expect(loadEnvironment("demo", { roots: [folder.root] })).rejects.toMatchObject({
    code: "ENVIRONMENT_BROKEN",
    message: expect.stringMatching(message),
  });
});

const phase = "{ calls: 1, maxOutputTokens: 1 }";
test.each([
  ["answered by nobody", `m: { agent: ${phase} }`, /answered by none or by two/],
  [
    "answered by two",
    `m: { program: judge/judge.py, model: a/b, agent: ${phase} }`,
    /answered by none or by two/,
  ],
  [
    "answered by a file that is missing",
    `m: { program: gateway/none.py }`,
    /there is no file gateway\/none.py/,
  ],
  [
    "simulated and asked by programs",
    `m: { program: judge/judge.py, programs: ${phase} }`,
    /real models alone/,
  ],
  ["from outside the folder", "m: { program: ../x.py }", /a Python file in the environment's folder/],
  ["named like a path upwards", "'../m': { model: a/b }", /models/],
])("a gateway with a model %s is broken", async (_, models, message) => {
  const manifest = exampleManifest
    .replace("network: none", "network: gateway")
    .replace("parameters: {", `gateway: { models: { ${models} } }\n    parameters: {`);
  await using folder = await writeEnvironment({ "environment.yaml": manifest });
  await expect(loadEnvironment("demo", { roots: [folder.root] })).rejects.toMatchObject({
    code: "ENVIRONMENT_BROKEN",
    message: expect.stringMatching(message),
  });
});

test("an unknown placeholder is found on loading, with its line", async () => {
  await using folder = await writeEnvironment({
    "instructions.md": "One\n{{^visible}}\n{{siez}}\n{{/visible}}\n",
  });
  await expect(loadEnvironment("demo", { roots: [folder.root] })).rejects.toMatchObject({
    code: "ENVIRONMENT_BROKEN",
    message: expect.stringMatching(/instructions.md:3: nothing is called \{\{siez\}\}/),
    remedy: expect.stringContaining("{{size}}"),
  });
});

test("the hash follows what can change a score and nothing else", async () => {
  await using folder = await writeEnvironment({ "tests/test_judge.py": "" });
  const hash = async () => (await loadEnvironment("demo", { roots: [folder.root] })).sha256;
  const before = await hash();
  await folder.write("README.md", "# Other\n");
  await folder.write("tests/test_judge.py", "pass\n");
  await folder.write("judge/__pycache__/judge.pyc", "x");
  expect(await hash()).toBe(before);
  await folder.write("judge/judge.py", "pass  \n");
  const edited = await hash();
  expect(edited).not.toBe(before);
  await folder.write("judge/tests/helper.py", "");
  expect(await hash()).not.toBe(edited);
});

test("a list shows broken environments too", async () => {
  await using folder = await writeEnvironment({ "prepare.py": null });
  await using other = await writeEnvironment({ "environment.yaml": "" });
  expect(await listEnvironments({ roots: [folder.root, other.root] })).toMatchObject([
    { status: "broken", id: "demo", error: { message: expect.stringContaining("prepare.py") } },
  ]);
});

test("a root without environments, or without existence, has none", async () => {
  const empty = await mkdtemp(join(tmpdir(), "rebench-empty-"));
  expect(await listEnvironments({ roots: [empty, join(empty, "nothing")] })).toEqual([]);
  await rm(empty, { recursive: true });
});
