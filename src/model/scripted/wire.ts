import type { WireAnswer } from "../wire/wire-answer.ts";
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

/** A scripted answer as the protocols carry it; it was never made at any time. */
export function toWireAnswer(answer: ScriptedAnswer): WireAnswer {
  const { id, model, usage } = answer;
  return { id, model, createdAt: 0, choices: [answer], usage };
}
