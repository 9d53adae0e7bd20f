import { modelErrors } from "./errors.ts";
import type { GenerateHooks, GenerateRequest, GenerateResult, LanguageModel } from "./language-model.ts";
import type { ModelPrice } from "./prices.ts";
import type { PricedLanguageModel } from "./retrying-model.ts";

/** One limit on what may be used of models, and what has been used. */
export interface UsageLimit<Used> {
  readonly limit: number;
  /** What is used so far; asked before each call. */
  readonly used: () => Used;
}

/** Limits on model calls; an absent one is no limit. */
export interface ModelBudget {
  /** Input and output tokens together. */
  readonly tokens?: UsageLimit<number>;
  /** US dollars; `used` is null once it is not known, and no further call is let through. */
  readonly costUsd?: UsageLimit<number | null>;
  /** Calls that were completed. */
  readonly calls?: UsageLimit<number>;
}

/** One budget that several models may spend from; see {@link openModelBudget}. */
export interface OpenModelBudget {
  /**
   * The model, held to the budget.
   *
   * @throws MODEL_PRICE_UNKNOWN when there is a limit in dollars and the model has no known price.
   */
  limit(model: PricedLanguageModel): PricedLanguageModel;
}

/** Output set aside for a call in flight that names no `maxOutputTokens`: the most that models write today. */
const longestOutputTokens = 128_000;

/** What every model is able to write: a call that names no `maxOutputTokens` is given one only below this. */
const smallestMaximumTokens = 4_096;

/** The model, held to a budget of its own: see {@link openModelBudget}. */
export function withBudget(model: PricedLanguageModel, budget: ModelBudget): LanguageModel {
  return openModelBudget(budget).limit(model);
}

/**
 * Lets calls through only while the budget lasts. A call that would start at or over a limit is `refused`; the
 * output of any other is held to what is left. What is left counts calls in flight at their longest output and at what
 * their input comes to by a rule of thumb, and where only they stand in the way, a call waits for one of them to end;
 * so overlapping calls cannot together slip past a limit. The last call may still pass it by its own input, and where
 * it names no `maxOutputTokens` by its output: to name one for it would be to guess how much the model can write, and
 * a guess too high is rejected.
 *
 * A completed call for which the provider reports no tokens, under a limit in tokens or dollars, makes every later
 * call `refused`: a budget that cannot be counted cannot be kept.
 */
export function openModelBudget(budget: ModelBudget): OpenModelBudget {
  const needsTokens = budget.tokens !== undefined || budget.costUsd !== undefined;
  const hasLimit = needsTokens || budget.calls !== undefined;
  let uncounted = false;
  const reserved = { tokens: 0, costUsd: 0, calls: 0 };
  // The caller learns of a call's usage a moment after the reservation ends: both are counted, the larger holds.
  const atOpen = {
    tokens: budget.tokens?.used() ?? 0,
    costUsd: budget.costUsd?.used() ?? 0,
    calls: budget.calls?.used() ?? 0,
  };
  const counted = { tokens: 0, costUsd: 0, calls: 0 };
  const waiting = new Set<() => void>();

  /** Output tokens a call may write now, 0 when it has to wait for others to end; or why there are none. */
  function outputTokensFree(price: ModelPrice | null, inputTokens: number): number | string {
    if (needsTokens && uncounted) {
      return "the provider did not report the tokens of an earlier call, so the budget cannot be kept";
    }
    let free = Number.POSITIVE_INFINITY;
    if (budget.calls !== undefined) {
      const { limit } = budget.calls;
      const used = Math.max(budget.calls.used(), atOpen.calls + counted.calls);
      if (used >= limit) return `the budget of calls is used up (${used} of ${limit})`;
      if (used + reserved.calls >= limit) free = 0;
    }
    if (budget.tokens !== undefined) {
      const { limit } = budget.tokens;
      const used = Math.max(budget.tokens.used(), atOpen.tokens + counted.tokens);
      if (used >= limit) return `the token budget is used up (${used} of ${limit})`;
      free = Math.min(free, limit - used - reserved.tokens - inputTokens);
    }
    if (budget.costUsd !== undefined) {
      const { limit } = budget.costUsd;
      const known = budget.costUsd.used();
      if (known === null) return "the cost so far is not known, so the dollar budget cannot be kept";
      const used = Math.max(known, atOpen.costUsd + counted.costUsd);
      if (used >= limit) return `the dollar budget is used up ($${used.toFixed(4)} of $${limit})`;
      const leftUsd = limit - used - reserved.costUsd - inputTokens * usdPerInputToken(price);
      const rate = usdPerOutputToken(price);
      if (rate > 0) free = Math.min(free, leftUsd / rate);
      // Rounding may take a sliver of a reservation for the last of the budget: alone, a call always has one token.
    }
    return reserved.calls === 0 ? Math.max(1, Math.floor(free)) : Math.floor(free);
  }

  function limit(model: PricedLanguageModel): PricedLanguageModel {
    const { price } = model;
    if (budget.costUsd !== undefined && price === null) {
      throw modelErrors.MODEL_PRICE_UNKNOWN({ id: model.id });
    }

    async function generate(request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult> {
      const inputTokens = hasLimit ? estimateInputTokens(request) : 0;
      for (;;) {
        if (hooks.signal.aborted) return { status: "cancelled" };
        const free = outputTokensFree(price, inputTokens);
        if (typeof free === "string") return { status: "refused", reason: "over-budget", message: free };
        if (free >= 1) return await generateWithin(free, inputTokens, request, hooks);
        await nextCallEnds(hooks.signal);
      }
    }

    async function generateWithin(
      free: number,
      inputTokens: number,
      request: GenerateRequest,
      hooks: GenerateHooks,
    ): Promise<GenerateResult> {
      const asked = request.maxOutputTokens;
      const outputTokens = Math.min(asked ?? longestOutputTokens, free);
      const tokens = inputTokens + outputTokens;
      const costUsd = inputTokens * usdPerInputToken(price) + outputTokens * usdPerOutputToken(price);
      const isCut = free < (asked ?? smallestMaximumTokens);
      reserved.tokens += tokens;
      reserved.costUsd += costUsd;
      reserved.calls += 1;
      try {
        const result = await model.generate(isCut ? { ...request, maxOutputTokens: free } : request, hooks);
        if (result.status === "completed") count(result);
        return result;
      } finally {
        reserved.tokens -= tokens;
        reserved.costUsd -= costUsd;
        reserved.calls -= 1;
        for (const wake of [...waiting]) wake();
      }
    }

    return { id: model.id, price, generate };
  }

  function count(result: Extract<GenerateResult, { status: "completed" }>): void {
    const { inputTokens, outputTokens } = result.usage;
    if (inputTokens === null || outputTokens === null) uncounted = true;
    counted.tokens += (inputTokens ?? 0) + (outputTokens ?? 0);
    counted.costUsd += result.costUsd ?? 0;
    counted.calls += 1;
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

  return { limit: hasLimit ? limit : (model) => model };
}

/** Four characters to a token, as is usual: set aside only while the call is in flight. */
function estimateInputTokens({ messages, tools }: GenerateRequest): number {
  const written = messages.reduce(
    (sum, message) =>
      sum + message.text.length + ("toolCalls" in message ? JSON.stringify(message.toolCalls).length : 0),
    tools === undefined ? 0 : JSON.stringify(tools).length,
  );
  return Math.ceil(written / 4);
}

function usdPerInputToken(price: ModelPrice | null): number {
  return (price?.inputUsdPerMillion ?? 0) / 1e6;
}

function usdPerOutputToken(price: ModelPrice | null): number {
  return (price?.outputUsdPerMillion ?? 0) / 1e6;
}
