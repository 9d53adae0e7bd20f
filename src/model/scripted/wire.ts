import type { ScriptedRequest } from "./script.ts";
import type { ScriptedAnswer } from "./scripted-answer.ts";

/** One protocol that the scripted server speaks. */
export interface Wire {
  /** @returns null when the body is not a request of this protocol. */
  readonly parseRequest: (body: unknown, number: number) => ScriptedRequest | null;
  readonly toBody: (answer: ScriptedAnswer) => unknown;
  /** The answer as server-sent events, each a whole event with its blank line. */
  readonly toEvents: (answer: ScriptedAnswer) => readonly string[];
  readonly toErrorBody: (status: number, message: string) => unknown;
}

/** Cuts a text into two pieces, so that even a short one streams. */
export function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece.length > 0);
}
