import { publishedEnvironments } from "../data/published-environments.ts";
import type { RunRow, ScorePoint } from "../data/run-row.ts";
import { fabricateRow } from "./fabricate-row.ts";

const hourMs = 3_600_000;

/**
 * Runs of two agents and of humans in every environment of the paper, with score logs, cost and times of model calls:
 * enough for every chart. Scores rise evenly over the log to `worth`, a little different from run to run.
 */
export function fabricateStudyRows(runs = 4): readonly RunRow[] {
  const sides = [
    { actor: "human", agent: "human", model: null, hours: 8, worth: 1 },
    { actor: "agent", agent: "modular", model: "example/one", hours: 8, worth: 0.7 },
    { actor: "agent", agent: "modular", model: "example/one", hours: 2, worth: 0.5 },
    { actor: "agent", agent: "aide", model: "example/two", hours: 2, worth: 0.4 },
  ] as const;
  return publishedEnvironments.flatMap(({ id }) =>
    sides.flatMap(({ actor, agent, model, hours, worth }) =>
      Array.from({ length: runs }, (_, run) => {
        const score = worth * (1 + (run - (runs - 1) / 2) / 10);
        const timeMs = hours * hourMs;
        const isHuman = actor === "human";
        return fabricateRow({
          runId: `${agent}-${hours}h-${id}-${run}`,
          environment: id,
          actor,
          agent,
          model,
          score,
          timeLimitMs: timeMs,
          timeUsedMs: timeMs,
          log: toLog(score, timeMs),
          usage: isHuman
            ? unknownUsage
            : { inputTokens: 900, outputTokens: 100, totalTokens: 1_000, costUsd: 2 },
          generation: isHuman
            ? null
            : { waitingMs: timeMs / 4, clockMs: timeMs, modelCalls: 10, outputTokens: 40_000 * hours },
        });
      }),
    ),
  );
}

const unknownUsage = { inputTokens: null, outputTokens: null, totalTokens: null, costUsd: null };

function toLog(score: number, timeMs: number): readonly ScorePoint[] {
  return Array.from({ length: 9 }, (_, entry) => ({
    entry,
    clockMs: (timeMs * entry) / 8,
    askedFor: entry > 0,
    outcome: "valid" as const,
    raw: null,
    normalized: (score * entry) / 8,
    usage: null,
  }));
}
