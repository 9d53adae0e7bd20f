import * as vega from "vega";
import { type FontWeight, loadFontMetrics } from "./fonts.ts";

/** Part of vega that its type declarations leave out; a function of ours is honoured when it lays out text. */
interface TextMetrics {
  width: (item: TextItem, text: unknown) => number;
}

interface TextItem {
  readonly fontSize?: number;
  readonly fontWeight?: number | string;
}

/** Width in pixels of a line in the figures' font. */
export type MeasureText = (text: string, sizePx: number, weight: FontWeight) => number;

/** @throws FONT_UNUSABLE */
export function createMeasureText(): MeasureText {
  const metrics = { 400: loadFontMetrics(400), 600: loadFontMetrics(600) };
  return (text, sizePx, weight) => metrics[weight].width(text) * sizePx;
}

/**
 * Makes vega measure with the font that is shown: without a canvas it takes 0.8 of the size for every character, some
 * 40 % too much. Repeating it changes nothing.
 *
 * @throws FONT_UNUSABLE
 */
export function useMeasuredText(measure: MeasureText): void {
  const { textMetrics } = vega as unknown as { readonly textMetrics: TextMetrics };
  textMetrics.width = (item, text) => {
    const sizePx = item.fontSize ?? 11;
    const weight = item.fontWeight === "bold" || Number(item.fontWeight) >= 500 ? 600 : 400;
    return measure(text === null || text === undefined ? "" : String(text).trim(), sizePx, weight);
  };
}
