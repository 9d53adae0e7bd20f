/** Why the gateway does not give what was asked for, in one word that programs may compare. */
export type RefusalCode = keyof typeof kinds;

/** An answer other than the one asked for, in words that are ours alone: nothing of a provider stands in it. */
export interface Refusal {
  readonly code: RefusalCode;
  /** For people; at most a few hundred characters, whatever the program sent. */
  readonly message: string;
  /** The field of the request at fault; null where it is none of them. */
  readonly parameter: string | null;
}

/** What the official clients make of each: the status decides on the class of the error they raise. */
const kinds = {
  body_malformed: { status: 400, openai: "invalid_request_error", anthropic: "invalid_request_error" },
  parameter_not_allowed: { status: 400, openai: "invalid_request_error", anthropic: "invalid_request_error" },
  /** The provider does not take this request, for example because it is too long. */
  request_not_accepted: { status: 400, openai: "invalid_request_error", anthropic: "invalid_request_error" },
  model_not_allowed: { status: 403, openai: "invalid_request_error", anthropic: "permission_error" },
  not_found: { status: 404, openai: "invalid_request_error", anthropic: "not_found_error" },
  request_too_large: { status: 413, openai: "invalid_request_error", anthropic: "request_too_large" },
  budget_used_up: { status: 429, openai: "insufficient_quota", anthropic: "rate_limit_error" },
  /** The only one that another try a moment later may mend. */
  busy: { status: 429, openai: "rate_limit_error", anthropic: "rate_limit_error" },
  service_refused: { status: 422, openai: "invalid_request_error", anthropic: "invalid_request_error" },
  service_failed: { status: 500, openai: "server_error", anthropic: "api_error" },
  gateway_failed: { status: 500, openai: "server_error", anthropic: "api_error" },
  /** The provider failed as often as the gateway asks it. */
  call_failed: { status: 502, openai: "server_error", anthropic: "api_error" },
  answer_too_large: { status: 502, openai: "server_error", anthropic: "api_error" },
} as const;

/** Longest part of what a program sent that a message repeats, in characters. */
const longestQuote = 100;

/** @param parameter - The field at fault. */
export function refuse(code: RefusalCode, message: string, parameter: string | null = null): Refusal {
  return { code, message, parameter };
}

/** Something a program sent, fit to stand in a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}…` : text);
}

/** Status, headers and names of an error. */
export function toErrorKind(code: RefusalCode): {
  readonly status: number;
  readonly openai: string;
  readonly anthropic: string;
  readonly headers: Readonly<Record<string, string>>;
} {
  // Both official clients repeat 429 and 5xx unless told; the gateway has tried long enough itself.
  const headers: Readonly<Record<string, string>> =
    code === "busy" ? { "retry-after": "1", "x-should-retry": "true" } : { "x-should-retry": "false" };
  return { ...kinds[code], headers };
}
