import { drawnKs } from "../charts/score-at-k.ts";
import { mean } from "../statistics/across-environments.ts";
import { findBestAllocation } from "../statistics/allocation.ts";
import { shareAboveStart, shareAtReference } from "../statistics/shares.ts";
import type { Scores } from "../study/scores.ts";
import { findThinCells, type Group, restrictToThick, type Study, toCutGroups } from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import { type Table, type TableRow, toColumns, toEnds, toShareValue } from "./table.ts";

/** score@k of every group. */
export function toScoreAtKTable(study: Study, scores: Scores, ks: readonly number[] = drawnKs): Table {
  const rows = study.groups.flatMap((group) => {
    const used = findThinCells(group).length === 0 ? group : restrictToThick(group, 1);
    return ks.flatMap((k): readonly TableRow[] => {
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
    return budgetsMs.flatMap((budgetMs): readonly TableRow[] => {
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
    study.groups.flatMap((group): readonly TableRow[] => {
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

function toBest(group: Group, runIds: readonly string[], values: readonly number[]) {
  const at = values.indexOf(Math.max(...values));
  const runId = runIds[at];
  if (runId === undefined) return null;
  const logged = group.rows.find((row) => row.runId === runId)?.logged;
  return { runId, value: values[at] ?? 0, raw: logged?.kind === "scored" ? logged.raw : null };
}
