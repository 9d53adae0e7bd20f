import type {
  AssistantMessage,
  FinishReason,
  GenerateRequest,
  ProviderFault,
  Usage,
} from "./language-model.ts";

/** How one request to a provider ended. */
export type AttemptOutcome =
  | {
      readonly status: "completed";
      readonly message: AssistantMessage;
      readonly finishReason: FinishReason;
      readonly usage: Usage;
      /** Part of the input that was written to the provider's cache, which may have a price of its own. */
      readonly cacheWriteTokens: number;
      readonly servedModel: string | null;
      /** Settings that the provider left out or changed; absent where it took all. */
      readonly warnings?: readonly string[];
    }
  | {
      readonly status: "failed";
      readonly fault: ProviderFault;
      /** Safe to show to an agent: no key, no address. */
      readonly message: string;
      /** How long the provider asked to wait, in milliseconds; null when it did not say. */
      readonly retryAfterMs: number | null;
    };

/**
 * Makes one request and never repeats it. Provider trouble is an outcome; after `signal` fires the outcome is not
 * looked at, so it may also reject.
 */
export type Attempt = (request: GenerateRequest, signal: AbortSignal) => Promise<AttemptOutcome>;
