import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toMinuteTicks, toScoreAxis } from "./axis.ts";

describe("score axis", () => {
  test.each([
    [0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [1.1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
    [2.74, [0, 0.5, 1, 1.5, 2, 2.5]],
    [4, [0, 1, 2, 3, 4]],
    [12, [0, 1, 2.5, 5, 7.5, 10, 12.5]],
  ])("a highest score of %d gives ticks %j", (highest, ticks) => {
    expect(toScoreAxis(highest, false).ticks).toEqual(ticks);
  });

  test("the strip for scorings without a score lies below 0, and only when it is needed", () => {
    expect(toScoreAxis(1, false)).toMatchObject({ bottom: 0, strip: null });
    const { bottom, strip } = toScoreAxis(1, true);
    expect(strip).toBeLessThan(0);
    expect(strip).toBeGreaterThan(bottom);
  });

  test("any score fits, with few ticks that ascend within the axis", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (highest) => {
        const { top, ticks } = toScoreAxis(highest, false);
        expect(top).toBeGreaterThan(highest);
        expect(ticks.length).toBeLessThan(10);
        expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
        expect(ticks.at(-1)).toBeLessThanOrEqual(top);
      }),
    );
  });
});

describe("minute ticks", () => {
  test.each([
    [2, [0, 0.5, 1, 1.5, 2]],
    [30, [0, 5, 10, 15, 20, 25, 30]],
    [480, [0, 60, 120, 180, 240, 300, 360, 420, 480]],
  ])("%d minutes are divided as %j", (lastMinute, ticks) => {
    expect(toMinuteTicks(lastMinute)).toEqual(ticks);
  });

  test("any length has between two and ten ticks within it", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (lastMinute) => {
        const ticks = toMinuteTicks(lastMinute);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(10);
        expect(ticks.at(-1)).toBeLessThanOrEqual(lastMinute * (1 + 1e-6));
      }),
    );
  });
});
