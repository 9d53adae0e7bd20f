import type { BudgetReading } from "../../run/index.ts";
import { toCountText, toDurationText } from "./quantities.ts";

/** Share of the time limit that is used; 1 is all of it. */
export function timeShare(budget: BudgetReading): number {
  return budget.time.limitMs === 0 ? 1 : budget.time.usedMs / budget.time.limitMs;
}

/** Share of the token limit that is used; 0 where there is no limit. */
export function tokenShare(budget: BudgetReading): number {
  const { used, limit } = budget.tokens;
  if (limit === null) return 0;
  return limit === 0 ? 1 : used / limit;
}

/**
 * What ends every prompt: how much of the budget is used, led by the larger of time and token share (time on
 * ties), then every limit in numbers with units, and above 75 % and 90 % what to make of it.
 */
export function usageLine(budget: BudgetReading): string {
  const time = timeShare(budget);
  const tokens = tokenShare(budget);
  const lead = tokens > time ? "token budget" : "time limit";
  const share = Math.max(time, tokens);
  const { usedMs, limitMs } = budget.time;
  const limits = [
    `time ${toDurationText(usedMs)} of ${toDurationText(limitMs)}, ${toDurationText(limitMs - usedMs)} left`,
  ];
  if (budget.tokens.limit !== null) {
    limits.push(`tokens ${toCountText(budget.tokens.used)} of ${toCountText(budget.tokens.limit)}`);
  }
  if (budget.costUsd.limit !== null) {
    const used = budget.costUsd.used === null ? "unknown" : `$${budget.costUsd.used.toFixed(2)}`;
    limits.push(`cost ${used} of $${budget.costUsd.limit.toFixed(2)}`);
  }
  const line = `Budget: ${Math.floor(share * 100)} % of your ${lead} is used (${limits.join("; ")}).`;
  return `${line}${nudge(share)}`;
}

function nudge(share: number): string {
  if (share > 0.9) {
    return (
      " IMPORTANT: you are almost out of budget. Put your best solution in place now, score it, and start" +
      " nothing that might not finish."
    );
  }
  if (share > 0.75) {
    return " Note: most of your budget is gone. Plan what is left so that your best solution is in place and scored.";
  }
  return "";
}
