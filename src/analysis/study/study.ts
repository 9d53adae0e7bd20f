import { isEightHourAttempt } from "../data/human-attempts.ts";
import { findPublishedEnvironment, publishedEnvironments } from "../data/published-environments.ts";
import { type RunRow, toSeriesName } from "../data/run-row.ts";
import { analysisErrors } from "../errors.ts";
import type { Arm } from "../statistics/arms.ts";
import { type CellOptions, findExcludingFlags, type LeftOutRun, toCells } from "../statistics/cells.ts";
import { fewestRunsForInterval } from "../statistics/estimate.ts";
import { toTimeText } from "./words.ts";

/** Series of people, whoever they are. */
export const humansSeries = "Human experts";

/** Length that published human attempts of 7 to 10 hours stand for, in milliseconds. */
export const humanAttemptMs = 8 * 3_600_000;

/** Runs that repeat each other: one agent (or humans) with one time limit. */
export interface Group {
  /** Unique in a study. */
  readonly name: string;
  /** Agent and model, or {@link humansSeries}; groups that share it differ in their time limit. */
  readonly series: string;
  readonly isHuman: boolean;
  /** Time limit in milliseconds; for human attempts without one, 8 hours. */
  readonly timeMs: number;
  readonly rows: readonly RunRow[];
  /** One cell for each environment of the study. */
  readonly arm: Arm;
}

/** A place of a study where runs are compared. */
export interface StudyEnvironment {
  readonly id: string;
  readonly title: string;
}

/** Runs sorted into what can be compared: one scale, named environments, groups that repeat each other. */
export interface Study {
  readonly scale: RunRow["scale"];
  readonly environments: readonly StudyEnvironment[];
  /** Humans first, then by series and time limit. */
  readonly groups: readonly Group[];
  /** Every run of the table that no group counts, with the reason. */
  readonly leftOut: readonly LeftOutRun[];
  /** Human attempts that are left out only for how long they took. */
  readonly otherAttempts: readonly OtherAttempt[];
}

/** A human attempt that was not of 7 to 10 hours. */
export interface OtherAttempt {
  readonly runId: string;
  readonly environment: string;
  readonly value: number;
  readonly raw: number | null;
}

export interface StudyOptions {
  /** Default: the scale of most agents' runs, at a tie that of the paper. */
  readonly scale?: RunRow["scale"] | undefined;
  /** Ids, in the order they are to be shown. Default: the seven of the paper. */
  readonly environments?: readonly string[] | undefined;
  /** What becomes of runs whose score is in doubt. Default: `leave-out`. */
  readonly flagged?: CellOptions["flagged"];
}

/** Sorts the rows of a table into a study. A run is in one group or in `leftOut`, never in neither. */
export function toStudy(rows: readonly RunRow[], options: StudyOptions = {}): Study {
  const scale = options.scale ?? toUsualScale(rows);
  const ids = options.environments ?? publishedEnvironments.map(({ id }) => id);
  const leftOut: LeftOutRun[] = [];
  const placed = rows.flatMap((row) => {
    const timeMs = toPlannedTime(row);
    if (typeof timeMs === "number") return [{ row, timeMs, series: toSeries(row) }];
    leftOut.push({ runId: row.runId, environment: row.environment, reason: timeMs });
    return [];
  });
  const keyed = Map.groupBy(placed, ({ row, series, timeMs }) => JSON.stringify([row.actor, series, timeMs]));
  const groups = [...keyed.values()].flatMap((some): readonly Group[] => {
    const own = some.map(({ row }) => row);
    const [first] = some;
    if (first === undefined) return [];
    const table = toCells(own, { environments: ids, scale, flagged: options.flagged ?? "leave-out" });
    leftOut.push(...table.leftOut);
    if (table.cells.every(({ values }) => values.length === 0)) return [];
    const name = `${first.series}, ${toTimeText(first.timeMs)}`;
    return [
      {
        name,
        series: first.series,
        isHuman: first.row.actor === "human",
        timeMs: first.timeMs,
        rows: own,
        arm: { name, timeMs: first.timeMs, runsName: name, cells: table.cells },
      },
    ];
  });
  return {
    scale,
    environments: ids.map((id) => ({ id, title: findPublishedEnvironment(id)?.title ?? id })),
    groups: groups.toSorted(
      (a, b) =>
        Number(b.isHuman) - Number(a.isHuman) ||
        a.series.localeCompare(b.series, "en") ||
        a.timeMs - b.timeMs,
    ),
    leftOut,
    otherAttempts: rows.flatMap(toOtherAttempt(scale)),
  };
}

/**
 * Finds a group by its name (`o1-preview, 2 h`), or by its series alone where that has one time limit only; `human` are
 * the human experts.
 *
 * @throws AGENT_NOT_IN_RUNS when none or several are meant; it lists the names.
 */
export function findGroup(study: Study, name: string): Group {
  if (name === "human") return findGroup(study, humansSeries);
  const exact = study.groups.find((group) => group.name === name);
  if (exact !== undefined) return exact;
  const ofSeries = study.groups.filter(({ series }) => series === name);
  const [only] = ofSeries;
  if (only !== undefined && ofSeries.length === 1) return only;
  const known = (only === undefined ? study.groups : ofSeries).map((group) => `"${group.name}"`);
  throw analysisErrors.AGENT_NOT_IN_RUNS({ name, known, isSeveral: only !== undefined });
}

/**
 * The group's runs as if each had been stopped earlier; null where a run lacks a score log. They go on sharing their
 * resamples with the runs as they ended.
 */
export function toCutGroup(study: Study, group: Group, atMs: number): Group | null {
  const rows = toCountedRows(group);
  if (atMs >= group.timeMs || rows.some(({ log }) => log === null)) return null;
  const environments = study.environments.map(({ id }) => id);
  const { cells } = toCells(rows, { environments, scale: study.scale, flagged: "keep", atMs });
  const name = `${group.name} stopped at ${toTimeText(atMs)}`;
  const arm = { name, timeMs: atMs, runsName: group.arm.runsName, cells };
  return { ...group, name, timeMs: atMs, arm };
}

/** The group stopped at every shorter time limit of the study. */
export function toCutGroups(study: Study, group: Group): readonly Group[] {
  const times = new Set(study.groups.map(({ timeMs }) => timeMs));
  return [...times].flatMap((timeMs) => toCutGroup(study, group, timeMs) ?? []);
}

/** Rows of a group that its cells count. */
export function toCountedRows({ arm, rows }: Pick<Group, "arm" | "rows">): readonly RunRow[] {
  const ids = new Set(arm.cells.flatMap(({ runIds }) => runIds));
  return rows.filter(({ runId }) => ids.has(runId));
}

/** Environments in which a group has too few runs for a mean with an interval, each with its number of runs. */
export function findThinCells({ arm }: Group): readonly string[] {
  return arm.cells
    .filter(({ values }) => values.length < fewestRunsForInterval)
    .map(({ environment, values }) => `${environment} (${values.length})`);
}

/** Groups with enough runs in every environment, so that their means are of the same thing. */
export function toCompleteGroups(study: Study): readonly Group[] {
  return study.groups.filter((group) => findThinCells(group).length === 0);
}

/** The group over the environments in which it has enough runs; null where they are fewer than `fewest`. */
export function restrictToThick(group: Group, fewest: number): Group | null {
  const cells = group.arm.cells.filter(({ values }) => values.length >= fewestRunsForInterval);
  return cells.length < fewest ? null : { ...group, arm: { ...group.arm, cells } };
}

/** Counted runs of a group. */
export function countRuns({ arm }: Pick<Group, "arm">): number {
  return arm.cells.reduce((sum, { values }) => sum + values.length, 0);
}

function toSeries(row: RunRow): string {
  return row.actor === "human" && row.agent === "human" ? humansSeries : toSeriesName(row);
}

function toPlannedTime(row: RunRow): number | string {
  if (row.timeLimitMs !== null) return row.timeLimitMs;
  if (row.actor !== "human") return "it was given no time limit, so it belongs to no plan";
  if (isEightHourAttempt(row)) return humanAttemptMs;
  const took = row.timeUsedMs === null ? "an unknown time" : toTimeText(row.timeUsedMs);
  return `a human attempt of ${took}, not of 7 to 10 hours`;
}

function toOtherAttempt(scale: RunRow["scale"]) {
  return (row: RunRow): readonly OtherAttempt[] => {
    const isOther = row.actor === "human" && row.scale === scale && typeof toPlannedTime(row) === "string";
    if (!isOther || row.logged.kind === "none" || findExcludingFlags(row).length > 0) return [];
    const { runId, environment, logged } = row;
    return [{ runId, environment, value: logged.normalized, raw: logged.raw }];
  };
}

function toUsualScale(rows: readonly RunRow[]): RunRow["scale"] {
  const agents = rows.filter(({ actor }) => actor !== "human");
  const counted = agents.length > 0 ? agents : rows;
  const laptop = counted.filter(({ scale }) => scale === "laptop").length;
  return laptop > counted.length - laptop ? "laptop" : "paper";
}
