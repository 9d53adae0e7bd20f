import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSeededRandom } from "../../run/index.ts";
import { meanAcross, scoreAtKAcross } from "./across-environments.ts";
import { bootstrap, toPercentileInterval } from "./bootstrap.ts";
import type { Cell } from "./cells.ts";
import { createMean } from "./score-at-k.ts";

const options = { resamples: 400, seed: "test", environments: "fixed" } as const;

function toCell(environment: string, values: readonly number[]): Cell {
  return {
    environment,
    values,
    runIds: values.map((_, index) => `${environment}-${index}`),
    worthNothing: [],
  };
}

describe("bootstrap", () => {
  test("every draw has as many runs as its arm, and no run of another", () => {
    const sizes = fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(sizes, fc.constantFrom("fixed", "resampled"), (design, environments) => {
        bootstrap(
          design,
          1,
          (draws) => {
            expect(draws).toHaveLength(design.length);
            for (const [index, { environment, counts }] of draws.entries()) {
              if (environments === "fixed") expect(environment).toBe(index);
              expect(counts.map(({ length }) => length)).toEqual(design[environment]);
              expect(counts.map((own) => own.reduce((sum, count) => sum + count, 0))).toEqual(
                design[environment],
              );
            }
          },
          { ...options, resamples: 5, environments },
        );
      }),
      { numRuns: 40 },
    );
  });

  test("the same seed gives the same numbers, another seed others", () => {
    const draw = (seed: string) => {
      const [draws] = bootstrap(
        [[20]],
        1,
        (drawn, out) => {
          out[0] = drawn[0]?.counts[0]?.[0] ?? Number.NaN;
        },
        { ...options, seed },
      );
      return [...(draws ?? [])];
    };
    expect(draw("a")).toEqual(draw("a"));
    expect(draw("a")).not.toEqual(draw("b"));
  });

  test("an environment drawn twice has its runs drawn anew each time", () => {
    let differing = 0;
    bootstrap(
      [[30], [30]],
      1,
      (draws) => {
        const [one, other] = draws;
        if (one?.environment === other?.environment && String(one?.counts[0]) !== String(other?.counts[0]))
          differing += 1;
      },
      { ...options, environments: "resampled" },
    );
    expect(differing).toBeGreaterThan(100);
  });

  test("a resample without a number is a refused interval, never a number", () => {
    expect(toPercentileInterval(Float64Array.from([1, Number.NaN, 2]), 0.95)).toEqual({
      kind: "refused",
      reason: "1 of 3 resamples gave no number",
    });
  });

  test("the spread of a resampled mean is that of theory", () => {
    const values = Array.from({ length: 50 }, (_, index) => index / 50);
    const across = scoreAtKAcross([toCell("x", values)], 1, "with-replacement", {
      resamples: 20_000,
      level: 0.6827,
    });
    const variance = values.reduce((sum, value) => sum + (value - 0.49) ** 2, 0) / 50;
    if (across.kind === "refused" || across.interval.kind === "refused") throw new Error("no interval");
    expect((across.interval.high - across.interval.low) / 2 / Math.sqrt(variance / 50)).toBeCloseTo(1, 1);
  });

  // 300 samples of known laws; the percentile interval of a mean of 7 × 30 runs must hold the truth in about 95 of 100.
  test("its 95 % interval holds the true mean over environments in 91 to 98 of 100 samples", () => {
    const random = createSeededRandom("coverage");
    const repeats = 300;
    let held = 0;
    for (let repeat = 0; repeat < repeats; repeat += 1) {
      const cells = Array.from({ length: 7 }, (_, index) =>
        toCell(
          `e${index}`,
          Array.from({ length: 30 }, () => random.next() ** 2 * (index + 1)),
        ),
      );
      const { interval } = scoreAtKAcross(cells, 1, "with-replacement", {
        resamples: 500,
        seed: `repeat ${repeat}`,
      }) as {
        interval: { low: number; high: number };
      };
      if (interval.low <= 4 / 3 && interval.high >= 4 / 3) held += 1;
    }
    expect(held / repeats).toBeGreaterThan(0.91);
    expect(held / repeats).toBeLessThan(0.98);
  });
});

describe("scoreAtKAcross", () => {
  test("environments weigh the same, however many runs they have", () => {
    const across = scoreAtKAcross([toCell("a", Array(50).fill(1)), toCell("b", [0, 0, 0])], 1);
    expect(across).toMatchObject({ kind: "estimated", value: 0.5, n: 53, missing: [] });
  });

  test("missing environments are named, and the number speaks of the others", () => {
    const across = scoreAtKAcross([toCell("a", [1, 1, 1]), toCell("b", [])], 2);
    expect(across).toMatchObject({
      value: 1,
      missing: [{ environment: "b", reason: "no run, where 1 is needed" }],
      beyondRuns: [],
    });
    const fewer = scoreAtKAcross([toCell("a", [1, 1, 1]), toCell("b", [1])], 2, "without-replacement");
    expect(fewer).toMatchObject({ missing: [{ environment: "b", reason: "1 runs, where 2 are needed" }] });
  });

  test("no run at all is refused, and too few for an interval get none", () => {
    expect(scoreAtKAcross([toCell("a", [])], 1)).toMatchObject({ kind: "refused" });
    expect(scoreAtKAcross([toCell("a", [0, 1])], 4)).toMatchObject({
      kind: "estimated",
      interval: { kind: "refused", reason: "fewer than 3 runs to resample in a (2)" },
      beyondRuns: ["a"],
    });
  });

  test("resampling environments makes the interval wider where they differ", () => {
    const cells = [0.1, 0.5, 0.9].map((level, index) =>
      toCell(`e${index}`, [level, level + 0.01, level + 0.02]),
    );
    const widthOf = (environments: "fixed" | "resampled") => {
      const { interval } = scoreAtKAcross(cells, 1, "with-replacement", { environments }) as {
        interval: { low: number; high: number };
      };
      return interval.high - interval.low;
    };
    expect(widthOf("resampled")).toBeGreaterThan(10 * widthOf("fixed"));
  });

  test("any statistic of a cell can take its place", () => {
    expect(meanAcross([toCell("a", [0, 1, 2])], 1, ({ values }) => createMean(values))).toMatchObject({
      value: 1,
    });
  });
});
