import { setTimeout as delay } from "node:timers/promises";
import type { Attempt, AttemptOutcome } from "./attempt.ts";
import type { GenerateHooks, GenerateRequest, GenerateResult, LanguageModel } from "./language-model.ts";
import { type ModelPrice, toCostUsd } from "./prices.ts";

/** A model together with what it costs; `price` is null when it is not known. */
export interface PricedLanguageModel extends LanguageModel {
  readonly price: ModelPrice | null;
}

/** How long a call is tried. */
export interface RetryLimits {
  /** Requests made at most for one call, the first included. */
  readonly maxAttempts: number;
  /** Time one request may take, in milliseconds; longer is `timed-out`. */
  readonly attemptTimeoutMs: number;
  /** Pause after the first failure, in milliseconds; doubles with each further one. */
  readonly firstWaitMs: number;
  /** Longest pause of our own, in milliseconds. */
  readonly maxWaitMs: number;
  /** Longest pause a provider may ask for, in milliseconds; a longer one is cut to this. */
  readonly maxRetryAfterMs: number;
}

/** Limits where a caller names none. */
export const defaultRetryLimits: RetryLimits = {
  maxAttempts: 8,
  attemptTimeoutMs: 600_000,
  firstWaitMs: 1_000,
  maxWaitMs: 60_000,
  maxRetryAfterMs: 300_000,
};

/** Time and chance, passed in so that tests are exact. */
export interface RetryTools {
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Resolves after `ms`; rejects when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The machine's own time and chance. */
const systemRetryTools: RetryTools = {
  now: () => performance.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
  random: () => Math.random(),
};

/**
 * Makes a language model of single attempts: repeats what the provider lost, up to a bound, and tells the hooks
 * exactly what was lost. A `rejected` request is never repeated.
 *
 * The pause before attempt n + 1 is what the provider asked for, capped, and otherwise between half of and the whole
 * of `firstWaitMs × 2^(n−1)`, capped.
 */
export function createRetryingModel(parts: {
  readonly id: string;
  readonly attempt: Attempt;
  readonly price: ModelPrice | null;
  readonly limits?: Partial<RetryLimits>;
  readonly tools?: Partial<RetryTools>;
}): PricedLanguageModel {
  const limits = { ...defaultRetryLimits, ...parts.limits };
  const { now, sleep, random } = { ...systemRetryTools, ...parts.tools };

  function waitMs(attempt: number, retryAfterMs: number | null): number {
    if (retryAfterMs !== null) return Math.min(retryAfterMs, limits.maxRetryAfterMs);
    const ceilingMs = Math.min(limits.firstWaitMs * 2 ** (attempt - 1), limits.maxWaitMs);
    return Math.round(ceilingMs * (0.5 + random() / 2));
  }

  async function generate(request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult> {
    for (let attempt = 1; ; attempt += 1) {
      if (hooks.signal.aborted) return { status: "cancelled" };
      const startedMs = now();
      const outcome = await boundedAttempt(parts.attempt, request, hooks.signal, limits.attemptTimeoutMs);
      if (outcome === "cancelled") return { status: "cancelled" };
      const attemptMs = now() - startedMs;

      if (outcome.status === "completed") {
        const { message, finishReason, usage, servedModel } = outcome;
        const costUsd = toCostUsd(parts.price, usage, outcome.cacheWriteTokens);
        return {
          status: "completed",
          message,
          finishReason,
          usage,
          costUsd,
          durationMs: attemptMs,
          servedModel,
          ...(outcome.warnings === undefined ? {} : { warnings: outcome.warnings }),
        };
      }

      const { fault, message, retryAfterMs } = outcome;
      const isLast = fault === "rejected" || attempt >= limits.maxAttempts;
      const pauseMs = isLast ? null : waitMs(attempt, retryAfterMs);
      hooks.onAttemptFailed?.({ attempt, fault, message, attemptMs, waitMs: pauseMs });
      if (pauseMs === null) return { status: "failed", reason: fault, message, attempts: attempt };
      try {
        await sleep(pauseMs, hooks.signal);
      } catch (error) {
        if (hooks.signal.aborted) return { status: "cancelled" };
        throw error;
      }
      if (hooks.signal.aborted) return { status: "cancelled" };
      hooks.onAttemptStarted?.(attempt + 1);
    }
  }

  return { id: parts.id, price: parts.price, generate };
}

/** One attempt that ends at its time limit or when cancelled, whether or not the attempt itself reacts. */
async function boundedAttempt(
  attempt: Attempt,
  request: GenerateRequest,
  cancel: AbortSignal,
  timeoutMs: number,
): Promise<AttemptOutcome | "cancelled"> {
  const stop = new AbortController();
  const { promise: stopped, resolve: settle } = Promise.withResolvers<AttemptOutcome | "cancelled">();
  const onCancel = () => {
    settle("cancelled");
    stop.abort();
  };
  const timer = setTimeout(() => {
    const message = `the provider did not answer within ${timeoutMs / 1000} s`;
    settle({ status: "failed", fault: "timed-out", message, retryAfterMs: null });
    stop.abort();
  }, timeoutMs);
  cancel.addEventListener("abort", onCancel, { once: true });
  try {
    const running = attempt(request, stop.signal);
    // Settled late by the abort: nobody waits for it any more.
    running.catch(() => {});
    return await Promise.race([stopped, running]);
  } finally {
    clearTimeout(timer);
    cancel.removeEventListener("abort", onCancel);
  }
}
