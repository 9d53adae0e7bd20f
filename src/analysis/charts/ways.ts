import { toRunsFor } from "../study/scores.ts";
import { countRuns, findThinCells, type Group, restrictToThick } from "../study/study.ts";
import { toTimeText } from "../study/words.ts";
import {
  type Chart,
  type ChartContext,
  draw,
  leaveOut,
  toCaption,
  toDoubtSentence,
  toIntervalSentence,
  toRunsSentence,
  toThinSentence,
} from "./chart.ts";
import { type DotRow, toDotPlot } from "./dot-plot.ts";

interface WayRow extends DotRow {
  readonly runs: number;
  readonly eachMinutes: number;
  readonly n: number;
  readonly isBeyond: boolean;
}

/** One run of each time limit: what more time is worth. */
export function toScoreByTimeLimit(context: ChartContext): Chart {
  const id = "score-by-time-limit";
  const title = "Average score of one run by time limit";
  const ways = toWays(
    context,
    () => 1,
    ({ timeMs }) => toTimeText(timeMs),
  );
  if (ways.rows.length === 0) return leaveOut(id, title, ways.reason);
  return draw({
    id,
    title,
    caption: toCaption([
      `Mean normalized score of one run, ${ways.subject}.`,
      toRunsSentence(ways.groups),
      toIntervalSentence(context, "Lines"),
      toThinSentence(ways.thin),
      toDoubtSentence(context),
    ]),
    ...toDotPlot(ways.rows, ways.names, ways.kinds, "Mean normalized score of one run"),
  });
}

/** The horizon spent in every way that the time limits allow: once 8 hours, four times 2, sixteen times half an hour. */
export function toWaysToSpend(context: ChartContext): Chart {
  const { horizonMs } = context;
  const span = horizonMs === null ? "a budget" : toTimeText(horizonMs);
  const [id, title] = ["ways-to-spend", `Ways to spend ${span}`];
  const ways = toWays(
    context,
    ({ timeMs }) => (horizonMs === null ? null : toRunsFor(horizonMs, timeMs)),
    ({ timeMs }, k) => `${k} × ${toTimeText(timeMs)}`,
  );
  if (ways.rows.length === 0) return leaveOut(id, title, ways.reason);
  const beyond = ways.rows.filter(({ isBeyond }) => isBeyond);
  return draw({
    id,
    title,
    caption: toCaption([
      `Expected best normalized score of the runs that ${span} pay for, ${ways.subject}.`,
      beyond.length === 0
        ? ""
        : `Low, for best of more runs than some environment has: ${beyond.map(({ name, kind }) => `${name} (${kind})`).join(", ")}.`,
      toRunsSentence(ways.groups),
      toIntervalSentence(context, "Lines"),
      toThinSentence(ways.thin),
      toDoubtSentence(context),
    ]),
    ...toDotPlot(ways.rows, ways.names, ways.kinds, `Best normalized score after ${span} in all`),
  });
}

function toWays(
  context: ChartContext,
  toK: (group: Group) => number | null,
  toKind: (group: Group, k: number) => string,
) {
  const { study, scores } = context;
  const usable = study.groups.flatMap((group) => {
    const k = toK(group);
    const thick = findThinCells(group).length === 0 ? group : restrictToThick(group, 2);
    return k === null || thick === null ? [] : [{ group, thick, k }];
  });
  const rows = usable
    .flatMap(({ thick, k }): readonly WayRow[] => {
      const score = scores.atK(thick, k);
      if (score.kind === "refused") return [];
      const bounds = score.interval.kind === "interval" ? score.interval : null;
      const part = thick.arm.cells.length;
      const isPart = part < study.environments.length;
      return [
        {
          name: isPart ? `${thick.series} (${part} of ${study.environments.length} env.)` : thick.series,
          kind: toKind(thick, k),
          value: score.value,
          low: bounds?.low ?? null,
          high: bounds?.high ?? null,
          runs: k,
          eachMinutes: thick.timeMs / 60_000,
          n: countRuns(thick),
          isBeyond: score.beyondRuns.length > 0,
        },
      ];
    })
    .toSorted((a, b) => b.value - a.value);
  const isPart = (name: string) => name.endsWith("env.)");
  const names = [...new Set(rows.map(({ name }) => name))];
  const sorted = [...names.filter((name) => !isPart(name)), ...names.filter(isPart)];
  const kinds = new Map(
    usable
      .toSorted((a, b) => b.thick.timeMs - a.thick.timeMs)
      .map(({ k, thick }) => [toKind(thick, k), true]),
  );
  const used = usable.map(({ group }) => group);
  const partial = names.filter(isPart);
  return {
    rows,
    names: sorted,
    kinds: [...kinds.keys()].filter((kind) => rows.some((row) => row.kind === kind)),
    groups: usable.map(({ thick }) => thick),
    thin: study.groups.filter((group) => !used.includes(group)),
    subject: `mean over ${study.environments.length} environments with equal weight${partial.length === 0 ? "" : "; rows that say fewer stand by themselves, over other environments"}`,
    reason: "no agent has 3 runs with one time limit in at least two environments",
  };
}
