/** Control characters but tab and line feed, direction overrides, and marks that take no room. */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]/g;

/**
 * Text from a run made safe to look at: what cannot be printed, or would reorder or hide what stands around it, becomes
 * a replacement character. Markup is not escaped here.
 */
export function toDisplayText(text: string): string {
  return text.toWellFormed().replaceAll("\r\n", "\n").replace(unprintable, "\ufffd");
}

/** The same on one line, cut with an ellipsis after so many characters. */
export function toDisplayLine(text: string, maxCharacters: number): string {
  const characters = Array.from(toDisplayText(text).replace(/\s+/g, " ").trim());
  if (characters.length <= maxCharacters) return characters.join("");
  return `${characters.slice(0, maxCharacters - 1).join("")}…`;
}
