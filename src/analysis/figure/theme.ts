import { fontFamily } from "./fonts.ts";

/** Colours of one appearance, as `#rrggbb`. Within a theme every colour is used for one role only. */
export interface Theme {
  readonly surface: string;
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly grid: string;
  /** Told apart by people with any common colour vision; each at least 3:1 against the surface. */
  readonly series: readonly string[];
}

/** Colours in a theme before they come round again. */
export const seriesColorCount = 6;

/**
 * After Okabe and Ito; orange and sky blue are darkened and yellow and black left out, for contrast on paper.
 *
 * @see M. Okabe, K. Ito, Color Universal Design (2008), https://jfly.uni-koeln.de/color/
 */
export const lightTheme: Theme = {
  surface: "#ffffff",
  ink: "#1b1f23",
  muted: "#59626b",
  rule: "#7b858e",
  grid: "#e6e9ec",
  series: ["#0072b2", "#d55e00", "#008f68", "#b8578f", "#8f6400", "#3a8fc4"],
};

/** The same roles and series on a dark surface. */
export const darkTheme: Theme = {
  surface: "#14171a",
  ink: "#e8eaec",
  muted: "#a2abb3",
  rule: "#7f8992",
  grid: "#2a2f34",
  series: ["#4aa8e8", "#f58442", "#2fc796", "#dd8fbf", "#d9a93a", "#93cdf2"],
};

/** Series past the colours of a theme take the next pattern; lengths in pixels. */
export const dashPatterns: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [8, 2, 2, 2]];

/** Size of every text in a figure. */
export const labelSizePx = 12;

/** The Vega-Lite `config` of every figure. */
export function toVegaConfig(theme: Theme) {
  return {
    background: theme.surface,
    font: `${fontFamily}, sans-serif`,
    padding: 4,
    view: { stroke: null },
    aria: false,
    axis: {
      labelColor: theme.muted,
      labelFontSize: labelSizePx,
      labelPadding: 6,
      titleColor: theme.ink,
      titleFontSize: labelSizePx,
      titleFontWeight: 400,
      titlePadding: 10,
      gridColor: theme.grid,
      gridWidth: 1,
      domainColor: theme.rule,
      tickColor: theme.rule,
      tickSize: 4,
    },
    title: { color: theme.ink, fontSize: labelSizePx, fontWeight: 400, anchor: "start", frame: "bounds" },
    text: { color: theme.ink, fontSize: labelSizePx },
    range: { category: [...theme.series] },
    style: {
      anchor: { color: theme.rule, stroke: theme.rule, strokeWidth: 1 },
      dot: { stroke: theme.surface, strokeWidth: 1 },
      human: { color: theme.ink },
      quiet: { color: theme.muted },
    },
    legend: { labelColor: theme.ink, labelFontSize: labelSizePx, titleColor: theme.muted },
  } as const;
}

/**
 * Rules that turn a picture drawn in the light theme into the dark one where the reader prefers that. They override
 * the colour attributes by value, so the same file prints light.
 */
export function toDarkModeRules(className: string): string {
  const rules = toColorPairs().flatMap(([light, dark]) =>
    (["fill", "stroke"] as const).map(
      (property) => `.${className} [${property}="${light}"]{${property}:${dark}}`,
    ),
  );
  return `@media screen and (prefers-color-scheme:dark){${rules.join("")}}`;
}

function toColorPairs(): readonly (readonly [string, string])[] {
  const roles = ["surface", "ink", "muted", "rule", "grid"] as const;
  return [
    ...roles.map((role) => [lightTheme[role], darkTheme[role]] as const),
    ...lightTheme.series.map((color, index) => [color, darkTheme.series[index] ?? color] as const),
  ];
}
