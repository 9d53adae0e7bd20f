import { refuseInterval } from "./across-environments.ts";
import { type Arm, ArmDesign, findEmptyCells } from "./arms.ts";
import { type BootstrapOptions, bootstrap, defaultBootstrap, type EnvironmentDraw } from "./bootstrap.ts";
import { type Refusal, refuse } from "./estimate.ts";
import { quantileOfSorted } from "./quantiles.ts";

/** What one side reaches with a total budget of time: the best of the ways it may be spent. */
export interface CurvePoint {
  readonly budgetMs: number;
  readonly ways: readonly { readonly arm: Arm; readonly k: number }[];
}

/** Where humans overtake agents as both get more time. */
export type Crossing =
  | {
      readonly kind: "crosses";
      readonly atMs: number;
      /** An end is null where it lies outside the budgets that both curves cover. */
      readonly interval:
        | {
            readonly kind: "interval";
            readonly lowMs: number | null;
            readonly highMs: number | null;
            readonly level: number;
          }
        | Refusal;
      readonly shares: CrossingShares | null;
    }
  | {
      readonly kind: "no-crossing";
      /** Who is ahead over all budgets that both cover. */
      readonly ahead: "agents" | "humans";
      readonly fromMs: number;
      readonly toMs: number;
      readonly shares: CrossingShares | null;
    }
  | Refusal;

/** How often resamples came out which way; they add up to 1. */
export interface CrossingShares {
  readonly crosses: number;
  readonly agentsAheadThroughout: number;
  readonly humansAheadThroughout: number;
}

/**
 * The smallest budget from which on humans are ahead, both curves drawn linear over the logarithm of the budget
 * between their points. The agents' point takes the best of its ways anew in every resample.
 *
 * @param humans - Ascending in budget, at least two points; likewise `agents`. Arms of both name different runs.
 * @returns A refusal where the curves share no range of budgets or an arm lacks runs.
 */
export function findCrossing(
  humans: readonly CurvePoint[],
  agents: readonly CurvePoint[],
  options: Partial<BootstrapOptions> = {},
): Crossing {
  const settings = { ...defaultBootstrap, ...options };
  const arms = [...humans, ...agents].flatMap(({ ways }) => ways.map(({ arm }) => arm));
  const empty = arms.find((arm) => findEmptyCells(arm).length > 0);
  if (empty !== undefined) return refuse(`${empty.name} has no run in ${findEmptyCells(empty).join(", ")}`);
  const fromMs = Math.max(humans[0]?.budgetMs ?? Infinity, agents[0]?.budgetMs ?? Infinity);
  const toMs = Math.min(humans.at(-1)?.budgetMs ?? 0, agents.at(-1)?.budgetMs ?? 0);
  if (fromMs >= toMs) return refuse("humans and agents share no range of budgets");

  const design = new ArmDesign(arms);
  const toCurve = (points: readonly CurvePoint[]) =>
    points.map(({ budgetMs, ways }) => ({
      logBudget: Math.log(budgetMs),
      ways: ways.map(({ arm, k }) => design.toScoreAtK(arm, k)),
    }));
  const [human, agent] = [toCurve(humans), toCurve(agents)];
  const knots = [...new Set([...humans, ...agents].map(({ budgetMs }) => budgetMs))]
    .filter((budgetMs) => budgetMs >= fromMs && budgetMs <= toMs)
    .sort((a, b) => a - b)
    .map(Math.log);
  const leads = (read: (way: Way) => number) => {
    const lead = toLine(human, read);
    const chase = toLine(agent, read);
    return knots.map((knot) => lead(knot) - chase(knot));
  };
  const crossing = solve(
    knots,
    leads(({ value }) => value),
  );
  const refusal = refuseInterval(arms.flatMap(({ cells }) => cells));
  const draws =
    refusal ??
    bootstrap(
      design.design,
      1,
      (drawn, out) => {
        out[0] = solve(
          knots,
          leads((way) => way.evaluate(drawn)),
        );
      },
      settings,
    )[0];
  const crossings = draws === undefined || "kind" in draws ? null : draws;
  const shares = crossings === null ? null : toShares(crossings);
  if (!Number.isFinite(crossing)) {
    const ahead = crossing === Infinity ? "agents" : "humans";
    return { kind: "no-crossing", ahead, fromMs, toMs, shares };
  }
  const interval =
    crossings === null ? (refusal ?? refuse("nothing was resampled")) : toInterval(crossings, settings.level);
  return { kind: "crosses", atMs: Math.exp(crossing), interval, shares };
}

interface Way {
  readonly value: number;
  readonly evaluate: (draws: readonly EnvironmentDraw[]) => number;
}

interface Knot {
  readonly logBudget: number;
  readonly ways: readonly Way[];
}

/** A curve as a function of the logarithm of the budget, with each point read once. */
function toLine(points: readonly Knot[], read: (way: Way) => number): (logBudget: number) => number {
  const values = points.map(({ ways }) => ways.reduce((best, way) => Math.max(best, read(way)), 0));
  return (logBudget) => {
    const next = points.findIndex((point) => point.logBudget >= logBudget);
    const after = points[next];
    const before = points[next - 1];
    const valueAfter = values[next] ?? Number.NaN;
    if (after === undefined || before === undefined || after.logBudget === logBudget) return valueAfter;
    const share = (logBudget - before.logBudget) / (after.logBudget - before.logBudget);
    const valueBefore = values[next - 1] ?? Number.NaN;
    return valueBefore + (valueAfter - valueBefore) * share;
  };
}

/**
 * Logarithm of the budget at which humans take the lead for good; +∞ where agents are ahead at the end, −∞
 * where humans are ahead throughout.
 */
function solve(knots: readonly number[], leads: readonly number[]): number {
  for (let index = knots.length - 1; index >= 0; index -= 1) {
    const lead = leads[index] ?? Number.NaN;
    if (lead > 0) continue;
    const [at, next, nextLead] = [knots[index] ?? 0, knots[index + 1], leads[index + 1]];
    if (next === undefined || nextLead === undefined) return Infinity;
    return at + ((next - at) * -lead) / (nextLead - lead);
  }
  return -Infinity;
}

function toShares(crossings: Float64Array): CrossingShares {
  const agents = crossings.filter((crossing) => crossing === Infinity).length / crossings.length;
  const humans = crossings.filter((crossing) => crossing === -Infinity).length / crossings.length;
  return {
    crosses: 1 - agents - humans,
    agentsAheadThroughout: agents,
    humansAheadThroughout: humans,
  };
}

function toInterval(crossings: Float64Array, level: number) {
  const sorted = crossings.toSorted();
  const tail = (1 - level) / 2;
  const end = (share: number): number | null => {
    const log = quantileOfSorted(sorted, share);
    return Number.isFinite(log) ? Math.exp(log) : null;
  };
  return { kind: "interval", lowMs: end(tail), highMs: end(1 - tail), level } as const;
}
