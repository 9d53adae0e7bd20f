import { z } from "zod";

const toolCall = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Parsed arguments; where the model wrote no valid JSON, the text it wrote. */
  arguments: z.json(),
});

/** One message of a conversation, plain JSON, independent of any provider. */
export const messageSchema = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), text: z.string() }),
  z.strictObject({ role: z.literal("user"), text: z.string() }),
  z.strictObject({
    role: z.literal("assistant"),
    text: z.string(),
    reasoning: z.string().optional(),
    toolCalls: z.array(toolCall),
    /** What the provider wants to see again with this message (signatures); nobody else reads it. */
    providerState: z.json().optional(),
  }),
  z.strictObject({ role: z.literal("tool"), toolCallId: z.string(), toolName: z.string(), text: z.string() }),
]);
/** One message of a conversation. */
export type Message = z.infer<typeof messageSchema>;
/** What a model wrote. */
export type AssistantMessage = Extract<Message, { role: "assistant" }>;
/** A call that a model wrote. */
export type ToolCall = z.infer<typeof toolCall>;

/** A tool as a model is told of it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One question to a model; settings left out are the provider's own. */
export interface GenerateRequest {
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolDefinition[];
  readonly toolChoice?: "auto" | "required" | { readonly tool: string };
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
}

/** Token counts of one call; null where the provider did not say. */
export interface Usage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Part of the input that came from the provider's cache. */
  readonly cachedInputTokens: number | null;
}

/** Why a model stopped writing, as its provider says. */
export type FinishReason = "stop" | "length" | "tool-calls" | "content-filter" | "other";

/** How a call ended. Provider trouble and refusals are data; nothing here is the agent's fault. */
export type GenerateResult =
  | {
      readonly status: "completed";
      readonly message: AssistantMessage;
      readonly finishReason: FinishReason;
      readonly usage: Usage;
      /** Null when the price of the model is not known. */
      readonly costUsd: number | null;
      /** Time of the attempt that succeeded, in milliseconds. */
      readonly durationMs: number;
      /** Id of the model as the provider reports it. */
      readonly servedModel: string | null;
      /** Settings that the provider left out or changed, e.g. a temperature it does not take; absent where none. */
      readonly warnings?: readonly string[];
    }
  | { readonly status: "refused"; readonly reason: "over-budget"; readonly message: string }
  | {
      readonly status: "failed";
      readonly reason: ProviderFault;
      readonly message: string;
      readonly attempts: number;
    }
  | { readonly status: "cancelled" };

/** Why an attempt failed through no fault of the agent. */
export type ProviderFault =
  | "rate-limited"
  | "server-error"
  | "timed-out"
  | "connection-lost"
  | "malformed-answer"
  | "rejected";

/** Told about each attempt that failed, so that the clock can leave out what the provider lost. */
export interface AttemptFailure {
  readonly attempt: number;
  readonly fault: ProviderFault;
  readonly message: string;
  /** Time the failed attempt took, in milliseconds: to be credited to the clock. */
  readonly attemptMs: number;
  /** Pause before the next attempt, in milliseconds; null when there is none. */
  readonly waitMs: number | null;
}

/** How a caller follows and cancels a call. */
export interface GenerateHooks {
  readonly signal: AbortSignal;
  /** Called when an attempt failed, before waiting. Returns when the failure is recorded. */
  readonly onAttemptFailed?: (failure: AttemptFailure) => void;
  /** Called when waiting is over and the next attempt starts. */
  readonly onAttemptStarted?: (attempt: number) => void;
}

/** A language model that answers one request at a time; calls may overlap. */
export interface LanguageModel {
  /** `provider/name`, as the user wrote it. */
  readonly id: string;
  /** @throws nothing on provider trouble; that is a result. */
  generate(request: GenerateRequest, hooks: GenerateHooks): Promise<GenerateResult>;
}
