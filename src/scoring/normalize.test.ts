import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Anchors, isBetter, type ScoreDirection } from "../environment/index.ts";
import { normalize } from "./normalize.ts";

function anchors(start: number, reference: number): Anchors {
  const anchor = (raw: number) => ({ raw, n: null, standardDeviation: null });
  return {
    start: anchor(start),
    reference: anchor(reference),
    provenance: { kind: "published", source: "arXiv 2411.15114" },
  };
}

const score = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const direction = fc.constantFrom<ScoreDirection>("lower", "higher");

/** Anchors in the right order, far enough apart to divide by. */
const scale = fc
  .tuple(score, fc.double({ min: 1e-3, max: 1e6, noNaN: true }), direction)
  .map(([start, distance, better]) => ({
    direction: better,
    anchors: anchors(start, better === "lower" ? start - distance : start + distance),
  }));

describe("normalize", () => {
  // Start, reference and best human of the published environments, from arXiv 2411.15114.
  test.each([
    ["optimize-llm-foundry", "lower", 5.6, 4.54, 4.58, 0.962],
    ["optimize-kernel", "lower", 1.56, 0.47, -0.41, 1.807],
    ["fix-embedding", "lower", 2.196, 0.262, 0.16, 1.053],
    ["scaling-law", "higher", 0.24, 0.84, 0.89, 1.083],
    ["restricted-mlm", "lower", 1.81, 1.13, 0.34, 2.162],
    ["finetune-qa", "higher", 0.54, 0.85, 0.97, 1.387],
    ["rust-codecontests", "higher", 0, 0.127, 0.13, 1.024],
  ] as const)("places the best human of %s", (_id, better, start, reference, human, expected) => {
    const scale = anchors(start, reference);
    expect(normalize(start, scale, better)).toBe(0);
    expect(normalize(reference, scale, better)).toBe(1);
    expect(normalize(human, scale, better)).toBeCloseTo(expected, 3);
  });

  test("the start is 0, the reference is 1, everything is at least 0", () => {
    fc.assert(
      fc.property(scale, score, ({ anchors, direction }, raw) => {
        expect(normalize(anchors.start.raw, anchors, direction)).toBe(0);
        expect(normalize(anchors.reference.raw, anchors, direction)).toBe(1);
        expect(normalize(raw, anchors, direction)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("a better raw score is never normalized lower", () => {
    fc.assert(
      fc.property(scale, score, score, ({ anchors, direction }, left, right) => {
        fc.pre(isBetter(left, right, direction));
        expect(normalize(left, anchors, direction)).toBeGreaterThanOrEqual(
          normalize(right, anchors, direction),
        );
      }),
    );
  });

  test("mirroring scores, anchors and direction changes nothing", () => {
    fc.assert(
      fc.property(scale, score, ({ anchors: given, direction }, raw) => {
        const mirrored = anchors(-given.start.raw, -given.reference.raw);
        expect(normalize(-raw, mirrored, direction === "lower" ? "higher" : "lower")).toBe(
          normalize(raw, given, direction),
        );
      }),
    );
  });

  test.each([
    ["equal", 1, 1, "lower"],
    ["in the wrong order", 1, 2, "lower"],
    ["in the wrong order", 2, 1, "higher"],
    ["not finite", Number.NaN, 1, "higher"],
    ["too close to divide by", 0, 5e-324, "higher"],
  ] as const)("anchors that are %s are ANCHORS_WITHOUT_SCALE", (_what, start, reference, better) => {
    expect(() => normalize(3, anchors(start, reference), better)).toThrow(
      expect.objectContaining({ code: "ANCHORS_WITHOUT_SCALE" }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "%d is RAW_SCORE_UNUSABLE",
    (raw) => {
      expect(() => normalize(raw, anchors(0, 1), "higher")).toThrow(
        expect.objectContaining({ code: "RAW_SCORE_UNUSABLE" }),
      );
    },
  );
});
