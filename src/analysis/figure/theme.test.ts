import { describe, expect, test } from "vitest";
import { darkTheme, lightTheme, seriesColorCount, toDarkModeRules } from "./theme.ts";

/** @see WCAG 2.2, relative luminance */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each([
  ["light", lightTheme],
  ["dark", darkTheme],
])("%s theme", (_name, theme) => {
  test("text stands out from the surface by 4.5 to 1, lines by 3 to 1", () => {
    for (const color of [theme.ink, theme.muted])
      expect(contrast(color, theme.surface)).toBeGreaterThanOrEqual(4.5);
    for (const color of [theme.rule, ...theme.series]) {
      expect(contrast(color, theme.surface)).toBeGreaterThanOrEqual(3);
    }
  });

  test("no colour has two roles, so that one can be told from the other by value", () => {
    const { series, ...roles } = theme;
    const colors = [...Object.values(roles), ...series];
    expect(new Set(colors).size).toBe(colors.length);
    expect(series).toHaveLength(seriesColorCount);
  });
});

test("every light colour becomes its dark one on a screen that prefers dark", () => {
  const rules = toDarkModeRules("figure");
  for (const [index, color] of lightTheme.series.entries()) {
    expect(rules).toContain(`.figure [stroke="${color}"]{stroke:${darkTheme.series[index]}}`);
  }
  expect(rules).toContain(`.figure [fill="${lightTheme.surface}"]{fill:${darkTheme.surface}}`);
});
