import type { FinishReason } from "../language-model.ts";

/** One text that a model wrote in answer to a request. */
export interface WireChoice {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly {
    readonly id: string;
    readonly name: string;
    /** As it goes over the wire: JSON, unless a model wrote something else. */
    readonly argumentsText: string;
  }[];
  readonly finishReason: FinishReason;
}

/** An answer in the words of neither protocol. */
export interface WireAnswer {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** More than one where the request asked for several; Anthropic's protocol carries the first. */
  readonly choices: readonly [WireChoice, ...WireChoice[]];
  /** Null for a server that does not report it. */
  readonly usage: { readonly input: number; readonly output: number; readonly cachedInput: number } | null;
}

/** Cuts a text into two pieces, so that even a short one streams; no character is cut in half. */
export function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  const isBetween =
    /[\uD800-\uDBFF]/.test(text[middle - 1] ?? "") && /[\uDC00-\uDFFF]/.test(text[middle] ?? "");
  const cut = isBetween ? middle + 1 : middle;
  return [text.slice(0, cut), text.slice(cut)].filter((piece) => piece.length > 0);
}
