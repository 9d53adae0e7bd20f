import { describe, expect, test } from "vitest";
import { renderFigure } from "../figure/figure.ts";
import { createMeasureText } from "../figure/text-measure.ts";
import { lightTheme } from "../figure/theme.ts";
import { fabricateRun } from "../testing/fabricate-run.ts";
import { toScoreOverTimeFigure } from "./score-over-time.ts";

const tweak = fabricateRun({
  agent: "tweak",
  elapsedMinutes: 1,
  scorings: [
    { minutes: 0, raw: 10 },
    { minutes: 0.25, failure: "invalid" },
    { minutes: 0.5, raw: 6 },
    { minutes: 0.75, raw: -100, flagged: true },
  ],
});
const reference = fabricateRun({
  agent: "solution:reference",
  elapsedMinutes: 0.25,
  scorings: [
    { minutes: 0, raw: 10 },
    { minutes: 0.25, raw: 2 },
  ],
});

/** Path elements of one colour: its line, dots, crosses and diamonds. */
function shapesIn(svg: string, color: string): readonly string[] {
  return Array.from(svg.matchAll(/<path [^>]*>/g), ([element]) => element).filter((element) =>
    element.includes(`"${color}"`),
  );
}

describe("figure", () => {
  test("rows say where everything is drawn", () => {
    const { rows } = toScoreOverTimeFigure([tweak, reference]);
    const top = 1.06;
    expect(rows.scorings.map(({ series, drawnAt }) => [series, drawnAt])).toEqual([
      ["tweak", 0],
      ["tweak", expect.closeTo(-0.053, 9)],
      ["tweak", 0.5],
      ["tweak", top],
      ["solution:reference", 0],
      ["solution:reference", 1],
    ]);
    expect(rows.tails).toEqual([
      { series: "tweak", fromMinutes: 1, toMinutes: 2, normalized: 0.5 },
      { series: "solution:reference", fromMinutes: 0.25, toMinutes: 2, normalized: 1 },
    ]);
    expect(rows.labels.map(({ text }) => text)).toEqual(["solution:reference  1.00", "tweak  0.50"]);
  });

  test("each run is one line, each scoring one mark in its run's colour", async () => {
    const { svg } = await renderFigure(toScoreOverTimeFigure([tweak, reference]));
    const [blue = "", vermilion = ""] = lightTheme.series;
    const isLine = (shape: string) => shape.includes('stroke-width="1.75"');
    expect(shapesIn(svg, blue).filter(isLine)).toHaveLength(1);
    expect(shapesIn(svg, vermilion).filter(isLine)).toHaveLength(1);
    expect(shapesIn(svg, blue).filter((shape) => !isLine(shape))).toHaveLength(tweak.state.entries.length);
    expect(shapesIn(svg, vermilion).filter((shape) => !isLine(shape))).toHaveLength(2);
    for (const text of ["reference 1", "start 0", "invalid", "Minutes on the run’s clock"]) {
      expect(svg).toContain(`>${text}</text>`);
    }
  });

  test("the caption counts all scorings and names what is left out", () => {
    const broken = fabricateRun({
      agent: "unlucky",
      scorings: [{ minutes: 0, failure: "judge-failed" }],
      state: { ending: { reason: "platform-failed", message: "no start" } },
    });
    const { caption } = toScoreOverTimeFigure([tweak, reference, broken]);
    expect(caption).toContain("3 runs, 7 scorings");
    expect(caption).toContain("4 valid (dots), 1 invalid (crosses below 0)");
    expect(caption).toContain("1 without a result through no fault of the agent");
    expect(caption).toContain("1 better than is plausible and left out until reviewed");
    expect(caption).toContain("No line, for want of a valid score: unlucky.");
    expect(caption).toContain("Ended by a failure of the platform, not of the agent: unlucky.");
  });

  test("hidden scores and runs still going are said to be so", () => {
    const { caption } = toScoreOverTimeFigure([
      fabricateRun({
        agent: "modular",
        visible: false,
        scorings: [{ minutes: 0, raw: 10 }],
        state: { phase: "running", ending: null },
      }),
    ]);
    expect(caption).toContain("The agents were not shown these scores.");
    expect(caption).toContain("Not ended: modular.");
  });

  test("runs of one agent share a colour and one label, which says how many they are", () => {
    const runs = [6, 4, 8].map((raw, index) =>
      fabricateRun({
        agent: "modular",
        runId: `run-${index}`,
        scorings: [
          { minutes: 0, raw: 10 },
          { minutes: 1, raw },
        ],
      }),
    );
    expect(toScoreOverTimeFigure(runs).rows.labels.map(({ text }) => text)).toEqual([
      "modular (best of 3)  0.75",
    ]);
  });

  test("models keep their provider only where their names alone would be alike", () => {
    const run = (model: string) =>
      fabricateRun({ agent: "m", model, runId: model, scorings: [{ minutes: 0, raw: 6 }] });
    const labels = (...models: string[]) =>
      toScoreOverTimeFigure(models.map(run)).rows.labels.map(({ text }) => text);
    expect(labels("one/alpha", "two/beta")).toEqual(["m · alpha  0.50", "m · beta  0.50"]);
    expect(labels("one/alpha", "two/alpha")).toEqual(["m · one/alpha  0.50", "m · two/alpha  0.50"]);
  });

  test("however many agents, no two labels overlap, and those left out are counted", () => {
    const runs = Array.from({ length: 40 }, (_, index) =>
      fabricateRun({ agent: `agent-${index}`, scorings: [{ minutes: 0, raw: 10 - index / 50 }] }),
    );
    const { rows, caption } = toScoreOverTimeFigure(runs);
    const places = rows.labels.map(({ yPx }) => yPx).toSorted((a, b) => a - b);
    for (const [index, place] of places.slice(1).entries()) {
      expect(place - (places[index] ?? 0)).toBeGreaterThanOrEqual(15.999);
    }
    expect(caption).toContain(`${40 - places.length} lower lines without a label.`);
  });

  test("the picture is wide enough for its longest label", async () => {
    const figure = toScoreOverTimeFigure([
      fabricateRun({ agent: "W".repeat(40), scorings: [{ minutes: 0, raw: 6 }] }),
    ]);
    const [label] = figure.rows.labels;
    const { svg } = await renderFigure(figure);
    const [, width = ""] = /width="(\d+)"/.exec(svg) ?? [];
    const [, left = ""] = /<g fill="none"[^>]*transform="translate\((\d+)/.exec(svg) ?? [];
    const labelEnd = Number(left) + 480 + 30 + createMeasureText()(label?.text ?? "", 12, 400);
    expect(Number(width)).toBeGreaterThanOrEqual(Math.floor(labelEnd));
  });
});

describe("hard cases are drawn", () => {
  test.each([
    ["no runs", []],
    ["a run without scorings", [fabricateRun({ agent: "a", scorings: [] })]],
    ["one entry", [fabricateRun({ agent: "a", scorings: [{ minutes: 0, raw: 10 }] })]],
    [
      "no valid entry",
      [
        fabricateRun({
          agent: "a",
          scorings: [
            { minutes: 0, failure: "invalid" },
            { minutes: 1, failure: "timed-out" },
          ],
        }),
      ],
    ],
    ["a score of a million", [fabricateRun({ agent: "a", scorings: [{ minutes: 0, raw: -8e6 }] })]],
    [
      "a clock past the limit",
      [fabricateRun({ agent: "a", elapsedMinutes: 2.5, scorings: [{ minutes: 2.5, raw: 5 }] })],
    ],
    [
      "hostile names",
      [
        fabricateRun({
          agent: `<b>"\u0000\u202e${"x".repeat(5_000)}`,
          model: "__proto__",
          scorings: [{ minutes: 0, raw: 5 }],
        }),
      ],
    ],
    [
      "5,000 scorings",
      [
        fabricateRun({
          agent: "a",
          scorings: Array.from({ length: 5_000 }, (_, index) => ({
            minutes: index / 2_500,
            raw: 10 - index / 1_000,
          })),
        }),
      ],
    ],
  ])("%s", async (_case, runs) => {
    const { svg, toPng } = await renderFigure(toScoreOverTimeFigure(runs));
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).not.toContain("<b>");
    expect(toPng().byteLength).toBeGreaterThan(1_000);
  });
});
