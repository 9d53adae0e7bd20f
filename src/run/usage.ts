import type { RunEvent } from "./events.ts";
import { type GatewayUsage, nothingAskedYet } from "./gateway/gateway-usage.ts";

/** What the model calls of a run have used: the agent's own, and those of its programs through the gateway. */
export interface UsageState {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** The agent's own. */
  readonly modelCalls: number;
  /** The part that went through the gateway; contained in all of the above but `modelCalls`. */
  readonly gateway: GatewayUsage;
  /** US dollars; null once a call's price was not known: an unknown part makes the whole unknown. */
  readonly costUsd: number | null;
}

/** Nothing used yet. */
export const initialUsage: UsageState = {
  inputTokens: 0,
  outputTokens: 0,
  modelCalls: 0,
  costUsd: 0,
  gateway: nothingAskedYet,
};

/** The usage after one more event. */
export function reduceUsage(usage: UsageState, event: RunEvent): UsageState {
  const isGateway = event.type === "gateway-exchange" && event.phase === "agent";
  if (event.type !== "model-responded" && !isGateway) return usage;
  return {
    inputTokens: usage.inputTokens + (event.inputTokens ?? 0),
    outputTokens: usage.outputTokens + (event.outputTokens ?? 0),
    modelCalls: usage.modelCalls + (isGateway ? 0 : 1),
    costUsd: add(usage.costUsd, event.costUsd),
    gateway: isGateway ? reduceGateway(usage.gateway, event) : usage.gateway,
  };
}

function reduceGateway(
  { calls, inputTokens, outputTokens, costUsd }: GatewayUsage,
  event: Extract<RunEvent, { type: "gateway-exchange" }>,
): GatewayUsage {
  const name = event.protocol === "service" ? `services/${event.name}` : (event.name ?? "");
  const count = event.protocol === "service" && event.status === "served" ? 1 : event.completedCalls;
  return {
    calls: count === 0 ? calls : { ...calls, [name]: (calls[name] ?? 0) + count },
    inputTokens: inputTokens + (event.inputTokens ?? 0),
    outputTokens: outputTokens + (event.outputTokens ?? 0),
    costUsd: add(costUsd, event.costUsd),
  };
}

/** An unknown part makes the whole unknown. */
function add(total: number | null, part: number | null): number | null {
  return total === null || part === null ? null : total + part;
}

/** Tokens that count against a token budget: input and output together. */
export function tokensUsed(usage: UsageState): number {
  return usage.inputTokens + usage.outputTokens;
}
