import { analysisErrors } from "../errors.ts";

/** How wide one font sets text, kerning left out. */
export interface FontMetrics {
  /** Width of one line, in units of the font size. */
  width(text: string): number;
}

/** Width of a character the font lacks, in units of the font size: as wide as any fallback is likely to be. */
const missingWidth = 1;

/**
 * Reads advance widths from a TrueType or OpenType file: tables `cmap` (format 4), `hhea`, `hmtx`, `head`.
 *
 * @param path - Named in errors only.
 * @throws FONT_UNUSABLE when a table is missing or of another format.
 * @see https://learn.microsoft.com/typography/opentype/spec/
 */
export function parseFontMetrics(font: Buffer, path: string): FontMetrics {
  const unusable = (problem: string) => analysisErrors.FONT_UNUSABLE({ path, problem });
  const tables = new Map<string, number>();
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const record = 12 + 16 * index;
    tables.set(font.toString("latin1", record, record + 4), font.readUInt32BE(record + 8));
  }
  const table = (tag: string): number => {
    const offset = tables.get(tag);
    if (offset === undefined) throw unusable(`it has no table "${tag}"`);
    return offset;
  };
  const unitsPerEm = font.readUInt16BE(table("head") + 18);
  const advanceCount = font.readUInt16BE(table("hhea") + 34);
  const advances = table("hmtx");
  const characterMap = findFormat4(font, table("cmap"));
  if (characterMap === null) throw unusable("its character map has no subtable of format 4");
  const widths = new Map<number, number>();
  const widthOf = (codePoint: number): number => {
    const known = widths.get(codePoint);
    if (known !== undefined) return known;
    const glyph = glyphOf(font, characterMap, codePoint);
    const width =
      glyph === 0
        ? missingWidth
        : font.readUInt16BE(advances + 4 * Math.min(glyph, advanceCount - 1)) / unitsPerEm;
    widths.set(codePoint, width);
    return width;
  };
  return {
    width: (text) =>
      Array.from(text).reduce((sum, character) => sum + widthOf(character.codePointAt(0) ?? 0), 0),
  };
}

/** Offset of the format 4 subtable for Unicode, or null. */
function findFormat4(font: Buffer, cmap: number): number | null {
  for (let index = 0; index < font.readUInt16BE(cmap + 2); index += 1) {
    const record = cmap + 4 + 8 * index;
    const subtable = cmap + font.readUInt32BE(record + 4);
    const platform = font.readUInt16BE(record);
    if ((platform === 0 || platform === 3) && font.readUInt16BE(subtable) === 4) return subtable;
  }
  return null;
}

/** Glyph of a character; 0 where the font has none. */
function glyphOf(font: Buffer, subtable: number, codePoint: number): number {
  if (codePoint > 0xffff) return 0;
  const doubleCount = font.readUInt16BE(subtable + 6);
  const ends = subtable + 14;
  const starts = ends + doubleCount + 2;
  const deltas = starts + doubleCount;
  const ranges = deltas + doubleCount;
  for (let segment = 0; segment < doubleCount; segment += 2) {
    if (font.readUInt16BE(ends + segment) < codePoint) continue;
    const start = font.readUInt16BE(starts + segment);
    if (start > codePoint) return 0;
    const delta = font.readUInt16BE(deltas + segment);
    const range = font.readUInt16BE(ranges + segment);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = font.readUInt16BE(ranges + segment + range + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
