import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { interpolateLogLinear } from "./log-linear.ts";
import { quantileOfSorted, toPercentileRank, toPercentiles } from "./quantiles.ts";
import { toScoringsPerHour, toTokensPerSecond, toWaitingShare } from "./rates.ts";
import { toShare } from "./shares.ts";

describe("quantiles", () => {
  // numpy.quantile([1, 2, 4, 8], [0.1, 0.25, 0.5, 0.9])
  test("are those of definition 7, as in NumPy and R", () => {
    const { values } = toPercentiles([8, 1, 4, 2], [0, 0.1, 0.25, 0.5, 0.9, 1]) as {
      values: readonly number[];
    };
    for (const [index, expected] of [1, 1.3, 1.75, 3, 6.8, 8].entries())
      expect(values[index]).toBeCloseTo(expected, 12);
  });

  test("ascend with their share and stay between the ends", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (given, one, other) => {
        const sorted = Float64Array.from(given).sort();
        const [low, high] = [Math.min(one, other), Math.max(one, other)].map((at) =>
          quantileOfSorted(sorted, at),
        );
        expect(low).toBeLessThanOrEqual((high ?? 0) + 1e-9);
        expect(low).toBeGreaterThanOrEqual(sorted[0] ?? 0);
      }),
    );
  });

  test("of nothing are refused", () => {
    expect(toPercentiles([], [0.5])).toMatchObject({ kind: "refused" });
    expect(toPercentileRank(1, [])).toMatchObject({ kind: "refused" });
  });

  test("an equal score is beaten by half", () => {
    expect(toPercentileRank(2, [1, 2, 2, 3])).toEqual({ kind: "rank", n: 4, share: 0.5 });
  });
});

describe("toShare", () => {
  // R. G. Newcombe, Two-sided confidence intervals for the single proportion (1998), table I, method 3.
  test("comes with Wilson's interval", () => {
    const values = Array.from({ length: 263 }, (_, index) => (index < 81 ? 1 : 0));
    const share = toShare(values, (value) => value === 1);
    expect(share).toMatchObject({
      count: 81,
      n: 263,
      interval: { low: expect.closeTo(0.2553, 4), high: expect.closeTo(0.3662, 4) },
    });
  });

  test("none and all reach to 0 and 1, of nothing is refused", () => {
    expect(toShare([0, 0], (value) => value > 0)).toMatchObject({ share: 0, interval: { low: 0 } });
    expect(toShare([1, 1], (value) => value > 0)).toMatchObject({ share: 1, interval: { high: 1 } });
    expect(toShare([], () => true)).toEqual({
      kind: "refused",
      reason: "there is no run to take a share of",
    });
  });
});

describe("interpolateLogLinear", () => {
  const points = [
    { timeMs: 1_000, value: 0 },
    { timeMs: 4_000, value: 1 },
    { timeMs: 8_000, value: 3 },
  ];

  test("doubling the time goes half of the way through two doublings", () => {
    expect(interpolateLogLinear(points, 2_000)).toMatchObject({ value: expect.closeTo(0.5, 12) });
    expect(interpolateLogLinear(points, 4_000)).toEqual({ timeMs: 4_000, value: 1 });
  });

  test("nothing is extrapolated", () => {
    expect(interpolateLogLinear(points, 999)).toMatchObject({ kind: "refused" });
    expect(interpolateLogLinear(points, 8_001)).toMatchObject({ kind: "refused" });
    expect(interpolateLogLinear([], 1)).toMatchObject({ kind: "refused" });
  });
});

describe("rates", () => {
  const point = (askedFor: boolean) =>
    ({ entry: 0, clockMs: 0, askedFor, outcome: "valid", raw: null, normalized: 0, usage: null }) as const;
  const generation = { waitingMs: 1_800_000, clockMs: 7_200_000, modelCalls: 3, outputTokens: 3_600 };

  test("scorings per hour leave out the harness's own and name runs without a log", () => {
    const rows = [
      fabricateRow({ log: [point(false), point(true), point(true), point(false)] }),
      fabricateRow({ log: [point(false), ...Array(8).fill(point(true))], timeUsedMs: 3_600_000 }),
      fabricateRow({ runId: "no-log" }),
    ];
    expect(toScoringsPerHour(rows)).toEqual({
      kind: "rate",
      ratio: expect.closeTo(10 / 3, 12),
      median: 4.5,
      n: 2,
      withoutData: ["no-log"],
    });
  });

  test("token speed and waiting share come from the time of model calls", () => {
    const rows = [fabricateRow({ generation })];
    expect(toTokensPerSecond(rows)).toMatchObject({ ratio: 2 });
    expect(toWaitingShare(rows)).toMatchObject({ ratio: 0.25 });
    expect(toWaitingShare([fabricateRow({})])).toEqual({
      kind: "refused",
      reason: "none of 1 runs has a time of model calls",
    });
  });
});
