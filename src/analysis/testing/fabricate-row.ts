import type { RunRow } from "../data/run-row.ts";

let rows = 0;

/**
 * A row that never was: an agent's 2-hour run of optimize-kernel at paper scale, worth 0.5. Each has an id of
 * its own.
 */
export function fabricateRow(change: Partial<RunRow> & { readonly score?: number }): RunRow {
  rows += 1;
  const { score = 0.5, ...rest } = change;
  const logged = { kind: "scored", normalized: score, raw: null } as const;
  return {
    runId: `row-${rows}`,
    environment: "optimize-kernel",
    scale: "paper",
    actor: "agent",
    agent: "modular",
    model: "example",
    timeLimitMs: 7_200_000,
    timeUsedMs: 7_200_000,
    finalRule: "best",
    anchors: { start: 1.56, reference: 0.47 },
    log: null,
    logged,
    loggedWithFlagged: logged,
    confirmed: null,
    usage: { inputTokens: null, outputTokens: null, totalTokens: null, costUsd: null },
    generation: null,
    flags: [],
    provenance: { source: "csv", file: "rows.csv", line: rows, chainHead: null },
    ...rest,
  };
}
