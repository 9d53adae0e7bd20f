import type { RunEvent } from "./events.ts";

/** What the model calls of a run have used. */
export interface UsageState {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly modelCalls: number;
  /** US dollars; null once a call's price was not known: an unknown part makes the whole unknown. */
  readonly costUsd: number | null;
}

/** Nothing used yet. */
export const initialUsage: UsageState = { inputTokens: 0, outputTokens: 0, modelCalls: 0, costUsd: 0 };

/** The usage after one more event. */
export function reduceUsage(usage: UsageState, event: RunEvent): UsageState {
  if (event.type !== "model-responded") return usage;
  return {
    inputTokens: usage.inputTokens + (event.inputTokens ?? 0),
    outputTokens: usage.outputTokens + (event.outputTokens ?? 0),
    modelCalls: usage.modelCalls + 1,
    costUsd: usage.costUsd === null || event.costUsd === null ? null : usage.costUsd + event.costUsd,
  };
}

/** Tokens that count against a token budget: input and output together. */
export function tokensUsed(usage: UsageState): number {
  return usage.inputTokens + usage.outputTokens;
}
