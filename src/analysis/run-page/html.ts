import { escapeMarkup, toDisplayText } from "../display-text.ts";

/** Markup that is safe to put into a page: made by {@link html}, or by us from what we trust. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** What may stand in a template. */
export type HtmlPart = Html | string | number | null | readonly HtmlPart[];

/**
 * Markup with values filled in. Text is made printable and escaped, wherever it stands between tags or within quotes;
 * only {@link Html} goes in as it is. Null is nothing, lists are joined.
 *
 * @example
 * html`<p title="${agent}">${agent} made ${count} scorings</p>`
 */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(String.raw({ raw: strings }, ...parts.map(toMarkup)));
}

function toMarkup(part: HtmlPart): string {
  if (part === null) return "";
  if (part instanceof Html) return part.markup;
  if (typeof part === "object") return part.map(toMarkup).join("");
  return escapeMarkup(toDisplayText(String(part)));
}
