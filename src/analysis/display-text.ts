export { toDisplayLine, toDisplayText } from "../run/index.ts";

/** Text as HTML or XML content, or as an attribute value within double or single quotes. */
export function escapeMarkup(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
