import {
  type Anchors,
  type Environment,
  type GivenSolution,
  median,
  type PreparedAssets,
  type ScaleName,
  standardDeviation,
} from "../environment/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import { normalize } from "../scoring/index.ts";
import { type EnvironmentCheck, type Outcome, toOutcome, toScores } from "./environment-check.ts";
import { hostileAgents } from "./hostile/agents.ts";
import { hostileSubmissions } from "./hostile/submissions.ts";
import { tryAgent } from "./hostile/try-agent.ts";
import { trySubmission } from "./hostile/try-submission.ts";
import type { RunHost } from "./run-host.ts";
import { openSolutionBench } from "./solution-bench.ts";

/** Bounds every environment keeps at laptop scale; the anchors' and the spread's hold at paper scale as well. */
export const environmentBounds = {
  /** Distance of the start from 0 and of the reference from 1; times are as noisy as the machine that is measured. */
  anchorDistance: { published: 0.05, measured: 0.1 },
  /** Standard deviation of repeated scorings of one snapshot. */
  spread: 0.05,
  scoringSeconds: 60,
  prepareSeconds: 600,
  referenceSeconds: 900,
  /** Most that what is no work may score above the start, or above the best of the start's scorings. */
  withoutWork: 0.05,
} as const;

/** How an environment is tried. */
export interface EnvironmentCheckOptions {
  /** Scorings of one snapshot for its spread; the snapshots of the first preparation. */
  readonly rescorings: number;
  /** Preparations from nothing; start and reference are made and scored in each. */
  readonly preparations: number;
  /** Prepares the assets anew, with a secret of its own. */
  readonly prepare: () => Promise<PreparedAssets>;
  /** Anchors to check against, measured now with the first assets where they must be. */
  readonly resolveAnchors: (assets: PreparedAssets) => Promise<Anchors>;
  /** Real models for programs, by the name that those ask for; none by default. */
  readonly gatewayModels?: ReadonlyMap<string, PricedLanguageModel>;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: {
    readonly text: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** What was found, and the anchors it was held against. */
export interface EnvironmentReport {
  readonly checks: readonly EnvironmentCheck[];
  readonly anchors: Anchors;
}

/** Scorings of each solution in preparations after the first. */
const laterScorings = 3;

/** What one preparation gave. */
interface Round {
  readonly prepareSeconds: number;
  readonly referenceSeconds: number;
  readonly outcomes: Readonly<Record<GivenSolution, readonly Outcome[]>>;
}

/**
 * Tries an environment the way reviewers would: assets, start and reference from nothing, once or several times;
 * against the anchors, the spread of repeated scorings, the times; and hostile submissions and agents, which know
 * nothing of the task and must gain nothing.
 */
export async function checkEnvironment(
  environment: Environment,
  scale: ScaleName,
  host: RunHost,
  options: EnvironmentCheckOptions,
): Promise<EnvironmentReport> {
  const { signal, preparations, rescorings } = options;
  const scoringsOf = (round: number) => (round === 0 ? rescorings : laterScorings);
  const total =
    Array.from({ length: preparations }, (_, round) => 3 + 2 * scoringsOf(round)).reduce((a, b) => a + b, 0) +
    hostileSubmissions.length +
    hostileAgents.length;
  let done = 0;
  const report = (text: string): void => options.onProgress?.({ text, done: done++, total });
  const scoringSeconds: number[] = [];
  const hostileChecks: EnvironmentCheck[] = [];
  const rounds: Round[] = [];
  let anchors: Anchors | null = null;

  const timed = async <Value>(work: () => Promise<Value>) => {
    const startedAt = host.now();
    const value = await work();
    return { value, seconds: (host.now() - startedAt) / 1_000 };
  };

  for (let index = 0; index < preparations; index += 1) {
    const numbered = preparations === 1 ? "" : ` (${index + 1} of ${preparations})`;
    report(`preparing assets from nothing${numbered}`);
    const prepared = await timed(options.prepare);
    anchors ??= await options.resolveAnchors(prepared.value);
    const held = anchors;
    // Refuses anchors that have no scale, before anything is held against them.
    normalize(held.start.raw, held, environment.manifest.score.direction);
    await using bench = await openSolutionBench(
      environment,
      scale,
      prepared.value,
      host,
      options.gatewayModels,
    );
    const tryOut = async (which: GivenSolution) => {
      report(`making the ${which} solution${numbered}`);
      const made = await timed(() => bench.snapshotSolution(which, signal));
      const outcomes: Outcome[] = [];
      for (let count = 0; count < scoringsOf(index); count += 1) {
        report(`scoring the ${which} solution${numbered}`);
        const judged = await bench.scorer.judge(made.value.treeSha256, signal);
        scoringSeconds.push(judged.timings.totalMs / 1_000);
        outcomes.push(toOutcome(judged, held));
      }
      return { seconds: made.seconds, treeSha256: made.value.treeSha256, outcomes };
    };
    const starting = await tryOut("starting");
    const reference = await tryOut("reference");
    rounds.push({
      prepareSeconds: prepared.seconds,
      referenceSeconds: reference.seconds,
      outcomes: { starting: starting.outcomes, reference: reference.outcomes },
    });
    if (index > 0) continue;
    const most = toMostWithoutWork(starting.outcomes);
    hostileChecks.push(toIdleCheck(starting.outcomes));
    const trial = { environment, anchors: held, most, signal };
    const timeoutSeconds = toHostileTimeout(
      environment.manifest.scales[scale].scoringTimeoutSeconds,
      scoringSeconds.slice(0, starting.outcomes.length),
    );
    for (const submission of hostileSubmissions) {
      report(`trying: ${submission.title}`);
      const startingTree = starting.treeSha256;
      hostileChecks.push(await trySubmission(submission, { ...trial, bench, startingTree, timeoutSeconds }));
    }
    for (const hostile of hostileAgents) {
      report(`trying: ${hostile.title}`);
      const gatewayModels = options.gatewayModels ?? new Map();
      const parts = { ...trial, scale, assets: prepared.value, host, gatewayModels };
      hostileChecks.push(await tryAgent(hostile, parts));
    }
  }
  if (anchors === null) throw new Error("an environment is checked with at least one preparation");
  return { checks: [...toChecks(rounds, scoringSeconds, anchors, scale), ...hostileChecks], anchors };
}

/** Chance may lift a start that nobody worked on; more than that it may not be worth. */
function toMostWithoutWork(starting: readonly Outcome[]): number {
  return Math.max(0, ...toScores(starting)) + environmentBounds.withoutWork;
}

/**
 * Seconds in which a submission that never ends is judged: what the start took, ten for the submission to be stopped
 * in, and in no case more than in a run.
 */
function toHostileTimeout(limitSeconds: number, startingSeconds: readonly number[]): number {
  return Math.min(limitSeconds, Math.max(15, Math.ceil((median(startingSeconds) ?? 0) + 10)));
}

/** Doing nothing is what the scorings of the start have shown. */
function toIdleCheck(starting: readonly Outcome[]): EnvironmentCheck {
  const value = median(toScores(starting));
  const { withoutWork } = environmentBounds;
  return {
    id: "exploit-nothing",
    title: "nothing is earned by doing nothing",
    passed: value === null || value <= withoutWork,
    found: value === null ? "no score" : `median ${value.toFixed(3)}`,
    allowed: `at most ${withoutWork}`,
    values: value === null ? [] : [value],
  };
}

function toChecks(
  rounds: readonly Round[],
  scoringSeconds: readonly number[],
  anchors: Anchors,
  scale: ScaleName,
): readonly EnvironmentCheck[] {
  const outcomesOf = (which: GivenSolution) => rounds.map(({ outcomes }) => outcomes[which]);
  const { kind } = anchors.provenance;
  const bounds = environmentBounds;
  return [
    toAnchorCheck("start", "the starting solution scores 0", outcomesOf("starting"), 0, kind),
    toAnchorCheck("reference", "the reference solution scores 1", outcomesOf("reference"), 1, kind),
    toSpreadCheck("start-spread", "the starting solution scores alike each time", outcomesOf("starting")[0]),
    toSpreadCheck(
      "reference-spread",
      "the reference solution scores alike each time",
      outcomesOf("reference")[0],
    ),
    toTimeCheck("scoring-time", "one scoring is quick", scoringSeconds, bounds.scoringSeconds, scale),
    toTimeCheck(
      "prepare-time",
      "assets are made in time",
      rounds.map(({ prepareSeconds }) => prepareSeconds),
      bounds.prepareSeconds,
      scale,
    ),
    toTimeCheck(
      "reference-time",
      "the reference solution is made in time",
      rounds.map(({ referenceSeconds }) => referenceSeconds),
      bounds.referenceSeconds,
      scale,
    ),
  ];
}

function toTimeCheck(
  id: string,
  title: string,
  seconds: readonly number[],
  bound: number,
  scale: ScaleName,
): EnvironmentCheck {
  const longest = Math.max(...seconds);
  return {
    id,
    title,
    passed: longest <= bound || scale === "paper",
    found: `${seconds.length === 1 ? "" : `longest of ${seconds.length}: `}${longest.toFixed(1)} s`,
    allowed: scale === "paper" ? "no bound" : `at most ${bound} s`,
    values: [],
  };
}

/** Every preparation's median has to lie near the anchor. */
function toAnchorCheck(
  id: string,
  title: string,
  rounds: readonly (readonly Outcome[])[],
  target: number,
  provenance: Anchors["provenance"]["kind"],
): EnvironmentCheck {
  const outcomes = rounds.flat();
  const medians = rounds.map((round) => median(toScores(round))).filter((value) => value !== null);
  const bound = environmentBounds.anchorDistance[provenance];
  const isWhole = toScores(outcomes).length === outcomes.length && medians.length === rounds.length;
  const shown = medians.map((value) => value.toFixed(3)).join(", ");
  return {
    id,
    title,
    passed: isWhole && medians.every((value) => Math.abs(value - target) <= bound),
    found:
      medians.length === 0
        ? `no score in ${outcomes.length} scorings: ${describeOthers(outcomes)}`
        : `${medians.length === 1 ? "median" : "medians"} ${shown}${describeMissing(toScores(outcomes), outcomes)}`,
    allowed: `${target} ± ${bound}`,
    values: medians,
  };
}

function toSpreadCheck(id: string, title: string, outcomes: readonly Outcome[] = []): EnvironmentCheck {
  const values = toScores(outcomes);
  const deviation = standardDeviation(values);
  return {
    id,
    title,
    passed: values.length === outcomes.length && deviation !== null && deviation <= environmentBounds.spread,
    found:
      deviation === null
        ? `too few scores (${values.length})`
        : `standard deviation ${deviation.toFixed(4)} of ${values.length}${describeMissing(values, outcomes)}`,
    allowed: `at most ${environmentBounds.spread}`,
    values,
  };
}

function describeMissing(values: readonly number[], outcomes: readonly Outcome[]): string {
  return values.length === outcomes.length
    ? ""
    : `, ${outcomes.length - values.length} without a score: ${describeOthers(outcomes)}`;
}

function describeOthers(outcomes: readonly Outcome[]): string {
  const texts = outcomes.flatMap((outcome) => (outcome.kind === "other" ? [outcome.text] : []));
  return [...new Set(texts)].join("; ");
}
