import type { RunRow } from "../data/run-row.ts";
import { type Refusal, refuse } from "./estimate.ts";
import { quantileOfSorted } from "./quantiles.ts";

/** Something counted against something spent, over some runs. */
export type Rate =
  | {
      readonly kind: "rate";
      /** Sum over runs divided by sum over runs: long runs weigh more. */
      readonly ratio: number;
      /** Middle of the runs' own rates: every run weighs the same. */
      readonly median: number;
      readonly n: number;
      /** Runs that could not take part because their source lacks what is counted. */
      readonly withoutData: readonly string[];
    }
  | Refusal;

/** Scorings that were asked for, per hour of clock. The harness's own (starting solution, end) do not count. */
export function toScoringsPerHour(rows: readonly RunRow[]): Rate {
  return toRate(rows, "score log or clock", ({ log, timeUsedMs }) =>
    log === null || timeUsedMs === null
      ? null
      : { counted: log.filter(({ askedFor }) => askedFor).length, spent: timeUsedMs / 3_600_000 },
  );
}

/** Output tokens per second of waiting for the model: how fast it speaks, as the agent sees it. */
export function toTokensPerSecond(rows: readonly RunRow[]): Rate {
  return toRate(rows, "count of output tokens or time of model calls", ({ generation }) =>
    generation === null || generation.outputTokens === null
      ? null
      : { counted: generation.outputTokens, spent: generation.waitingMs / 1_000 },
  );
}

/** Share of the clock spent waiting for the model, in [0, 1]. */
export function toWaitingShare(rows: readonly RunRow[]): Rate {
  return toRate(rows, "time of model calls", ({ generation }) =>
    generation === null ? null : { counted: generation.waitingMs, spent: generation.clockMs },
  );
}

function toRate(
  rows: readonly RunRow[],
  what: string,
  toPart: (row: RunRow) => { readonly counted: number; readonly spent: number } | null,
): Rate {
  const parts = rows.map((row) => ({ runId: row.runId, part: toPart(row) }));
  const known = parts.flatMap(({ part }) => (part === null || part.spent <= 0 ? [] : [part]));
  if (known.length === 0) return refuse(`none of ${rows.length} runs has a ${what}`);
  const counted = known.reduce((sum, part) => sum + part.counted, 0);
  const spent = known.reduce((sum, part) => sum + part.spent, 0);
  const rates = Float64Array.from(known, (part) => part.counted / part.spent).sort();
  return {
    kind: "rate",
    ratio: counted / spent,
    median: quantileOfSorted(rates, 0.5),
    n: known.length,
    withoutData: parts.filter(({ part }) => part === null || part.spent <= 0).map(({ runId }) => runId),
  };
}
