import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { analysisErrors } from "../errors.ts";
import { type FontMetrics, parseFontMetrics } from "./font-metrics.ts";

/** The face of every figure and page: open licence, digits of one width, shipped under `assets/fonts`. */
export const fontFamily = "IBM Plex Sans";

/** Weights that ship; others are set in the nearest. */
export type FontWeight = 400 | 600;

const files = {
  400: { trueType: "IBMPlexSans-Regular.ttf", web: "IBMPlexSans-Regular-Latin1.woff2" },
  600: { trueType: "IBMPlexSans-SemiBold.ttf", web: "IBMPlexSans-SemiBold-Latin1.woff2" },
} as const;
const weights = [400, 600] as const;

/** Paths of the TrueType files, for renderers that load fonts themselves. */
export function fontFilePaths(): readonly string[] {
  return weights.map((weight) => pathOf(files[weight].trueType));
}

/**
 * `@font-face` rules with the fonts inside them, so that a page or picture needs no network. Latin-1 only: other
 * scripts fall back to the reader's fonts.
 *
 * @throws FONT_UNUSABLE
 */
export function toFontFaces(): string {
  return weights
    .map((weight) => {
      const data = readFont(files[weight].web).toString("base64");
      return (
        `@font-face{font-family:"${fontFamily}";font-style:normal;font-weight:${weight};` +
        `src:url(data:font/woff2;base64,${data}) format("woff2")}`
      );
    })
    .join("\n");
}

/** @throws FONT_UNUSABLE */
export function loadFontMetrics(weight: FontWeight): FontMetrics {
  const file = files[weight].trueType;
  return parseFontMetrics(readFont(file), pathOf(file));
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../../assets/fonts/${file}`, import.meta.url));
}

function readFont(file: string): Buffer {
  const path = pathOf(file);
  try {
    return readFileSync(path);
  } catch (cause) {
    throw analysisErrors.FONT_UNUSABLE({ path, problem: "it cannot be read" }, cause);
  }
}
