import { compareAgents } from "../statistics/compare.ts";
import { type Crossing, type CurvePoint, findCrossing } from "../statistics/crossing.ts";
import type { Interval, Refusal } from "../statistics/estimate.ts";
import { type Scores, toRunsFor } from "./scores.ts";
import {
  findThinCells,
  type Group,
  humanAttemptMs,
  restrictToThick,
  type Study,
  toCutGroup,
} from "./study.ts";
import { toTimeText } from "./words.ts";

/** Humans and one agent with the same total time, over the environments that both have runs in. */
export interface Pair {
  readonly agent: string;
  readonly agentTimeMs: number;
  readonly agentRuns: number;
  readonly humanRuns: number;
  readonly environments: readonly string[];
  /** Whether these are all environments of the study. */
  readonly isComplete: boolean;
  readonly human: number;
  readonly agentScore: number;
  /** True where either is the best of more runs than some environment has, so that it is low. */
  readonly isHumanLow: boolean;
  readonly isAgentLow: boolean;
  /** Humans minus agent. */
  readonly difference: number;
  readonly differenceInterval: Interval | Refusal;
  /** Humans over agent. */
  readonly ratio: number | null;
  readonly ratioInterval: Interval | Refusal | null;
  readonly verdict: Verdict;
}

/** What data say about a statement. `undecided`: the interval holds both answers. */
export type Verdict = "supported" | "in-part" | "contradicted" | "undecided" | "untestable";

/** One of the paper's headline statements, held against these data. */
export interface Statement {
  readonly id: string;
  /** In our words. */
  readonly statement: string;
  readonly budgetMs: number;
  /**
   * By the agent with the highest score among those that ran in every environment; `in-part` where the best of those
   * that ran in some only says otherwise.
   */
  readonly verdict: Verdict;
  /** Why it cannot be tested; null where it can. */
  readonly reason: string | null;
  /** Agents in every environment first, then the others, each by score. */
  readonly pairs: readonly Pair[];
  /** The best agent in every environment at this budget, whether or not humans are known there. */
  readonly best: BestAgent | null;
}

export interface BestAgent {
  readonly agent: string;
  readonly agentTimeMs: number;
  readonly agentRuns: number;
  readonly value: number;
  readonly interval: Interval | Refusal;
}

interface Claim {
  readonly id: string;
  readonly hours: number;
  readonly statement: string;
  readonly judge: (pair: Omit<Pair, "verdict">) => Verdict;
}

const hourMs = 3_600_000;

/** @see arXiv 2411.15114, abstract */
const claims: readonly Claim[] = [
  {
    id: "two-hours",
    hours: 2,
    statement: "With 2 hours in all, the best agents score higher than human experts (four times as high).",
    judge: ({ differenceInterval: interval }) =>
      interval.kind === "refused" ? "undecided" : judgeSign(-interval.high, -interval.low),
  },
  {
    id: "eight-hours",
    hours: 8,
    statement: "With 8 hours in all, human experts narrowly score higher than the best agents.",
    judge: ({ differenceInterval: interval }) =>
      interval.kind === "refused" ? "undecided" : judgeSign(interval.low, interval.high),
  },
  {
    id: "thirty-two-hours",
    hours: 32,
    statement: "With 32 hours in all, human experts score about twice as high as the best agents.",
    judge: ({ ratioInterval: interval }) => {
      if (interval === null || interval.kind === "refused") return "undecided";
      if (interval.high < 1) return "contradicted";
      if (interval.low <= 1) return "undecided";
      return interval.low <= 2 && interval.high >= 2 ? "supported" : "in-part";
    },
  },
];

function judgeSign(low: number, high: number): Verdict {
  if (low > 0) return "supported";
  return high < 0 ? "contradicted" : "undecided";
}

/** Holds the paper's three headline statements against a study. They are about its own scale and environments. */
export function toStatements(study: Study, scores: Scores): readonly Statement[] {
  return claims.map(({ id, hours, statement, judge }) => {
    const budgetMs = hours * hourMs;
    const found = { id, statement, budgetMs, best: findBestAgent(study, scores, budgetMs) };
    if (study.scale === "laptop") {
      const reason = "it is about hours on the paper’s machines, these runs are at laptop scale";
      return { ...found, verdict: "untestable", reason, pairs: [] };
    }
    const humans = findHumans(study, budgetMs);
    if (typeof humans === "string") return { ...found, verdict: "untestable", reason: humans, pairs: [] };
    const pairs = study.groups
      .filter(({ isHuman }) => !isHuman)
      .flatMap((group) => toPair(study, scores, humans, group, budgetMs) ?? [])
      .map((pair) => ({ ...pair, verdict: judge(pair) }))
      .toSorted((a, b) => Number(b.isComplete) - Number(a.isComplete) || b.agentScore - a.agentScore);
    const [leader] = pairs;
    if (leader === undefined) {
      const reason = `no agent has 3 runs of ${hours} h or less in two environments that humans have too`;
      return { ...found, verdict: "untestable", reason, pairs };
    }
    if (!leader.isComplete) {
      const reason =
        "no agent has 3 runs with one time limit in every environment; over some environments see below";
      return { ...found, verdict: "untestable", reason, pairs };
    }
    return { ...found, verdict: toVerdict(leader, pairs), reason: null, pairs };
  });
}

function findBestAgent(study: Study, scores: Scores, budgetMs: number): BestAgent | null {
  const agents = study.groups.filter((group) => !group.isHuman && findThinCells(group).length === 0);
  const ways = agents.flatMap((group): readonly BestAgent[] => {
    const k = toRunsFor(budgetMs, group.timeMs);
    const score = k === null ? null : scores.atK(group, k);
    if (k === null || score === null || score.kind === "refused") return [];
    const { value, interval } = score;
    return [{ agent: group.series, agentTimeMs: group.timeMs, agentRuns: k, value, interval }];
  });
  return ways.toSorted((a, b) => b.value - a.value)[0] ?? null;
}

function toVerdict(leader: Pair, pairs: readonly Pair[]): Verdict {
  const partial = pairs.find(({ isComplete }) => !isComplete);
  if (partial === undefined || partial.verdict === leader.verdict) return leader.verdict;
  return [leader, partial].some(({ verdict }) => verdict === "supported") ? "in-part" : "undecided";
}

/** Humans at a budget: the best of as many attempts as it pays for, or attempts as they stood at it. */
function findHumans(study: Study, budgetMs: number): { readonly group: Group; readonly k: number } | string {
  const humans = study.groups.filter(({ isHuman }) => isHuman).toSorted((a, b) => b.timeMs - a.timeMs);
  const [longest] = humans;
  if (longest === undefined) return "there are no human attempts";
  const fitting = humans.find(
    ({ timeMs }) => timeMs <= budgetMs && timeMs >= Math.min(budgetMs, humanAttemptMs),
  );
  if (fitting !== undefined) {
    const k = toRunsFor(budgetMs, fitting.timeMs);
    if (k !== null) return { group: fitting, k };
  }
  const cut = toCutGroup(study, longest, budgetMs);
  return cut === null
    ? `no human’s score after ${toTimeText(budgetMs)} is known: the attempts have no score log, only their end`
    : { group: cut, k: 1 };
}

function toPair(
  study: Study,
  scores: Scores,
  humans: { readonly group: Group; readonly k: number },
  group: Group,
  budgetMs: number,
): Omit<Pair, "verdict"> | null {
  const k = toRunsFor(budgetMs, group.timeMs);
  const agent = findThinCells(group).length === 0 ? group : restrictToThick(group, 2);
  if (k === null || agent === null) return null;
  const compared = compareAgents(
    { cells: humans.group.arm.cells, k: humans.k },
    { cells: agent.arm.cells, k },
    scores.bootstrap,
  );
  if (compared.kind === "refused") return null;
  const mean = (side: "left" | "right") =>
    compared.environments.reduce((sum, one) => sum + one[side].value, 0) / compared.environments.length;
  return {
    agent: group.series,
    agentTimeMs: group.timeMs,
    agentRuns: k,
    humanRuns: humans.k,
    environments: compared.environments.map(({ environment }) => environment),
    isComplete: compared.environments.length === study.environments.length,
    human: mean("left"),
    agentScore: mean("right"),
    isHumanLow: compared.environments.some(({ left }) => left.n < humans.k),
    isAgentLow: compared.environments.some(({ right }) => right.n < k),
    difference: compared.difference,
    differenceInterval: compared.interval,
    ratio: compared.ratio.kind === "refused" ? null : compared.ratio.value,
    ratioInterval: compared.ratio.kind === "refused" ? null : compared.ratio.interval,
  };
}

/** Where humans overtake the agent that leads at the longest budget; a refusal where nothing can be said. */
export function toCrossing(
  study: Study,
  scores: Scores,
  statements: readonly Statement[],
): { readonly agent: string; readonly crossing: Crossing } | Refusal {
  const leader = statements.at(-1)?.pairs.find(({ isComplete }) => isComplete)?.agent;
  const human = study.groups.find((group) => group.isHuman && findThinCells(group).length === 0);
  if (leader === undefined || human === undefined)
    return { kind: "refused", reason: "humans and one agent with 3 runs in every environment are needed" };
  const agents = study.groups.filter(
    (group) => !group.isHuman && group.series === leader && findThinCells(group).length === 0,
  );
  const toPoint = (groups: readonly Group[], budgetMs: number): readonly CurvePoint[] => {
    const ways = groups.flatMap(({ arm, timeMs }) => {
      const k = toRunsFor(budgetMs, timeMs);
      return k === null ? [] : [{ arm, k }];
    });
    return ways.length === 0 ? [] : [{ budgetMs, ways }];
  };
  const budgets = [1, 2, 4].map((k) => k * human.timeMs);
  const early = [1 / 16, 1 / 8, 1 / 4, 1 / 2].map((part) => part * human.timeMs);
  const cut = early.flatMap((budgetMs) => {
    const group = toCutGroup(study, human, budgetMs);
    return group === null ? [] : toPoint([group], budgetMs);
  });
  const crossing = findCrossing(
    [...cut, ...budgets.flatMap((budgetMs) => toPoint([human], budgetMs))],
    [...early, ...budgets].flatMap((budgetMs) => toPoint(agents, budgetMs)),
    { ...scores.bootstrap, resamples: Math.min(2_000, scores.bootstrap.resamples) },
  );
  return { agent: leader, crossing };
}
