import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import {
  type Anchors,
  type Environment,
  type GivenSolution,
  median,
  type PreparedAssets,
  type ScaleName,
  type ScoreDirection,
  standardDeviation,
} from "../environment/index.ts";
import { type Judged, normalize } from "../scoring/index.ts";
import type { RunHost } from "./run-host.ts";
import { openSolutionBench, type SolutionBench } from "./solution-bench.ts";

/** Bounds every environment keeps at laptop scale; the anchors' and the spread's hold at paper scale as well. */
export const environmentBounds = {
  /** Distance of the start from 0 and of the reference from 1. */
  anchorDistance: 0.1,
  /** Standard deviation of repeated scorings of one snapshot. */
  spread: 0.05,
  scoringSeconds: 60,
  /** Best that a submission without work may score. */
  exploit: 0.05,
} as const;

/** One thing that was tried, what came out and what was allowed. */
export interface EnvironmentCheck {
  readonly id: string;
  readonly title: string;
  readonly passed: boolean;
  readonly found: string;
  readonly allowed: string;
  /** Places between the anchors behind it, where there are any: 0 the start, 1 the reference, not cut off at 0. */
  readonly values: readonly number[];
}

/** How an environment is tried. */
export interface EnvironmentCheckOptions {
  /** Scorings of one snapshot for its spread. */
  readonly rescorings: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: {
    readonly text: string;
    readonly done: number;
    readonly total: number;
  }) => void;
}

/**
 * Tries an environment the way reviewers would: start and reference against the anchors, the spread of repeated
 * scorings, the time of one, and submissions without work that must earn nothing.
 */
export async function checkEnvironment(
  environment: Environment,
  scale: ScaleName,
  assets: PreparedAssets,
  anchors: Anchors,
  host: RunHost,
  options: EnvironmentCheckOptions,
): Promise<readonly EnvironmentCheck[]> {
  await using bench = await openSolutionBench(environment, scale, assets, host);
  const total = options.rescorings * 2 + exploits.length;
  let done = 0;
  const report = (text: string): void => options.onProgress?.({ text, done: done++, total });
  const { direction } = environment.manifest.score;
  const seconds: number[] = [];

  const scoreSolution = async (which: GivenSolution): Promise<readonly Outcome[]> => {
    const { treeSha256 } = await bench.snapshotSolution(which, options.signal);
    const outcomes: Outcome[] = [];
    for (let count = 0; count < options.rescorings; count += 1) {
      report(`scoring the ${which} solution`);
      const judged = await bench.scorer.judge(treeSha256, options.signal);
      seconds.push(judged.timings.totalMs / 1_000);
      outcomes.push(toOutcome(judged, anchors, direction));
    }
    return outcomes;
  };
  const start = await scoreSolution("starting");
  const reference = await scoreSolution("reference");

  const checks: EnvironmentCheck[] = [
    toAnchorCheck("start", "the starting solution scores 0", start, 0),
    toAnchorCheck("reference", "the reference solution scores 1", reference, 1),
    toSpreadCheck("start-spread", "the starting solution scores alike each time", start),
    toSpreadCheck("reference-spread", "the reference solution scores alike each time", reference),
    {
      id: "scoring-time",
      title: "one scoring is quick",
      passed: Math.max(...seconds) <= environmentBounds.scoringSeconds || scale === "paper",
      found: `longest of ${seconds.length}: ${Math.max(...seconds).toFixed(1)} s`,
      allowed: scale === "paper" ? "no bound" : `at most ${environmentBounds.scoringSeconds} s`,
      values: [],
    },
  ];
  for (const exploit of exploits) {
    report(`trying: ${exploit.title}`);
    checks.push(await tryExploit(exploit, bench, environment, anchors, options.signal));
  }
  return checks;
}

type Outcome =
  /** `level` is the place between the anchors as it is, below 0 too: cut off there, a spread would look small. */
  | { readonly kind: "score"; readonly normalized: number; readonly level: number }
  | { readonly kind: "other"; readonly text: string };

function toOutcome({ verdict }: Judged, anchors: Anchors, direction: ScoreDirection): Outcome {
  if (verdict.kind === "refused") return { kind: "other", text: `invalid: ${verdict.refusal.reason}` };
  if (verdict.kind !== "answered") return { kind: "other", text: verdict.kind };
  const { answer } = verdict;
  if (answer.result === "invalid") return { kind: "other", text: `invalid: ${answer.reason}` };
  const { start, reference } = anchors;
  return {
    kind: "score",
    normalized: normalize(answer.raw, anchors, direction),
    level: (answer.raw - start.raw) / (reference.raw - start.raw),
  };
}

function toScores(outcomes: readonly Outcome[]): readonly number[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "score" ? [outcome.level] : []));
}

function toAnchorCheck(
  id: string,
  title: string,
  outcomes: readonly Outcome[],
  target: number,
): EnvironmentCheck {
  const values = toScores(outcomes);
  const middle = median(values);
  const bound = environmentBounds.anchorDistance;
  return {
    id,
    title,
    passed: values.length === outcomes.length && middle !== null && Math.abs(middle - target) <= bound,
    found:
      middle === null
        ? `no score in ${outcomes.length} scorings: ${describeOthers(outcomes)}`
        : `median ${middle.toFixed(3)} of ${values.length}${describeMissing(values, outcomes)}`,
    allowed: `${target} ± ${bound}`,
    values,
  };
}

function toSpreadCheck(id: string, title: string, outcomes: readonly Outcome[]): EnvironmentCheck {
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

/** A submission in which nobody did the task; it must be invalid or worth no more than the start. */
interface Exploit {
  readonly id: string;
  readonly title: string;
  /** @param files - Paths of the solution's files in the workspace, folders made. */
  readonly make: (workspace: string, files: readonly string[]) => Promise<void>;
}

const exploits: readonly Exploit[] = [
  { id: "empty", title: "an empty workspace", make: async () => {} },
  {
    id: "empty-files",
    title: "empty solution files",
    make: async (_, files) => void (await Promise.all(files.map((file) => writeFile(file, "")))),
  },
  {
    id: "garbage",
    title: "solution files of random bytes",
    make: async (_, files) =>
      void (await Promise.all(
        files.map((file, index) => writeFile(file, Buffer.alloc(4_096, `\u0000\u00ff{${index}`))),
      )),
  },
  {
    id: "crash",
    title: "a program that ends at once, claiming success",
    make: async (_, files) =>
      void (await Promise.all(files.map((file) => writeFile(file, "import os\nos._exit(0)\n")))),
  },
  {
    id: "links",
    title: "solution files that are links out of the workspace",
    make: async (_, files) => void (await Promise.all(files.map((file) => symlink("/etc/passwd", file)))),
  },
  {
    id: "pipes",
    title: "solution files that are named pipes",
    make: async (_, files) =>
      void (await Promise.all(files.map((file) => promisify(execFile)("mkfifo", [file])))),
  },
  {
    id: "sparse",
    title: "a sparse file of a terabyte",
    make: async (workspace) => {
      const file = join(workspace, "sparse.bin");
      await writeFile(file, "");
      await truncate(file, 2 ** 40);
    },
  },
];

async function tryExploit(
  exploit: Exploit,
  bench: SolutionBench,
  environment: Environment,
  anchors: Anchors,
  signal: AbortSignal,
): Promise<EnvironmentCheck> {
  const workspace = await mkdtemp(join(tmpdir(), "rebench-exploit-"));
  try {
    const files = environment.manifest.solution.files.map((file) => join(workspace, file));
    await Promise.all(files.map((file) => mkdir(dirname(file), { recursive: true })));
    await exploit.make(workspace, files);
    const { treeSha256 } = await bench.snapshotFolder(workspace);
    const judged = await bench.scorer.judge(treeSha256, signal);
    const outcome = toOutcome(judged, anchors, environment.manifest.score.direction);
    const isHarmless =
      outcome.kind === "score"
        ? outcome.normalized <= environmentBounds.exploit
        : outcome.text.startsWith("invalid");
    return {
      id: `exploit-${exploit.id}`,
      title: `${exploit.title} earns nothing`,
      passed: isHarmless,
      found: outcome.kind === "score" ? `normalized ${outcome.normalized.toFixed(3)}` : outcome.text,
      allowed: `invalid, or at most ${environmentBounds.exploit}`,
      values: outcome.kind === "score" ? [outcome.normalized] : [],
    };
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}
