import type { GatewayExchange } from "./exchange.ts";
import type { Refusal } from "./refusal.ts";
import { type Protocol, type Reply, toRefusalReply } from "./respond.ts";

/** What came of one request: what is recorded of it, and what the program is told. */
export interface Settled {
  readonly exchange: Omit<GatewayExchange, "number" | "protocol" | "arrivedMs" | "endedMs" | "clientGone">;
  readonly reply: Reply;
}

/** Nothing was used. */
export const nothingUsed = {
  completedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  failedAttempts: [],
} as const;

/** A request that nobody was asked about. */
export function settleRefused(protocol: Protocol, name: string | null, refusal: Refusal): Settled {
  return {
    exchange: {
      name: name === null ? null : name.slice(0, 200),
      request: null,
      outcome: { status: "refused", code: refusal.code, message: refusal.message },
      ...nothingUsed,
    },
    reply: toRefusalReply(protocol, refusal),
  };
}
