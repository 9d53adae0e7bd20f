import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSeededRandom } from "../../run/index.ts";
import { createScoreAtK, type Sampling, scoreAtK } from "./score-at-k.ts";

const samplings: readonly Sampling[] = ["with-replacement", "without-replacement"];
const score = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 3, noNaN: true }));
const scores = fc.array(score, { minLength: 1, maxLength: 30 });

function atK(values: readonly number[], k: number, sampling: Sampling): number {
  const result = scoreAtK(values, k, sampling);
  if (result.kind === "refused") throw new Error(result.reason);
  return result.value;
}

/** Mean best over every way of drawing k runs, one by one. */
function enumerate(values: readonly number[], k: number, sampling: Sampling): number {
  const bests: number[] = [];
  const draw = (best: number, left: number, rest: readonly number[]): void => {
    if (left === 0) {
      bests.push(best);
      return;
    }
    for (const [index, value] of rest.entries()) {
      draw(
        Math.max(best, value),
        left - 1,
        sampling === "with-replacement" ? rest : rest.toSpliced(index, 1),
      );
    }
  };
  draw(0, k, values);
  return bests.reduce((sum, best) => sum + best, 0) / bests.length;
}

describe("scoreAtK", () => {
  // Sixteenths and eighths are exact in binary: with replacement from 4, equality is to the last bit.
  test.each([1, 2, 3, 4, 5, 6])("equals the mean over all draws of k = %d from four runs exactly", (k) => {
    const values = [0.25, 0, 1.5, 0.25];
    expect(atK(values, k, "with-replacement")).toBe(enumerate(values, k, "with-replacement"));
    if (k > 4) return;
    expect(atK(values, k, "without-replacement")).toBeCloseTo(
      enumerate(values, k, "without-replacement"),
      14,
    );
  });

  test("equals enumeration for any five runs", () => {
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(...samplings),
        (values, k, sampling) => {
          fc.pre(sampling === "with-replacement" || k <= values.length);
          expect(atK(values, k, sampling)).toBeCloseTo(enumerate(values, k, sampling), 12);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each(samplings)("agrees with 10^6 draws %s within four standard errors", (sampling) => {
    const random = createSeededRandom(`draws ${sampling}`);
    const values = Array.from({ length: 40 }, () => Math.max(0, random.next() * 2 - 0.6));
    const [k, draws] = [4, 1_000_000];
    const pool = [...values];
    let sum = 0;
    let squares = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      let best = 0;
      for (let picked = 0; picked < k; picked += 1) {
        const from = sampling === "with-replacement" ? 0 : picked;
        const index = from + random.integer(pool.length - from);
        const value = pool[index] ?? 0;
        pool[index] = pool[picked] ?? 0;
        pool[picked] = value;
        best = Math.max(best, value);
      }
      sum += best;
      squares += best * best;
    }
    const mean = sum / draws;
    const error = Math.sqrt((squares / draws - mean * mean) / draws);
    expect(Math.abs(atK(values, k, sampling) - mean)).toBeLessThan(4 * error);
  });

  test("k = 1 is the mean, and without replacement k = n is the best", () => {
    fc.assert(
      fc.property(scores, (values) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        for (const sampling of samplings) expect(atK(values, 1, sampling)).toBeCloseTo(mean, 10);
        expect(atK(values, values.length, "without-replacement")).toBeCloseTo(Math.max(...values), 12);
      }),
    );
  });

  test("more runs never make it lower, and it stays between the worst and the best", () => {
    fc.assert(
      fc.property(
        scores,
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(...samplings),
        (values, k, sampling) => {
          fc.pre(sampling === "with-replacement" || k < values.length);
          const [fewer, more] = [atK(values, k, sampling), atK(values, k + 1, sampling)];
          expect(more).toBeGreaterThanOrEqual(fewer - 1e-12);
          expect(fewer).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
          expect(more).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        },
      ),
    );
  });

  test("drawing with replacement never promises more than drawing without", () => {
    fc.assert(
      fc.property(scores, fc.nat(29), (values, below) => {
        const k = 1 + (below % values.length);
        expect(atK(values, k, "with-replacement")).toBeLessThanOrEqual(
          atK(values, k, "without-replacement") + 1e-12,
        );
      }),
    );
  });

  test("the order of runs does not matter, and equal runs are worth what one is", () => {
    fc.assert(
      fc.property(scores, fc.integer({ min: 1, max: 10 }), score, (values, k, same) => {
        expect(atK(values.toReversed(), k, "with-replacement")).toBe(atK(values, k, "with-replacement"));
        expect(
          atK(
            values.map(() => same),
            k,
            "with-replacement",
          ),
        ).toBeCloseTo(same, 12);
      }),
    );
  });

  test("k > n is said with replacement and refused without", () => {
    expect(scoreAtK([0, 1], 3, "with-replacement")).toEqual({
      kind: "estimated",
      value: 0.875,
      n: 2,
      isBeyondRuns: true,
    });
    expect(scoreAtK([0, 1], 3, "without-replacement")).toEqual({
      kind: "refused",
      reason: "there are 2 runs, fewer than k = 3",
    });
    expect(scoreAtK([], 1, "with-replacement")).toEqual({ kind: "refused", reason: "there is no run" });
  });

  test.each([0, -1, 1.5, Number.NaN])("k = %d is STATISTIC_ARGUMENT_UNUSABLE", (k) => {
    expect(() => createScoreAtK([1], k, "with-replacement")).toThrow(
      expect.objectContaining({ code: "STATISTIC_ARGUMENT_UNUSABLE" }),
    );
  });

  test("runs counted twice are worth what two such runs are", () => {
    fc.assert(
      fc.property(
        fc.array(score, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 6 }),
        (values, k) => {
          const [a = 0, b = 0, , d = 0] = values;
          const { evaluate } = createScoreAtK(values, k, "with-replacement");
          expect(evaluate(Int32Array.from([2, 1, 0, 1]))).toBeCloseTo(
            atK([a, a, b, d], k, "with-replacement"),
            12,
          );
        },
      ),
    );
  });
});
