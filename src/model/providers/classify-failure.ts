import {
  AISDKError,
  APICallError,
  InvalidPromptError,
  InvalidResponseDataError,
  JSONParseError,
  TypeValidationError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { z } from "zod";
import type { AttemptOutcome } from "../attempt.ts";
import type { ProviderFault } from "../language-model.ts";
import { parseRetryAfterMs } from "../retry-after.ts";
import { redact } from "./redact.ts";

type Failure = Extract<AttemptOutcome, { status: "failed" }>;

/** An error that a provider sends in the middle of a stream, in the forms of OpenAI and Anthropic. */
const streamErrorSchema = z.object({
  message: z.string().optional(),
  type: z.string().nullish(),
  code: z.union([z.string(), z.number()]).nullish(),
});

const wrappedErrorSchema = z.object({
  name: z.enum(["AI_JSONParseError", "AI_TypeValidationError"]).optional(),
  type: z.string().optional(),
});

/**
 * Says what went wrong with one request, in words that hold neither key nor address.
 *
 * @param secrets - Texts that must not appear in the message.
 */
export function classifyFailure(
  error: unknown,
  secrets: readonly string[],
  wallClockMs: () => number,
): Failure {
  if (APICallError.isInstance(error)) return classifyCall(error, secrets, wallClockMs);
  if (UnsupportedFunctionalityError.isInstance(error) || InvalidPromptError.isInstance(error)) {
    return failure("rejected", `the provider cannot take this request: ${redact(error.message, secrets)}`);
  }
  // How the SDK reports an OpenAI-compatible stream that ended early: data of no kind.
  if (InvalidResponseDataError.isInstance(error) && error.data === undefined) return cutStream;
  if (AISDKError.isInstance(error)) {
    return failure("malformed-answer", "the provider's answer was not in the expected form");
  }
  if (error instanceof Error) {
    return hasSystemCode(error)
      ? failure("connection-lost", "the connection to the provider was lost")
      : failure("malformed-answer", "the provider's answer was not in the expected form");
  }
  return classifyStreamError(error, secrets);
}

/** A stream that ended without the provider saying why it stopped was cut. */
export const cutStream: Failure = failure("connection-lost", "the provider's answer broke off");

function classifyCall(error: APICallError, secrets: readonly string[], wallClockMs: () => number): Failure {
  const status = error.statusCode;
  if (status === undefined) return failure("connection-lost", "the provider could not be reached");
  if (status >= 200 && status < 300) {
    return JSONParseError.isInstance(error.cause) || TypeValidationError.isInstance(error.cause)
      ? failure("malformed-answer", "the provider's answer was not in the expected form")
      : cutStream;
  }
  const retryAfterMs = parseRetryAfterMs(error.responseHeaders ?? {}, wallClockMs);
  const said = () => redact(error.message, secrets);
  if (status === 429) {
    // Retrying cannot help an account without credit.
    return error.responseBody?.includes("insufficient_quota")
      ? failure("rejected", "the provider says that the account has no credit left (429)")
      : failure("rate-limited", "the provider limits the rate of calls (429)", retryAfterMs);
  }
  if (status === 408) return failure("timed-out", "the provider gave up on the request (408)", retryAfterMs);
  if (status === 409 || status >= 500) {
    const inStream = firstStreamError(error);
    if (inStream !== null) return inStream;
    return failure("server-error", `the provider failed (${status})`, retryAfterMs);
  }
  if (status === 401 || status === 403) {
    return failure("rejected", `the provider does not accept the key, or not for this model (${status})`);
  }
  return failure("rejected", `the provider rejected the request (${status}): ${said()}`);
}

/**
 * The SDK turns an error in the first event of Anthropic's stream into a failed call of status 500, whatever it was;
 * what it was stands in the body.
 */
function firstStreamError(error: APICallError): Failure | null {
  const parsed = wrappedErrorSchema.safeParse(parseJson(error.responseBody));
  if (!parsed.success) return null;
  if (parsed.data.name !== undefined) {
    return failure("malformed-answer", "the provider's answer was not in the expected form");
  }
  return parsed.data.type === "rate_limit_error"
    ? failure("rate-limited", "the provider limits the rate of calls")
    : null;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return null;
  }
}

function classifyStreamError(error: unknown, secrets: readonly string[]): Failure {
  const parsed = streamErrorSchema.safeParse(error);
  if (!parsed.success) return failure("server-error", "the provider failed while it answered");
  const kind = `${parsed.data.type ?? ""} ${parsed.data.code ?? ""}`;
  if (/rate_limit|\b429\b/.test(kind))
    return failure("rate-limited", "the provider limits the rate of calls");
  if (/invalid_request|authentication|permission|not_found/.test(kind)) {
    const said = redact(parsed.data.message ?? kind, secrets);
    return failure("rejected", `the provider rejected the request: ${said}`);
  }
  return failure("server-error", "the provider failed while it answered");
}

function failure(fault: ProviderFault, message: string, retryAfterMs: number | null = null): Failure {
  return { status: "failed", fault, message, retryAfterMs };
}

/** Whether an error, or one it wraps, comes from the operating system or the socket (`ECONNRESET` and the like). */
function hasSystemCode(error: Error): boolean {
  if ("code" in error && typeof error.code === "string") return true;
  return error.cause instanceof Error && hasSystemCode(error.cause);
}
