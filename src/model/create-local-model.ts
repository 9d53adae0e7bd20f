import type { Attempt } from "./attempt.ts";
import type { FinishReason, GenerateRequest } from "./language-model.ts";
import type { ModelPrice } from "./prices.ts";
import { createRetryingModel, type PricedLanguageModel } from "./retrying-model.ts";

/** What something that answers as a model does wrote, or why it could not. */
export type LocalAnswer =
  | {
      readonly status: "answered";
      readonly text: string;
      readonly finishReason: FinishReason;
      readonly inputTokens: number;
      readonly outputTokens: number;
      /** Who answered, with all that is needed to have it answer the same again. */
      readonly servedModel: string;
    }
  | { readonly status: "failed"; readonly message: string };

/** It costs nothing, and that is known. */
const free: ModelPrice = {
  inputUsdPerMillion: 0,
  outputUsdPerMillion: 0,
  asOf: "2026-11-24",
  source: "answered on this machine",
};

/**
 * A model made of a function on this machine: a simulation, for example. It writes text alone, so a request with
 * tools is rejected; a failure is tried once more.
 */
export function createLocalModel(
  id: string,
  answer: (request: GenerateRequest, signal: AbortSignal) => Promise<LocalAnswer>,
): PricedLanguageModel {
  const attempt: Attempt = async (request, signal) => {
    if (request.tools !== undefined) {
      return { status: "failed", fault: "rejected", message: `${id} knows no tools`, retryAfterMs: null };
    }
    const result = await answer(request, signal);
    if (result.status === "failed") {
      return { status: "failed", fault: "server-error", message: result.message, retryAfterMs: 0 };
    }
    const { text, finishReason, inputTokens, outputTokens, servedModel } = result;
    return {
      status: "completed",
      message: { role: "assistant", text, toolCalls: [] },
      finishReason,
      usage: { inputTokens, outputTokens, cachedInputTokens: 0 },
      cacheWriteTokens: 0,
      servedModel,
    };
  };
  return createRetryingModel({ id, attempt, price: free, limits: { maxAttempts: 2 } });
}
