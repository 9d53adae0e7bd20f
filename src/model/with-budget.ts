import { modelErrors } from "./errors.ts";
import type { GenerateHooks, GenerateRequest, GenerateResult, LanguageModel } from "./language-model.ts";
import type { PricedLanguageModel } from "./retrying-model.ts";

/** One limit on what a run may use of the model, and what it has used. */
export interface UsageLimit<Used> {
  readonly limit: number;
  /** What is used so far; asked before each call. */
  readonly used: () => Used;
}

/** The limits of a run on its model calls; an absent one is no limit. */
export interface ModelBudget {
  /** Input and output tokens together. */
  readonly tokens?: UsageLimit<number>;
  /** US dollars; `used` is null once it is not known, and no further call is let through. */
  readonly costUsd?: UsageLimit<number | null>;
}

/** Output set aside for a call in flight that names no `maxOutputTokens`: the most that models write today. */
const longestOutputTokens = 128_000;

/** What every model is able to write: a call that names no `maxOutputTokens` is given one only below this. */
const smallestMaximumTokens = 4_096;

/**
 * Lets a call through only while the budget lasts. A call that would start at or over a limit is `refused`; the
 * output of any other is held to what is left. What is left counts calls in flight at their longest output, and where
 * only they stand in the way, a call waits for one of them to end; so overlapping calls cannot together slip past a
 * limit. The last call may still pass it by its own input, and where it names no `maxOutputTokens` by its output: to
 * name one for it would be to guess how much the model can write, and a guess too high is rejected.
 *
 * A completed call for which the provider reports no tokens, under a limit, makes every later call `refused`: a
 * budget that cannot be counted cannot be kept.
 *
 * @throws MODEL_PRICE_UNKNOWN when there is a limit in dollars and the model has no known price.
 */
export function withBudget(model: PricedLanguageModel, budget: ModelBudget): LanguageModel {
  const { price } = model;
  if (budget.costUsd !== undefined && price === null) throw modelErrors.MODEL_PRICE_UNKNOWN({ id: model.id });
  const usdPerOutputToken = (price?.outputUsdPerMillion ?? 0) / 1e6;
  const hasLimit = budget.tokens !== undefined || budget.costUsd !== undefined;

  let reservedTokens = 0;
  let uncounted = false;
  // The caller learns of a call's usage a moment after the reservation ends: both are counted, the larger holds.
  const atOpen = { tokens: budget.tokens?.used() ?? 0, costUsd: budget.costUsd?.used() ?? 0 };
  const counted = { tokens: 0, costUsd: 0 };
  const waiting = new Set<() => void>();

  /** Output tokens that the limits leave, calls in flight not counted; or why there are none. */
  function outputTokensLeft(): number | string {
    let left = Number.POSITIVE_INFINITY;
    if (uncounted)
      return "the provider did not report the tokens of an earlier call, so the budget cannot be kept";
    if (budget.tokens !== undefined) {
      const used = Math.max(budget.tokens.used(), atOpen.tokens + counted.tokens);
      if (used >= budget.tokens.limit)
        return `the token budget is used up (${used} of ${budget.tokens.limit})`;
      left = budget.tokens.limit - used;
    }
    if (budget.costUsd !== undefined) {
      const known = budget.costUsd.used();
      if (known === null) return "the cost so far is not known, so the dollar budget cannot be kept";
      const used = Math.max(known, atOpen.costUsd + counted.costUsd);
      if (used >= budget.costUsd.limit) {
        return `the dollar budget is used up ($${used.toFixed(4)} of $${budget.costUsd.limit})`;
      }
      if (usdPerOutputToken > 0) left = Math.min(left, (budget.costUsd.limit - used) / usdPerOutputToken);
    }
    return Math.max(1, Math.floor(left));
  }

  async function generate(request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult> {
    for (;;) {
      if (hooks.signal.aborted) return { status: "cancelled" };
      const left = outputTokensLeft();
      if (typeof left === "string") return { status: "refused", reason: "over-budget", message: left };
      const free = left - reservedTokens;
      if (free >= 1) return await generateWithin(free, request, hooks);
      await nextCallEnds(hooks.signal);
    }
  }

  async function generateWithin(
    free: number,
    request: GenerateRequest,
    hooks: GenerateHooks,
  ): Promise<GenerateResult> {
    const asked = request.maxOutputTokens;
    const reservation = Math.min(asked ?? longestOutputTokens, free);
    const isCut = free < (asked ?? smallestMaximumTokens);
    reservedTokens += reservation;
    try {
      const result = await model.generate(isCut ? { ...request, maxOutputTokens: free } : request, hooks);
      if (result.status === "completed") count(result);
      return result;
    } finally {
      reservedTokens -= reservation;
      for (const wake of [...waiting]) wake();
    }
  }

  function count(result: Extract<GenerateResult, { status: "completed" }>): void {
    const { inputTokens, outputTokens } = result.usage;
    if (inputTokens === null || outputTokens === null) uncounted = true;
    counted.tokens += (inputTokens ?? 0) + (outputTokens ?? 0);
    counted.costUsd += result.costUsd ?? 0;
  }

  function nextCallEnds(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      waiting.add(wake);
      signal.addEventListener("abort", wake);
    });
  }

  return hasLimit ? { id: model.id, generate } : model;
}
