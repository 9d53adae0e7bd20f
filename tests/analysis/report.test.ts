import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runRebench } from "../command-line/rebench.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { browserPath, examine, openBrowser, whyNoBrowser } from "./open-page.ts";

const metr = join(import.meta.dirname, "..", "..", "..", "shared", "data", "metr-runs.jsonl");
const isAbsent = !existsSync(metr);
const why = isAbsent ? " (skipped: METR's runs.jsonl is not at ../shared/data/metr-runs.jsonl)" : "";

let folder: Awaited<ReturnType<typeof openTemporaryFolder>>;
let report: string;
let summary: { readonly [key: string]: unknown };

beforeAll(async () => {
  folder = await openTemporaryFolder();
  report = join(folder.path, "report");
  if (isAbsent) return;
  const words = ["analyze", "--metr", metr, "--humans", "published", "--out", report, "--json"];
  const { exitCode, stdout, stderr } = await runRebench(words);
  if (exitCode !== 0) throw new Error(stderr);
  summary = JSON.parse(stdout);
});
afterAll(() => folder[Symbol.asyncDispose]());

async function table(id: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return JSON.parse(await readFile(join(report, "tables", `${id}.json`), "utf8")).rows;
}

describe(`the report of METR's runs and the published attempts${why}`, () => {
  test.skipIf(isAbsent)(`holds the human table of the published attempts${why}`, async () => {
    const rows = (await table("humans")).map(({ environment, n, mean, above, atReference }) => [
      environment,
      n,
      ...[mean, above, atReference].map((value) => Number(value).toFixed(2)),
    ]);
    expect(rows).toEqual([
      ["Optimize LLM Foundry", 15, "0.34", "0.93", "0.00"],
      ["Optimize a Kernel", 9, "0.86", "0.89", "0.44"],
      ["Fix Embedding", 14, "0.60", "0.93", "0.14"],
      ["Scaling Law Experiment", 8, "0.58", "0.63", "0.25"],
      ["Restricted Architecture MLM", 9, "0.64", "1.00", "0.22"],
      ["Finetune GPT-2 for QA with RL", 11, "0.72", "0.91", "0.27"],
      ["Scaffolding for Rust CodeContests", 13, "0.53", "0.77", "0.08"],
      ["All attempts together", 79, "0.59", "0.87", "0.18"],
      ["Environments with equal weight", 79, "0.61", "0.86", "0.20"],
      ["The paper (arXiv 2411.15114)", 71, "0.64", "0.82", "0.24"],
    ]);
  });

  test.skipIf(isAbsent)(`says of the three statements what these data support${why}`, () => {
    expect(summary.statements).toMatchObject([
      { id: "two-hours", verdict: "untestable" },
      { id: "eight-hours", verdict: "in-part" },
      { id: "thirty-two-hours", verdict: "in-part" },
    ]);
  });

  test.skipIf(isAbsent)(`accounts for every row: counted, left out and skipped add up${why}`, async () => {
    expect(summary.runs).toEqual({ read: 1_804, skipped: 93, leftOut: 11, counted: 1_793, flagged: 2 });
    const sources = await table("sources");
    expect(sources.map(({ found }) => found)).toEqual([1_808, 89]);
    for (const { found, skipped, leftOut, counted } of sources) {
      expect(Number(skipped) + Number(leftOut) + Number(counted)).toBe(found);
    }
    expect(await table("skipped")).toHaveLength(93);
    expect(await table("left-out")).toHaveLength(11);
    expect(await table("runs")).toHaveLength(1_804);
    const [row] = await table("sensitivity");
    expect(row).toMatchObject({ agent: "o1-preview", n: 247, nAll: 248, nStrict: 246 });
  });

  test.skipIf(isAbsent)(`has every figure as SVG and PNG, light and dark, with its rows${why}`, async () => {
    const files = new Set(await readdir(join(report, "figures")));
    const figures = (summary.figures as readonly { id: string }[]).map(({ id }) => id);
    expect(figures).toHaveLength(23);
    for (const id of figures) {
      for (const ending of ["-light.svg", "-light.png", "-dark.svg", "-dark.png", ".json"]) {
        expect(files).toContain(`${id}${ending}`);
      }
    }
    expect(files.size).toBe(23 * 5);
    const leftOut = summary.figuresLeftOut as readonly { reason: string }[];
    expect(leftOut).toHaveLength(13);
    for (const { reason } of leftOut) expect(reason.length).toBeGreaterThan(20);
  });

  test.skipIf(isAbsent)(
    `a second report replaces the first, and nothing that is no report${why}`,
    async () => {
      const { exitCode, stderr } = await runRebench([
        "analyze",
        "--humans",
        "published",
        "--out",
        folder.path,
      ]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining("REPORT_FOLDER_TAKEN")]);
      expect(await readdir(folder.path)).toEqual(["report"]);
    },
  );

  const cannotLook = isAbsent || browserPath === null;
  for (const scheme of ["light", "dark"] as const) {
    for (const widthPx of [1_100, 390]) {
      const title = `opens without network, script or complaint, accessible, ${scheme}, ${widthPx} px wide`;
      test.skipIf(cannotLook)(`${title}${why}${whyNoBrowser}`, async () => {
        await using browser = await openBrowser();
        const found = await examine(browser, join(report, "index.html"), { scheme, widthPx });
        expect(found).toMatchObject({ requests: [], complaints: [], violations: [] });
        expect(found.passes).toBeGreaterThan(20);
      });
    }
  }
});

describe(`score-at-k and compare on METR's runs${why}`, () => {
  const sources = ["--metr", metr, "--humans", "published"];

  test.skipIf(isAbsent)(`score-at-k prints a row for each agent, time limit and k${why}`, async () => {
    const { stdout, exitCode } = await runRebench(["score-at-k", ...sources, "--k", "1,4"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Human experts +8 h +1 +8 h +0\.61 +0\.50 +0\.72 +79 +7 +no/);
    expect(stdout).toMatch(/o1-preview +2 h +4 +8 h +0\.37 +0\.28 +0\.44/);
    const json = JSON.parse((await runRebench(["score-at-k", ...sources, "--json"])).stdout);
    expect(json.rows[0]).toMatchObject({ agent: "Human experts", k: 1, n: 79, environments: 7 });
    expect(json.leftOut).toHaveLength(11);
  });

  test.skipIf(isAbsent)(`compare pairs two agents by environment with an interval${why}`, async () => {
    const words = ["compare", "human", "o1-preview, 2 h", "--total", "8h", ...sources];
    const { stdout } = await runRebench(words);
    expect(stdout).toMatch(/optimize-kernel +0\.86 +9 /);
    expect(stdout).toMatch(/difference +0\.24 +95 % interval 0\.11 to 0\.39/);
    const { comparison } = JSON.parse((await runRebench([...words, "--json"])).stdout);
    expect(comparison).toMatchObject({ kind: "compared", environments: { length: 7 }, missing: [] });
  });

  test.skipIf(isAbsent)(
    `an agent that is not there, or has several time limits, is asked back${why}`,
    async () => {
      const several = await runRebench(["compare", "human", "o1-preview", ...sources]);
      expect([several.exitCode, several.stderr]).toEqual([2, expect.stringContaining('"o1-preview, 2 h"')]);
      const none = await runRebench(["compare", "human", "nobody", ...sources]);
      expect([none.exitCode, none.stderr]).toEqual([2, expect.stringContaining("AGENT_NOT_IN_RUNS")]);
    },
  );
});
