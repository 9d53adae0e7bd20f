import { describe, expect, test } from "vitest";
import type { RunRow } from "../data/run-row.ts";
import { renderFigure } from "../figure/figure.ts";
import { createScores } from "../study/scores.ts";
import { toStudy } from "../study/study.ts";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { fabricateStudyRows } from "../testing/fabricate-study.ts";
import type { AnyFigure, Chart } from "./chart.ts";
import { toChartSections } from "./charts.ts";
import { toChartContext } from "./context.ts";

function chartsOf(rows: readonly RunRow[], environments?: readonly string[]): readonly Chart[] {
  const study = toStudy(rows, environments === undefined ? {} : { environments });
  const context = toChartContext(study, createScores({ resamples: 50 }));
  return toChartSections(context).flatMap(({ charts }) => charts);
}

function figuresOf(charts: readonly Chart[]): readonly AnyFigure[] {
  return charts.flatMap((chart) => (chart.kind === "drawn" ? [chart.figure] : []));
}

const all = chartsOf(fabricateStudyRows());
const figure = (id: string): AnyFigure => {
  const found = figuresOf(all).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no figure ${id}`);
  return found;
};

describe("charts of runs with logs, costs and times of calls", () => {
  test("are all drawn", () => {
    expect(all.filter(({ kind }) => kind === "left-out")).toEqual([]);
    expect(all).toHaveLength(34);
  });

  test("have ids of their own", () => {
    const ids = figuresOf(all).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/);
  });

  test.each(figuresOf(all).map((one) => [one.id, one] as const))(
    "%s is drawn without a warning, light and dark, and says its number of runs",
    async (_, one) => {
      for (const theme of ["light", "dark"] as const) {
        const { svg, toPng } = await renderFigure(one, { theme, fonts: "page" });
        expect(svg).not.toMatch(/NaN|Infinity|undefined|\[object/);
        expect(svg).not.toMatch(/ role="graphics|aria-roledescription/);
        expect(Buffer.from(toPng(0.5)).toString("latin1", 1, 4)).toBe("PNG");
      }
      const words = `${one.caption} ${JSON.stringify(one.rows)}`;
      expect(words).toMatch(/\d+ (agent runs|human attempts)|n = \d+|Runs: /);
    },
  );

  test("curves over budgets hold the runs and time limit of each point", () => {
    const rows = figure("best-score-by-budget").rows.points ?? [];
    const human = rows.filter((row) => "isHuman" in row && row.isHuman === true);
    expect(human.at(-1)).toMatchObject({
      series: "Human experts",
      minutes: 64 * 60,
      runs: 8,
      eachMinutes: 480,
    });
    expect(human[0]).toMatchObject({ minutes: 120, runs: 1, eachMinutes: 120 });
  });

  test("a point past the runs there are is marked, and the caption says so", () => {
    const { caption, rows } = figure("best-score-by-budget");
    expect(caption).toContain("Dotted: best of more runs than some environment has");
    expect((rows.points ?? []).some((row) => "isBeyond" in row && row.isBeyond === true)).toBe(true);
  });

  test("histograms count every run that is not worth 0", () => {
    const runs = (figure("score-histograms").rows.bins ?? []).map((row) =>
      "runs" in row ? Number(row.runs) : 0,
    );
    expect(runs.reduce((sum, count) => sum + count, 0)).toBe(4 * 7 * 4);
  });

  test("every dot names its run", () => {
    const ids = (figure("runs-optimize-kernel").rows.dots ?? []).map((row) =>
      "runId" in row ? row.runId : null,
    );
    expect(ids).toHaveLength(16);
    expect(ids).toContain("aide-2h-optimize-kernel-0");
  });
});

describe("charts of too little", () => {
  test("no run at all: every chart is left out with a reason", () => {
    const charts = chartsOf([]);
    expect(charts.map(({ kind }) => kind)).not.toContain("drawn");
    for (const chart of charts) expect(chart.kind === "left-out" && chart.reason.length > 10).toBe(true);
  });

  test("two runs in one environment: the runs are shown, no mean is", () => {
    const charts = chartsOf([fabricateRow({}), fabricateRow({})]);
    expect(figuresOf(charts).map(({ id }) => id)).toEqual(["runs-optimize-kernel"]);
  });

  test("without logs, costs and calls those charts are left out, each by what it lacks", () => {
    const rows = fabricateStudyRows().map((row) => ({
      ...row,
      log: null,
      generation: null,
      usage: { inputTokens: null, outputTokens: null, totalTokens: null, costUsd: null },
    }));
    const reasons = new Map(
      chartsOf(rows).flatMap((chart) =>
        chart.kind === "left-out" ? [[chart.id, chart.reason] as const] : [],
      ),
    );
    expect(reasons.get("average-over-time")).toContain("score log");
    expect(reasons.get("human-percentiles-over-time")).toContain("score log");
    expect(reasons.get("best-score-by-cost")).toBe(
      "the price of 84 of 84 agent runs is not known, so none has a curve",
    );
    expect(reasons.get("best-score-by-tokens")).toContain("count of tokens");
    expect(reasons.get("generation-speed")).toContain("output tokens");
    expect(reasons.get("waiting-share")).toContain("time of model calls");
    expect(reasons.size).toBe(13);
  });

  test("an agent without runs in some environments has a figure over the others, beside everyone over the same", () => {
    const rows = fabricateStudyRows().filter(
      ({ agent, environment }) =>
        agent !== "aide" || ["optimize-kernel", "fix-embedding", "finetune-qa"].includes(environment),
    );
    const charts = chartsOf(rows);
    const where = figuresOf(charts).filter(({ id }) => id.startsWith("best-score-by-budget-where-run"));
    expect(where).toHaveLength(1);
    expect(where[0]?.caption).toContain("Optimize a Kernel, Fix Embedding and Finetune GPT-2");
    const whole = figuresOf(charts).find(({ id }) => id === "best-score-by-budget");
    expect(whole?.caption).toContain("aide · example/two at 2 h (4 of 7 environments)");
    expect(JSON.stringify(whole?.rows.points)).not.toContain("aide");
  });

  test("names that are markup or commands are only text", async () => {
    const agent = `<script>alert(1)</script>' + datum.x + "`;
    const rows = fabricateStudyRows().map((row) => (row.agent === "aide" ? { ...row, agent } : row));
    for (const one of figuresOf(chartsOf(rows))) {
      const { svg } = await renderFigure(one, { fonts: "page" });
      expect(svg).not.toContain("<script");
    }
  });

  test("an environment of one’s own is drawn where it is asked for", () => {
    const rows = [1, 2, 3].map(() => fabricateRow({ environment: "mine" }));
    const ids = figuresOf(chartsOf(rows, ["mine"])).map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(["best-score-by-budget", "runs-mine", "best-score-by-budget-mine"]),
    );
  });
});
