import type { BudgetReading } from "./agent-contract.ts";
import type { Budget } from "./run-record.ts";
import type { RunState } from "./run-state.ts";
import { tokensUsed } from "./usage.ts";

/** What was used at one event: kept beside each operation so that a replayed agent reads what it read then. */
export interface BudgetMark {
  /** Events so far: the later of two marks is the one with more. */
  readonly events: number;
  readonly elapsedMs: number;
  readonly tokens: number;
  readonly costUsd: number | null;
}

/** The budget used as of the newest event of a state. */
export function toBudgetMark(state: RunState): BudgetMark {
  return {
    events: state.events,
    elapsedMs: state.clock.elapsedMs,
    tokens: tokensUsed(state.usage),
    costUsd: state.usage.costUsd,
  };
}

/** What an agent is told of its budget. */
export function toBudgetReading(mark: BudgetMark, budget: Budget): BudgetReading {
  return {
    time: { usedMs: mark.elapsedMs, limitMs: budget.timeMs },
    tokens: { used: mark.tokens, limit: budget.tokens },
    costUsd: { used: mark.costUsd, limit: budget.costUsd },
  };
}

/** The limit a run has reached, time left out: the clock has a timer of its own. */
export function exhaustedLimit(mark: BudgetMark, budget: Budget): "token-limit" | "cost-limit" | null {
  if (budget.tokens !== null && mark.tokens >= budget.tokens) return "token-limit";
  if (budget.costUsd !== null && mark.costUsd !== null && mark.costUsd >= budget.costUsd) return "cost-limit";
  return null;
}
