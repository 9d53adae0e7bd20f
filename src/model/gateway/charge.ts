import type { GenerateResult } from "../language-model.ts";
import type { GatewayExchange } from "./exchange.ts";

type Completed = Extract<GenerateResult, { status: "completed" }>;

/** What the completed calls of one exchange used; a part that is not known makes the sum unknown. */
export function toCharge(
  results: readonly GenerateResult[],
): Pick<GatewayExchange, "completedCalls" | "inputTokens" | "outputTokens" | "costUsd"> {
  const completed = results.filter((result) => result.status === "completed");
  const sum = (read: (result: Completed) => number | null) =>
    completed.map(read).reduce((total, part) => (total === null || part === null ? null : total + part), 0);
  return {
    completedCalls: completed.length,
    inputTokens: sum((result) => result.usage.inputTokens),
    outputTokens: sum((result) => result.usage.outputTokens),
    costUsd: sum((result) => result.costUsd),
  };
}
