import { mean } from "../statistics/across-environments.ts";
import type { Share } from "../statistics/shares.ts";
import { type HumanResults, paperHumans } from "../study/human-results.ts";
import type { Statement } from "../study/statements.ts";
import { toTimeText } from "../study/words.ts";
import { type Table, type TableRow, type TableValue, toColumns, toEnds, toShareValue } from "./table.ts";

/** Humans against agents at the budgets of the paper's statements. */
export function toPairsTable(statements: readonly Statement[]): Table {
  return {
    id: "humans-against-agents",
    title: "Humans against each agent with the same total time",
    note: "Best normalized score, mean over the environments that both have; difference and ratio with 95 % intervals from runs resampled within environments. Agent low: best of more runs than some environment has, so its score is low. Choosing the best of an agent’s rows flatters it.",
    columns: toColumns(
      ["total", "Total time", "text"],
      ["agent", "Agent", "text"],
      ["ways", "Agent’s runs", "text"],
      ["environments", "Env.", "count"],
      ["human", "Humans", "score"],
      ["agentScore", "Agent", "score"],
      ["difference", "Humans − agent", "score"],
      ["differenceLow", "low", "score"],
      ["differenceHigh", "high", "score"],
      ["ratio", "Humans ÷ agent", "score"],
      ["ratioLow", "low", "score"],
      ["ratioHigh", "high", "score"],
      ["isLow", "Agent low", "text"],
    ),
    rows: statements.flatMap(({ pairs, budgetMs }) =>
      pairs.map(
        (pair): TableRow => ({
          total: toTimeText(budgetMs),
          agent: pair.agent,
          ways: `${pair.agentRuns} × ${toTimeText(pair.agentTimeMs)}`,
          environments: pair.environments.length,
          human: pair.human,
          agentScore: pair.agentScore,
          difference: pair.difference,
          ...toEnds("difference", pair.differenceInterval),
          ratio: pair.ratio,
          ...toEnds("ratio", pair.ratioInterval),
          isLow: pair.isAgentLow,
        }),
      ),
    ),
  };
}

/** The human attempts of each environment, beside the paper's. */
export function toHumansTable(humans: HumanResults | null): Table {
  const toRow = (
    title: string,
    n: number,
    average: TableValue,
    above: Share,
    atReference: Share,
  ): TableRow => ({
    environment: title,
    n,
    mean: average,
    above: toShareValue(above),
    atReference: toShareValue(atReference),
  });
  const rows =
    humans === null
      ? []
      : [
          ...humans.rows.map((row) => toRow(row.title, row.n, row.mean, row.above, row.atReference)),
          toRow("All attempts together", humans.n, humans.pooledMean, humans.above, humans.atReference),
          {
            environment: "Environments with equal weight",
            n: humans.n,
            mean: humans.equalMean.kind === "refused" ? null : humans.equalMean.value,
            above: toMeanShare(humans, "above"),
            atReference: toMeanShare(humans, "atReference"),
          },
          {
            environment: "The paper (arXiv 2411.15114)",
            n: paperHumans.attempts,
            mean: paperHumans.mean,
            above: paperHumans.above,
            atReference: paperHumans.atReference,
          },
        ];
  return {
    id: "humans",
    title: "Human experts",
    note:
      humans === null
        ? "No human attempt counts."
        : `Attempts of ${toTimeText(humans.timeMs)} (published ones: 7 to 10 hours). 0 is the starting solution, 1 the reference solution.`,
    columns: toColumns(
      ["environment", "Environment", "text"],
      ["n", "Attempts", "count"],
      ["mean", "Mean score", "score"],
      ["above", "Above 0", "percent"],
      ["atReference", "1 or more", "percent"],
    ),
    rows,
  };
}

function toMeanShare({ rows }: HumanResults, which: "above" | "atReference"): TableValue {
  const shares = rows.flatMap((row) => (row[which].kind === "share" ? [row[which].share] : []));
  return shares.length === 0 ? null : mean(shares);
}
