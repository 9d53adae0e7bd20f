import { describe, expect, test } from "vitest";
import { parseFontMetrics } from "./font-metrics.ts";
import { loadFontMetrics } from "./fonts.ts";

describe("font metrics", () => {
  const regular = loadFontMetrics(400);

  test("digits are all of one width, so that columns of numbers line up", () => {
    expect(Array.from("0123456789", (digit) => regular.width(digit))).toEqual(Array(10).fill(0.6));
  });

  test("widths are those of the font's own table", () => {
    expect(regular.width("a")).toBe(0.534);
    expect(regular.width("W")).toBe(0.891);
    expect(regular.width("aW")).toBeCloseTo(1.425, 10);
    expect(loadFontMetrics(600).width("a")).toBe(0.559);
  });

  test("a character the font lacks counts as wide, so that it cannot collide", () => {
    expect(regular.width("漢")).toBe(1);
    expect(regular.width("😀")).toBe(1);
  });

  test("a file that is no font is refused by name", () => {
    expect(() => parseFontMetrics(Buffer.alloc(64), "x.ttf")).toThrow(/x\.ttf cannot be used/);
  });
});
