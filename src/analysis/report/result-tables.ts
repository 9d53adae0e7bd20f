import { drawnKs } from "../charts/score-at-k.ts";
import { findPublishedEnvironment } from "../data/published-environments.ts";
import type { RunRow } from "../data/run-row.ts";
import { mean } from "../statistics/across-environments.ts";
import { findBestAllocation } from "../statistics/allocation.ts";
import type { Interval, Refusal } from "../statistics/estimate.ts";
import { type Rate, toScoringsPerHour, toTokensPerSecond, toWaitingShare } from "../statistics/rates.ts";
import { type Share, shareAboveStart, shareAtReference } from "../statistics/shares.ts";
import { type HumanResults, paperHumans } from "../study/human-results.ts";
import type { Scores } from "../study/scores.ts";
import type { Statement } from "../study/statements.ts";
import {
  findThinCells,
  type Group,
  restrictToThick,
  type Study,
  toCountedRows,
  toCutGroups,
} from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import type { Table, TableColumn, TableValue } from "./table.ts";

type Row = Readonly<Record<string, TableValue>>;
type Format = TableColumn["format"];

/** Columns from `key, label, format` triples. */
export function toColumns(
  ...columns: readonly (readonly [string, string, Format])[]
): readonly TableColumn[] {
  return columns.map(([key, label, format]) => ({ key, label, format }));
}

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
        (pair): Row => ({
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
  const toRow = (title: string, n: number, average: TableValue, above: Share, atReference: Share): Row => ({
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

/** score@k of every group. */
export function toScoreAtKTable(study: Study, scores: Scores, ks: readonly number[] = drawnKs): Table {
  const rows = study.groups.flatMap((group) => {
    const used = findThinCells(group).length === 0 ? group : restrictToThick(group, 1);
    return ks.flatMap((k): readonly Row[] => {
      const place = { agent: group.series, limit: toTimeText(group.timeMs), timeLimitMs: group.timeMs, k };
      const score = used === null ? null : scores.atK(used, k);
      if (used === null || score === null || score.kind === "refused") {
        if (k !== ks[0]) return [];
        const reason = "fewer than 3 runs in every environment";
        const none = { total: null, value: null, low: null, high: null, n: null, environments: 0 };
        return [{ ...place, ...none, isLow: null, remark: reason }];
      }
      const thin = findThinCells(group);
      return [
        {
          ...place,
          total: toTimeText(k * group.timeMs),
          value: score.value,
          ...toEnds("", score.interval),
          n: score.n,
          environments: used.arm.cells.length,
          isLow: score.beyondRuns.length > 0,
          remark: thin.length === 0 ? "" : `without ${thin.join(", ")}`,
        },
      ];
    });
  });
  return {
    id: "score-at-k",
    title: "score@k by agent, time limit and k",
    note: "Expected best normalized score of k runs drawn with replacement, mean over environments with equal weight, 95 % interval from runs resampled within environments. Low: k is more than the runs of some environment. Environments with fewer than 3 runs are left out of a row and named in it.",
    columns: toColumns(
      ["agent", "Agent", "text"],
      ["limit", "Each run", "text"],
      ["k", "k", "count"],
      ["total", "Total time", "text"],
      ["value", "score@k", "score"],
      ["low", "low", "score"],
      ["high", "high", "score"],
      ["n", "Runs", "count"],
      ["environments", "Env.", "count"],
      ["isLow", "Low", "text"],
      ["remark", "Remark", "text"],
    ),
    rows,
  };
}

/** Every way each series may spend each budget, with how sure the choice is. */
export function toAllocationTable(study: Study, scores: Scores, budgetsMs: readonly number[]): Table {
  const complete = study.groups.filter((group) => findThinCells(group).length === 0);
  const rows = [...Map.groupBy(complete, ({ series }) => series)].flatMap(([agent, groups]) => {
    const all = groups.flatMap((group) => [group, ...toCutGroups(study, group)]);
    if (all.length < 2) return [];
    return budgetsMs.flatMap((budgetMs): readonly Row[] => {
      const found = findBestAllocation(
        all.map(({ arm }) => arm),
        budgetMs,
        scores.bootstrap,
      );
      if (found.kind === "refused") return [];
      return found.all.map((way) => ({
        agent,
        total: toTimeText(budgetMs),
        way: `${way.k} × ${way.arm.replace(`${groups[0]?.series ?? ""}, `, "")}`,
        value: way.value,
        ...toEnds("", way.interval),
        shareBest: way.shareBest,
        isLow: way.beyondRuns.length > 0,
      }));
    });
  });
  return {
    id: "allocation",
    title: "Ways to spend a total time",
    note: "Agents with runs of several time limits in every environment. Best in: share of resamples in which this way is the best.",
    columns: toColumns(
      ["agent", "Agent", "text"],
      ["total", "Total time", "text"],
      ["way", "Way", "text"],
      ["value", "Best score", "score"],
      ["low", "low", "score"],
      ["high", "high", "score"],
      ["shareBest", "Best in", "percent"],
      ["isLow", "Low", "text"],
    ),
    rows,
  };
}

/** Every group in every environment, counted and with doubtful runs. */
export function toEnvironmentTable(study: Study, withDoubtful: Study, scores: Scores): Table {
  const rows = study.environments.flatMap(({ id, title }) =>
    study.groups.flatMap((group): readonly Row[] => {
      const all = withDoubtful.groups.find(({ name }) => name === group.name);
      const [own, both] = [group, all].map((one) => one?.arm.cells.find((cell) => cell.environment === id));
      if (own === undefined || (own.values.length === 0 && (both?.values.length ?? 0) === 0)) return [];
      const score = own.values.length === 0 ? null : scores.inEnvironment(group, id, 1);
      const best = toBest(group, own.runIds, own.values);
      return [
        {
          environment: title,
          agent: group.series,
          limit: toTimeText(group.timeMs),
          n: own.values.length,
          worthNothing: own.worthNothing.length,
          mean: own.values.length === 0 ? null : mean(own.values),
          ...toEnds("", score === null || score.kind === "refused" ? null : score.interval),
          above: toShareValue(shareAboveStart(own.values)),
          atReference: toShareValue(shareAtReference(own.values)),
          best: best?.value ?? null,
          bestRaw: best?.raw ?? null,
          bestRun: best?.runId ?? null,
          nWithDoubtful: both?.values.length ?? 0,
          meanWithDoubtful: both === undefined || both.values.length === 0 ? null : mean(both.values),
        },
      ];
    }),
  );
  return {
    id: "by-environment",
    title: "Every agent in every environment",
    note: "Mean normalized score of single runs with its 95 % interval (from 3 runs on). The last two columns take doubtful runs in.",
    columns: toColumns(
      ["environment", "Environment", "text"],
      ["agent", "Agent", "text"],
      ["limit", "Each run", "text"],
      ["n", "Runs", "count"],
      ["worthNothing", "Nothing valid", "count"],
      ["mean", "Mean", "score"],
      ["low", "low", "score"],
      ["high", "high", "score"],
      ["above", "Above 0", "percent"],
      ["atReference", "1 or more", "percent"],
      ["best", "Best", "score"],
      ["bestRaw", "Best, raw", "raw"],
      ["bestRun", "Best run", "text"],
      ["nWithDoubtful", "Runs, all", "count"],
      ["meanWithDoubtful", "Mean, all", "score"],
    ),
    rows,
  };
}

/** What 0 and 1 stand for in each environment at the paper's scale. */
export function toAnchorsTable(study: Study, rows: readonly RunRow[]): Table {
  return {
    id: "environments",
    title: "Environments",
    note:
      study.scale === "paper"
        ? "Anchors and ceilings as published (arXiv 2411.15114); a score from the cautious end of the ceiling on is looked at by a person, one past its bold end does not count."
        : "Anchors as the runs state them; runs measured on different machines have different ones.",
    columns: toColumns(
      ["title", "Environment", "text"],
      ["direction", "Better", "text"],
      ["start", "Raw at 0", "raw"],
      ["reference", "Raw at 1", "raw"],
      ["cautious", "Ceiling, cautious", "raw"],
      ["bold", "Ceiling, bold", "raw"],
      ["anchorSets", "Sets of anchors", "count"],
    ),
    rows: study.environments.map(({ id, title }): Row => {
      const published = study.scale === "paper" ? findPublishedEnvironment(id) : undefined;
      const own = rows.filter((row) => row.environment === id && row.scale === study.scale);
      const sets = new Map(
        own.flatMap(({ anchors }) => (anchors === null ? [] : [[JSON.stringify(anchors), anchors]])),
      );
      const only = sets.size === 1 ? [...sets.values()][0] : undefined;
      return {
        title,
        direction: published?.direction ?? null,
        start: published?.anchors.start.raw ?? only?.start ?? null,
        reference: published?.anchors.reference.raw ?? only?.reference ?? null,
        cautious: published?.ceiling.cautious ?? null,
        bold: published?.ceiling.bold ?? null,
        anchorSets: sets.size,
      };
    }),
  };
}

/** What runs spent and how often they asked for a score. */
export function toRatesTable(study: Study): Table {
  return {
    id: "rates",
    title: "Scorings, tokens and money",
    note: "Of counted runs whose source says so; a dash is not known, never 0. Scorings per hour are those that were asked for.",
    columns: toColumns(
      ["agent", "Agent", "text"],
      ["limit", "Each run", "text"],
      ["n", "Runs", "count"],
      ["scorings", "Scorings an hour", "amount"],
      ["tokens", "Output tokens a second", "amount"],
      ["waiting", "Waiting for the model", "percent"],
      ["meanTokens", "Tokens a run", "amount"],
      ["meanUsd", "US dollars a run", "amount"],
    ),
    rows: study.groups.map((group): Row => {
      const rows = toCountedRows(group);
      const ratio = (rate: Rate) => (rate.kind === "refused" ? null : rate.ratio);
      return {
        agent: group.series,
        limit: toTimeText(group.timeMs),
        n: rows.length,
        scorings: ratio(toScoringsPerHour(rows)),
        tokens: ratio(toTokensPerSecond(rows)),
        waiting: ratio(toWaitingShare(rows)),
        meanTokens: toKnownMean(rows.map(({ usage }) => usage.totalTokens)),
        meanUsd: toKnownMean(rows.map(({ usage }) => usage.costUsd)),
      };
    }),
  };
}

/** Low and high end of an interval as two values. */
export function toEnds(name: string, interval: Interval | Refusal | null): Row {
  const isKnown = interval !== null && interval.kind === "interval";
  const [low, high] = name === "" ? ["low", "high"] : [`${name}Low`, `${name}High`];
  return { [low]: isKnown ? interval.low : null, [high]: isKnown ? interval.high : null };
}

function toBest(group: Group, runIds: readonly string[], values: readonly number[]) {
  const at = values.indexOf(Math.max(...values));
  const runId = runIds[at];
  if (runId === undefined) return null;
  const logged = group.rows.find((row) => row.runId === runId)?.logged;
  return { runId, value: values[at] ?? 0, raw: logged?.kind === "scored" ? logged.raw : null };
}

function toShareValue(share: Share): TableValue {
  return share.kind === "refused" ? null : share.share;
}

function toMeanShare({ rows }: HumanResults, which: "above" | "atReference"): TableValue {
  const shares = rows.flatMap((row) => (row[which].kind === "share" ? [row[which].share] : []));
  return shares.length === 0 ? null : mean(shares);
}

/** Null unless all are known: a mean over some would stand for others. */
function toKnownMean(values: readonly (number | null)[]): TableValue {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : mean(known);
}
