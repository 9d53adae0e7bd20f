import { z } from "zod";
import type { GenerateRequest, Message, ToolDefinition } from "../language-model.ts";
import type { Refusal } from "./refusal.ts";

/** What a program asks of a model, in the words of neither protocol. */
export interface ModelCall {
  /** The name that the program wrote. */
  readonly model: string;
  readonly request: GenerateRequest;
  /** How many answers it wants. */
  readonly answers: number;
  readonly streaming: boolean;
  /** Whether a stream ends in the usage. */
  readonly tellsUsage: boolean;
}

/** A call, or why it is none. */
export type ParsedCall = { readonly call: ModelCall } | { readonly refusal: Refusal };

/**
 * A setting that the gateway does not offer: it may be left out or stand at the value that changes nothing, and is
 * refused otherwise, so that no wish of a program is dropped in silence.
 */
export function neutral(...values: readonly (string | number | boolean)[]) {
  return z
    .custom((value) => value === null || values.some((allowed) => allowed === value), {
      error: "the gateway does not offer this setting",
    })
    .optional();
}

/** An empty list, an empty object or null. */
export const emptyOnly = z
  .custom((value) => value === null || (typeof value === "object" && Object.keys(value).length === 0), {
    error: "the gateway does not offer this setting",
  })
  .optional();

/** Names of tools, as both providers limit them. */
export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, "up to 64 letters, digits, _ and -");

/** Identifies a call of a tool between messages. */
export const callId = z.string().min(1).max(200);

/** JSON schema of a tool's arguments. */
export const toolParameters = z.record(z.string(), z.unknown());

/** Most tools in one request. */
export const mostTools = 128;

/** The request, with settings only where they are set. */
export function toGenerateRequest(parts: {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolDefinition[];
  readonly toolChoice: GenerateRequest["toolChoice"] | undefined;
  readonly temperature: number | null | undefined;
  readonly maxOutputTokens: number | null | undefined;
}): GenerateRequest {
  const { messages, tools, toolChoice, temperature, maxOutputTokens } = parts;
  return {
    messages,
    ...(tools.length === 0 ? {} : { tools }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(temperature == null ? {} : { temperature }),
    ...(maxOutputTokens == null ? {} : { maxOutputTokens }),
  };
}
