import fc from "fast-check";
import { expect, test } from "vitest";
import { spreadLabels } from "./spread-labels.ts";

test("labels that do not touch stay where they are", () => {
  expect(spreadLabels([100, 20, 60], 16, [0, 200])).toEqual([100, 20, 60]);
});

test("labels that touch are pushed apart in their order, and back from the edge", () => {
  expect(spreadLabels([10, 10, 200], 16, [0, 200])).toEqual([10, 26, 200]);
  expect(spreadLabels([198, 199], 16, [0, 200])).toEqual([184, 200]);
});

test("no two labels of any figure are nearer than the gap, and none leaves the plot", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 288, noNaN: true }), { maxLength: 18 }), (wanted) => {
      const sorted = spreadLabels(wanted, 16, [0, 288]).toSorted((a, b) => a - b);
      for (const [index, place] of sorted.entries()) {
        expect(place).toBeGreaterThanOrEqual(0 - 1e-9);
        expect(place).toBeLessThanOrEqual(288 + 1e-9);
        if (index > 0) expect(place - (sorted[index - 1] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-9);
      }
    }),
  );
});
