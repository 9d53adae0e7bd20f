import type { z } from "zod";
import type {
  AssistantMessage,
  AttemptFailure,
  FinishReason,
  GenerateRequest,
  ProviderFault,
} from "../language-model.ts";
import type { RefusalCode } from "./refusal.ts";

/** Any JSON. */
export type Json = z.core.util.JSONType;

/** What was asked for, as the gateway passed it on. */
export type ExchangeRequest =
  | { readonly kind: "model"; readonly request: GenerateRequest; readonly answers: number }
  | { readonly kind: "service"; readonly request: Json };

/** How an exchange ended. */
export type ExchangeOutcome =
  | {
      readonly status: "completed";
      /** One for each answer asked for. */
      readonly answers: readonly {
        readonly message: AssistantMessage;
        readonly finishReason: FinishReason;
        readonly servedModel: string | null;
      }[];
    }
  | { readonly status: "served"; readonly answer: Json }
  /** Nobody was asked, or a budget ended between the answers of one request. */
  | { readonly status: "refused"; readonly code: RefusalCode; readonly message: string }
  /** Somebody was asked and gave no answer; what is said here is for reviewers, the program was told less. */
  | {
      readonly status: "failed";
      readonly fault: ProviderFault | "service-failed" | "answer-too-large";
      readonly message: string;
    }
  /** The program went away, or the gateway was closed, before anybody was asked or between two attempts. */
  | { readonly status: "cancelled" };

/** One exchange between a program and the gateway, as it is recorded. Times in milliseconds of the gateway's clock. */
export interface GatewayExchange {
  /** From 0, in the order of arrival. */
  readonly number: number;
  readonly protocol: "openai" | "anthropic" | "service";
  /** Name of the model or service as the program wrote it, cut to 200 characters; null where it named none. */
  readonly name: string | null;
  /** Null where it was refused. */
  readonly request: ExchangeRequest | null;
  readonly outcome: ExchangeOutcome;
  /** Calls of the model that were completed and are charged: all of those asked for unless one failed. */
  readonly completedCalls: number;
  /** Sums over the completed calls; null where a provider did not say. */
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  /** Attempts of the provider that failed; they are not charged. */
  readonly failedAttempts: readonly AttemptFailure[];
  readonly arrivedMs: number;
  readonly endedMs: number;
  /** True when the program had gone before it could be answered. */
  readonly clientGone: boolean;
}
