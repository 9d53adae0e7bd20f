import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type WrittenRun, writeRunFolder } from "../../src/analysis/testing/index.ts";
import { loadRunRecord, type RunRecord, toRunPaths } from "../../src/run/index.ts";
import { runRebench } from "../command-line/rebench.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { browserPath, examine, openBrowser, whyNoBrowser } from "./open-page.ts";

type Rows = readonly Readonly<Record<string, unknown>>[];

let folder: Awaited<ReturnType<typeof openTemporaryFolder>>;
let report: string;
let result: { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };
let hostile: RunRecord["environment"];

const ended = { minute: 60, reason: "time-limit" } as const;

function write(parent: string, runId: string, run: Partial<WrittenRun> = {}): string {
  return writeRunFolder(join(folder.path, parent), {
    runId,
    steps: [{ minute: 10, score: 0.5 }],
    end: ended,
    ...run,
  });
}

beforeAll(async () => {
  folder = await openTemporaryFolder();
  report = join(folder.path, "report");
  const sample = write("runs", "sound-1");
  const { environment } = loadRunRecord(toRunPaths(sample)).record;
  write("runs", "sound-2", { steps: [{ minute: 10, score: 0.6 }] });
  write("runs", "sound-3", { steps: [{ minute: 10, score: 0.7 }] });
  const placed = (change: Partial<RunRecord["environment"]>) => ({
    record: { environment: { ...environment, ...change } },
  });
  write("runs", "other-scale", placed({ scale: "paper" }));
  const { anchors } = environment;
  const reference = { ...anchors.reference, raw: 3 };
  write("runs", "other-anchors", { ...placed({ anchors: { ...anchors, reference } }), steps: [] });
  hostile = { ...environment, id: "un-known", title: "<img src=x onerror=alert(1)>" };
  write("runs", "unknown-environment", { record: { environment: hostile } });
  write("runs", "clock-backwards", {
    steps: [
      { minute: 10, score: 0.1 },
      { minute: 20, score: 0.4, clockMinutes: 5 },
    ],
  });
  const torn = write("runs", "torn-log");
  appendFileSync(join(torn, "events.jsonl"), '{"hash":"12');
  const cut = join(write("runs", "cut-log"), "events.jsonl");
  writeFileSync(cut, `${readFileSync(cut, "utf8").trimEnd().split("\n").slice(0, -1).join("\n")}\n`);
  write("runs", "not-ended", { end: null });
  write("runs", "lost-by-platform", { end: { minute: 5, reason: "platform-failed" } });
  write("runs", "nothing-valid", { steps: [{ minute: 1, invalid: "wrong-answer" }] });
  const changed = join(write("runs", "changed"), "events.jsonl");
  writeFileSync(changed, readFileSync(changed, "utf8").replace('"normalized":0.5', '"normalized":0.9'));
  writeFileSync(join(write("runs", "broken-record"), "run.json"), "{");
  write("copies", "sound-1");
  mkdirSync(join(folder.path, "runs", "no-run"));
  const csv = join(folder.path, "runs.csv");
  writeFileSync(
    csv,
    [
      "run_id,environment,scale,agent,model,time_limit_minutes,normalized_score",
      "row-1,optimize-kernel,laptop,modular,anthropic/example,60,0.8",
      "row-2,optimize-kernel,laptop,modular,anthropic/example,60,much",
      "row-3,optimize-kernel,laptop,modular,anthropic/example,60",
      "row-1,optimize-kernel,laptop,modular,anthropic/example,60,0.9",
      'row-4,optimize-kernel,laptop,<script>alert(1)</script>,"=cmd()",60,0.9',
      "row-5,optimize-kernel,laptop,modular,anthropic/example,,0.9",
      "",
    ].join("\n"),
  );
  const [runs, copies] = ["runs", "copies"].map((name) => join(folder.path, name));
  const words = ["analyze", String(runs), String(copies), "--csv", csv, "--out", report, "--json"];
  result = await runRebench(words);
});
afterAll(() => folder[Symbol.asyncDispose]());

async function table(id: string): Promise<Rows> {
  return JSON.parse(await readFile(join(report, "tables", `${id}.json`), "utf8")).rows;
}

const idsOf = (rows: Rows) => rows.map(({ runId }) => runId);

describe("a report of runs with everything wrong about them", () => {
  test("is made, and its counts add up", async () => {
    expect([result.exitCode, result.stderr]).toEqual([0, expect.not.stringContaining("error")]);
    const { runs, scale } = JSON.parse(result.stdout);
    expect(scale).toBe("laptop");
    expect(runs).toMatchObject({ read: 15, skipped: 6, leftOut: 6, counted: 9 });
    const sources = await table("sources");
    for (const { found, skipped, leftOut, counted } of sources) {
      expect(Number(skipped) + Number(leftOut) + Number(counted)).toBe(found);
    }
    const total = sources.reduce((sum, { found }) => sum + Number(found), 0);
    expect(total).toBe(runs.read + runs.skipped);
  });

  test("broken records, changed logs, broken rows and copies are skipped by name and reason", async () => {
    const skipped = await table("skipped");
    expect(skipped.map(({ runId, line, reason }) => [runId, line, reason])).toEqual([
      ["broken-record", null, expect.stringContaining("not JSON")],
      ["changed", null, expect.stringContaining("changed after it was written")],
      ["sound-1", null, expect.stringContaining("the very same run was already read from")],
      ["row-2", 3, expect.stringContaining("normalized_score")],
      ["row-3", 4, "6 fields where the header names 7"],
      ["row-1", 5, expect.stringContaining("a run of this id was already read from")],
    ]);
  });

  test("other scales, unknown environments, runs without an end or a plan are left out by name and reason", async () => {
    const reasons = new Map((await table("left-out")).map(({ runId, reason }) => [runId, reason]));
    expect(Object.fromEntries(reasons)).toEqual({
      "other-scale": "it ran at paper scale",
      "unknown-environment": "its environment was not asked for",
      "not-ended": expect.stringContaining("unfinished"),
      "cut-log": expect.stringContaining("unfinished"),
      "lost-by-platform": expect.stringContaining("platform-failed"),
      "row-5": expect.stringContaining("no time limit"),
    });
  });

  test("clocks that go back and torn logs are flagged, and count", async () => {
    const flags = await table("flags");
    expect(flags.map(({ kind, counts, runId }) => [kind, counts, runId])).toEqual(
      expect.arrayContaining([
        ["clock-backwards", true, "clock-backwards"],
        ["torn-log", true, "torn-log"],
        ["unfinished", false, "not-ended"],
        ["platform-failed", false, "lost-by-platform"],
      ]),
    );
  });

  test("mixed scales, mixed anchors and unknown environments are noted", async () => {
    expect((await table("notes")).map(({ kind, environment }) => [kind, environment]).toSorted()).toEqual([
      ["mixed-anchors", "optimize-kernel"],
      ["mixed-scales", "optimize-kernel"],
      ["unknown-environment", "un-known"],
    ]);
  });

  test("denominators are told both ways: counted, and with doubtful runs", async () => {
    const row = (await table("by-environment")).find(({ agent }) => agent === "modular · anthropic/example");
    // Sound ones 3, other anchors, clock, torn, nothing valid, row-1; and the three doubtful.
    expect(row).toMatchObject({ n: 8, worthNothing: 0, nWithDoubtful: 11 });
    const [both] = await table("sensitivity");
    expect(both).toMatchObject({ n: 8, nAll: 11 });
  });

  test("every run that was read has its row, with what became of it", async () => {
    const rows = await table("runs");
    expect(rows).toHaveLength(15);
    expect(idsOf(rows.filter(({ leftOut }) => leftOut !== null))).toHaveLength(6);
  });

  test("names that are markup or formulas are text in the page and in the tables", async () => {
    const page = await readFile(join(report, "index.html"), "utf8");
    expect(page).not.toContain("<script");
    expect(page).not.toContain("<img");
    const csv = await readFile(join(report, "tables", "runs.csv"), "utf8");
    expect(csv).toContain("'=cmd()");
    expect(csv).not.toMatch(/,=cmd/);
  });

  test("asked for, the unknown environment counts", async () => {
    const words = ["score-at-k", join(folder.path, "runs"), "--environments", "un-known", "--json"];
    const { stdout } = await runRebench(words);
    expect(JSON.parse(stdout).rows).toMatchObject([{ agent: "modular · anthropic/example" }]);
  });

  test.skipIf(browserPath === null)(`its page opens and is accessible${whyNoBrowser}`, async () => {
    await using browser = await openBrowser();
    const found = await examine(browser, join(report, "index.html"), { scheme: "light" });
    expect(found).toMatchObject({ requests: [], complaints: [], violations: [] });
  });

  test("a folder without runs makes a report that says so", async () => {
    const words = [
      "analyze",
      join(folder.path, "runs", "no-run"),
      "--out",
      join(folder.path, "empty"),
      "--json",
    ];
    const { exitCode, stdout } = await runRebench(words);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ runs: { read: 0, counted: 0 }, figures: [] });
  });

  test("a folder that is not there is one clear error, and no report is left", async () => {
    const { exitCode, stderr } = await runRebench(["analyze", "/none", "--out", join(folder.path, "none")]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("ANALYSIS_INPUT_UNREADABLE")]);
    await expect(readFile(join(folder.path, "none", "index.html"))).rejects.toThrow("ENOENT");
  });
});
