import { findPublishedEnvironment } from "../data/published-environments.ts";
import type { RunRow } from "../data/run-row.ts";
import { mean } from "../statistics/across-environments.ts";
import { type Rate, toScoringsPerHour, toTokensPerSecond, toWaitingShare } from "../statistics/rates.ts";
import { type Study, toCountedRows } from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import { type Table, type TableRow, type TableValue, toColumns } from "./table.ts";

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
    rows: study.environments.map(({ id, title }): TableRow => {
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
    rows: study.groups.map((group): TableRow => {
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

/** Null unless all are known: a mean over some would stand for others. */
function toKnownMean(values: readonly (number | null)[]): TableValue {
  const known = values.filter((value) => value !== null);
  return known.length === 0 || known.length < values.length ? null : mean(known);
}
