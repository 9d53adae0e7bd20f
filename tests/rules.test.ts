import { chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startScriptedServer } from "../src/model/index.ts";
import { BlobStore, loadRunRecord, loadRunSummary, toRunPaths } from "../src/run/index.ts";
import { judgeAnswerSchema } from "../src/scoring/index.ts";
import { modularRun, runRebench } from "./command-line/rebench.ts";
import { eventsOfType, onlyRun, readEventsOf } from "./command-line/run-folder.ts";
import { bashStep, endingTokens, lastStep, scoreStep } from "./scripted/scripted-run.ts";

/** The ten rules of the design, and for each the tests elsewhere that prove it; what they leave is proven below. */
const proofs: Readonly<Record<string, readonly (readonly [file: string, title: string])[]>> = {
  "1 no secret enters the sandbox": [
    ["src/sandbox/sandbox-contract.ts", "a command has exactly the sandbox's variables"],
    ["src/sandbox/sandbox-contract.ts", "no name of this machine, its user or its folders can be read"],
    [
      "src/sandbox/bubblewrap/jail.test.ts",
      "the runner sees the snapshot, its own folder and nothing of the judge",
    ],
    ["src/environment/prepare-assets.test.ts", "and no keys of model providers"],
    ["src/model/open-language-model.test.ts", "neither the key nor an address is in what a failure says"],
  ],
  "2 the judge never runs submitted code": [
    ["src/scoring/run-judge.test.ts", "modules in the snapshot and the scratch folder are not imported"],
    ["src/scoring/run-judge.test.ts", "a judge starts a program of the submission in a runner"],
    ["src/sandbox/bubblewrap/jail.test.ts", "the runner sees only processes of its own"],
  ],
  "3 what is scored is a frozen, hashed snapshot": [
    ["src/scoring/scorer.test.ts", "scores what was collected, though the workspace has changed since"],
    ["src/scoring/snapshot-store.test.ts", "a changed byte is SNAPSHOT_CORRUPT and names the file"],
  ],
  "4 every scoring uses fresh inputs": [
    ["src/scoring/scorer.test.ts", "each scoring has a seed of its own"],
    ["tests/crash/kill.test.ts", "loses and doubles nothing"],
  ],
  "5 one clock": [
    ["src/run/clock.test.ts", "property: never more than the wall time, never negative"],
    ["tests/scripted/scripted.test.ts", "the run goes on, ends in order, and none of it is on the clock"],
    ["tests/scripted/waiting.test.ts", "while the provider is waited for, nothing in the sandbox runs"],
  ],
  "6 the run directory is the truth": [
    ["src/run/event-log.test.ts", "reads back what was appended, in order and linked"],
    ["src/run/execute.test.ts", "survives being cut off at any byte of its log"],
    ["tests/crash/kill.test.ts", "loses and doubles nothing"],
  ],
  "7 a person and an agent make the same record": [],
  "8 invalid is not a number": [
    [
      "src/scoring/normalize.test.ts",
      "test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])",
    ],
    ["src/scoring/score-log.test.ts", "an empty log and one without a score have no final entry"],
    ["src/model/prices.test.ts", "an unknown price or an unknown number of tokens is null, never 0"],
  ],
  "9 every number says where it comes from": [
    ["src/environment/measured-anchors.test.ts", "the record keeps every single score and all versions"],
  ],
  "10 denominators never change silently": [
    ["src/run/execute.test.ts", "a start that cannot be scored ends the run as the platform's failure"],
    ["src/scoring/confirm.test.ts", "fewer than three outcomes are too few"],
  ],
};

const cited = Object.entries(proofs).flatMap(([rule, list]) =>
  list.map(([file, title]) => [rule, file, title]),
);

test.each(cited)("rule %s is proven in %s: %s", async (_, file, title) => {
  expect(await readFile(file, "utf8")).toContain(title);
});

let folder: string;
/** A run that scored 10 and 4 and ended in order. */
let good: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rebench-rules-"));
  const steps = [bashStep("echo 'LEVEL = 4' > solution.py"), scoreStep, lastStep];
  await using server = await startScriptedServer({ script: { steps } });
  const runs = join(folder, "good");
  const more = ["--tokens", String(endingTokens)];
  expect((await runRebench(modularRun({ baseUrl: server.baseUrl, runs, more }))).exitCode).toBe(0);
  good = onlyRun(runs);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function copyOfGood(name: string): Promise<string> {
  const copy = join(folder, name);
  await cp(good, copy, { recursive: true });
  return copy;
}

describe("rule 1", () => {
  /** Matches every planted text and not itself, so that the search does not find its own command. */
  const planted = "plante[d]-for-the-(key|judge|assets|reference|agent)";

  test("a sandbox of a real run holds no key, no reference, nothing of the judge, no path of the host", async () => {
    const environments = join(folder, "environments");
    await plantSecrets(join(environments, "planted"));
    const search = [
      "set -o pipefail",
      `grep -rlsaE -D skip '${planted}' / --exclude-dir=proc --exclude-dir=sys --exclude-dir=dev --exclude-dir=usr --exclude-dir=opt`,
      `grep -rlsaE -D skip '${planted}' /dev/shm /usr/local /opt --include='*.py' --include='*.txt' --include='*.json'`,
      `grep -lsaE '${planted}' /proc/[0-9]*/environ /proc/[0-9]*/cmdline /proc/[0-9]*/task/*/environ`,
      "echo MOUNTS; cat /proc/self/mountinfo /proc/mounts; env; ls -la / /assets /workspace /proc/[0-9]*/fd 2>/dev/null",
    ].join("\n");
    await using server = await startScriptedServer({ script: { steps: [bashStep(search), lastStep] } });
    const key = "planted-for-the-key";
    const { exitCode, stderr } = await runRebench(
      [
        ...[
          "run",
          "planted",
          "--agent",
          "modular",
          "--model",
          "anthropic/scripted",
          "--base-url",
          server.baseUrl,
        ],
        ...["--tokens", String(endingTokens), "--runs", join(folder, "planted-runs")],
      ],
      { REBENCH_ENVIRONMENTS: environments, ANTHROPIC_API_KEY: key, OPENAI_API_KEY: key },
    );
    expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
    const run = onlyRun(join(folder, "planted-runs"));
    const blobs = new BlobStore(toRunPaths(run).blobs);
    const finished = eventsOfType(readEventsOf(run), "command-finished").at(-1);
    if (finished === undefined) throw new Error("the search did not finish");
    const { stdout } = JSON.parse(blobs.read(finished.result));
    const [found = "", seen = ""] = String(stdout.text).split("MOUNTS\n");
    // The last two are what an agent is meant to see: the search does find what is there.
    expect(found.trim().split("\n").toSorted()).toEqual(["/assets/shown.txt", "/workspace/solution.py"]);
    expect(seen).toContain("/workspace");
    for (const secret of [process.cwd(), folder, key]) expect(seen).not.toContain(secret);
    // Nor is the key anywhere in the record, which is made to be published.
    const texts = await Promise.all((await filesBelow(run)).map((file) => readFile(file, "utf8")));
    expect(texts.filter((text) => text.includes(key))).toEqual([]);
  });
});

/** The test environment with a text in each place that must stay outside, and in each that is shown. */
async function plantSecrets(environment: string): Promise<void> {
  await cp("tests/fixtures/environments/quick", environment, { recursive: true });
  const edit = async (file: string, change: (text: string) => string) => {
    const path = join(environment, file);
    await writeFile(path, change(await readFile(path, "utf8")));
  };
  await edit("environment.yaml", (text) => text.replace("id: quick", "id: planted"));
  await edit("reference/solution.py", (text) => `${text}# planted-for-the-reference\n`);
  await edit("judge/judge.py", (text) => `${text}\n# planted-for-the-judge\n`);
  await edit("start/solution.py", (text) => `${text}# planted-for-the-agent\n`);
  await edit(
    "prepare.py",
    (text) =>
      `${text}(out / "judge" / "held-out.txt").write_text("planted-for-" + "the-assets")\n` +
      `(out / "agent" / "shown.txt").write_text("planted-for-" + "the-agent")\n`,
  );
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test("rule 3: a kept snapshot is judged again to the same score, and a changed one is refused", async () => {
  const copy = await copyOfGood("tampered");
  const again = await runRebench(["rescore", copy, "--json"]);
  expect(
    JSON.parse(again.stdout).rescorings.map((one: { result: { raw: number } }) => one.result.raw),
  ).toEqual([10, 4]);

  const stored = await filesBelow(toRunPaths(copy).snapshots);
  let changed = 0;
  for (const file of stored) {
    const text = await readFile(file, "utf8");
    if (text !== "LEVEL = 4\n") continue;
    await chmod(file, 0o644);
    await writeFile(file, "LEVEL = 1\n");
    changed += 1;
  }
  expect(changed).toBe(1);
  const refused = await runRebench(["rescore", copy, "--entry", "1"]);
  expect([refused.exitCode, refused.stderr]).toEqual([5, expect.stringContaining("SNAPSHOT_CORRUPT")]);
  expect((await runRebench(["verify", copy])).exitCode).toBe(5);
});

test("rule 4: no two scorings have the same seed, those of one snapshot included", async () => {
  const copy = await copyOfGood("seeds");
  await runRebench(["rescore", copy, "--times", "2"]);
  const events = readEventsOf(copy);
  const seeds = [...eventsOfType(events, "score-recorded"), ...eventsOfType(events, "entry-rescored")].map(
    ({ seed }) => seed,
  );
  expect(seeds).toHaveLength(6);
  for (const seed of seeds) expect(seed).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(seeds).size).toBe(6);
});

test("rule 5: two readers of the same events read the same clock, to the last digit", async () => {
  const shown = JSON.parse((await runRebench(["show-run", good, "--json"])).stdout);
  expect(shown.clockMs).toBe(loadRunSummary(toRunPaths(good)).state.clock.elapsedMs);
  expect(shown.clockMs).toBeGreaterThan(0);
});

describe("rule 6", () => {
  test("a copied run directory says all that the run says, without anything beside it", async () => {
    const copy = await copyOfGood("elsewhere");
    const [here, there] = await Promise.all(
      [good, copy].map(async (run) => JSON.parse((await runRebench(["show-run", run, "--json"])).stdout)),
    );
    expect({ ...there, folder: "" }).toEqual({ ...here, folder: "" });
  });

  test("a changed byte in any event, a removed event and a changed record are found", async () => {
    const lines = (await readFile(toRunPaths(good).events, "utf8")).trimEnd().split("\n");
    const copy = await copyOfGood("changed");
    const { events, record } = toRunPaths(copy);
    const exitCodeWith = async (changed: readonly string[]): Promise<number | null> => {
      await writeFile(events, `${changed.join("\n")}\n`);
      return (await runRebench(["verify", copy])).exitCode;
    };
    const recorded = lines.findIndex((line) => line.includes('"entry":1,"result"'));
    expect(await exitCodeWith(lines)).toBe(0);
    expect(
      await exitCodeWith(lines.map((line, at) => (at === recorded ? line.replace("4", "3") : line))),
    ).toBe(5);
    expect(await exitCodeWith(lines.toSpliced(recorded, 1))).toBe(5);
    await writeFile(record, (await readFile(record, "utf8")).replace('"timeMs": 120000', '"timeMs": 240000'));
    expect(await exitCodeWith(lines)).toBe(5);
  });
});

test("rule 7: whoever acts, the record has the same fields (people get a shell of their own later)", async () => {
  const runs = join(folder, "baseline");
  expect((await runRebench(["run", "quick", "--agent", "solution:starting", "--runs", runs])).exitCode).toBe(
    0,
  );
  const agent = loadRunRecord(toRunPaths(good)).record;
  const baseline = loadRunRecord(toRunPaths(onlyRun(runs))).record;
  expect(Object.keys(baseline)).toEqual(Object.keys(agent));
  expect([agent.actor, baseline.actor]).toEqual(["agent", "baseline"]);
  expect((await runRebench(["verify", onlyRun(runs)])).exitCode).toBe(0);
});

describe("rule 8", () => {
  const answer = { requestId: "1", result: "scored", raw: 1, message: "", details: {} };

  test.each([Number.NaN, Number.POSITIVE_INFINITY, null, "1", undefined])(
    "a judge cannot score %s",
    (raw) => {
      expect(judgeAnswerSchema.safeParse(answer).success).toBe(true);
      expect(judgeAnswerSchema.safeParse({ ...answer, raw }).success).toBe(false);
    },
  );

  test.each(["null", '"4"', "1e999"])("a log cannot hold %s as a score", async (raw) => {
    const copy = await copyOfGood(`score-${raw.replaceAll('"', "")}`);
    const { events } = toRunPaths(copy);
    const text = await readFile(events, "utf8");
    expect(text).toContain('"raw":4,');
    await writeFile(events, text.replace('"raw":4,', `"raw":${raw},`));
    const { exitCode, stdout } = await runRebench(["verify", copy, "--json"]);
    expect([exitCode, stdout]).toEqual([5, expect.stringContaining("score-recorded: result")]);
  });
});

test("rule 9: a run names machine, versions, anchors, and for each entry snapshot and seed", async () => {
  const shown = JSON.parse((await runRebench(["show-run", good, "--json"])).stdout);
  expect(Object.keys(shown.versions)).toEqual(expect.arrayContaining(["rebench", "node", "python", "torch"]));
  expect(Object.keys(shown.machine).length).toBeGreaterThan(3);
  expect(shown.anchors.provenance.kind).toBe("published");
  expect(shown.entries).toHaveLength(2);
  for (const entry of shown.entries) expect(entry.snapshot.treeSha256).toMatch(/^[0-9a-f]{64}$/);
  const [opened] = eventsOfType(readEventsOf(good), "sandbox-opened");
  expect(opened?.isolation).toMatchObject({
    driver: "bubblewrap",
    limits: { memoryBytes: expect.any(String) },
  });
});

describe("rule 10", () => {
  test("failures of the platform, killed runs and unreadable ones are listed by name, beside the good ones", async () => {
    const runs = join(folder, "all");
    await cp(good, join(runs, "a-good"), { recursive: true });
    await cp(good, join(runs, "b-killed"), { recursive: true });
    const { events } = toRunPaths(join(runs, "b-killed"));
    await writeFile(events, (await readFile(events, "utf8")).replace(/\n[^\n]*"run-ended"[^\n]*\n$/, "\n"));
    await cp(good, join(runs, "c-broken"), { recursive: true });
    await writeFile(toRunPaths(join(runs, "c-broken")).record, "{}");
    const environments = join(folder, "failing-environments");
    await cp("tests/fixtures/environments/quick", join(environments, "quick"), { recursive: true });
    await writeFile(
      join(environments, "quick", "judge", "judge.py"),
      "raise RuntimeError('a judge that is broken')\n",
    );
    const failed = await runRebench(["run", "quick", "--agent", "tweak", "--runs", runs], {
      REBENCH_ENVIRONMENTS: environments,
    });
    expect(failed.exitCode).toBe(4);

    const listed = await runRebench(["runs", "--runs", runs]);
    expect(listed.stdout).toContain("platform-failed");
    expect(listed.stdout).toContain("running or killed");
    expect(listed.stdout).toContain("token-limit");
    expect([listed.exitCode, listed.stderr]).toEqual([5, expect.stringContaining("c-broken cannot be read")]);
    const json = JSON.parse((await runRebench(["runs", "--runs", runs, "--json"])).stdout);
    expect(json.map((run: { phase: string }) => run.phase).toSorted()).toEqual(["ended", "ended", "running"]);
  });
});
