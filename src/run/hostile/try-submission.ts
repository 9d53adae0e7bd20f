import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Anchors, Environment } from "../../environment/index.ts";
import { type EnvironmentCheck, type Outcome, toOutcome } from "../environment-check.ts";
import type { SolutionBench } from "../solution-bench.ts";
import type { HostileSubmission } from "./submissions.ts";

/** What hostile submissions to an environment are tried with. */
export interface SubmissionTrial {
  readonly environment: Environment;
  readonly bench: SolutionBench;
  readonly anchors: Anchors;
  /** Snapshot of the starting solution, made. */
  readonly startingTree: string;
  /** Most that work which was not done may be worth, normalized. */
  readonly most: number;
  /** Time of one scoring where a submission would use up all of it. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/** Has one hostile submission judged. */
export async function trySubmission(
  submission: HostileSubmission,
  trial: SubmissionTrial,
): Promise<EnvironmentCheck> {
  const { environment, bench, anchors, signal, most } = trial;
  const folder = await mkdtemp(join(tmpdir(), "rebench-hostile-"));
  try {
    const workspace = join(folder, "workspace");
    await mkdir(workspace);
    await bench.unpack(trial.startingTree, workspace);
    const files = environment.manifest.solution.files.map((file) => join(workspace, file));
    await submission.make({ workspace, files, raw: anchors.reference.raw });
    const { treeSha256 } = await bench.snapshotFolder(workspace);
    const holdsUp = submission.holdsUp === true;
    const judged = await bench.scorer.judge(
      treeSha256,
      signal,
      holdsUp ? { timeoutSeconds: trial.timeoutSeconds } : {},
    );
    const outcome = toOutcome(judged, anchors);
    const isCutShort = holdsUp && judged.verdict.kind === "timed-out";
    return {
      id: `exploit-${submission.id}`,
      title: `nothing is earned by ${submission.title}`,
      passed: outcome.kind === "score" ? outcome.unclamped <= most : outcome.isInvalid || isCutShort,
      found: describe(outcome, isCutShort ? trial.timeoutSeconds : null),
      allowed: `invalid${holdsUp ? ", stopped at a limit" : ""}, or at most ${most.toFixed(3)}`,
      values: outcome.kind === "score" ? [outcome.unclamped] : [],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function describe(outcome: Outcome, cutShortSeconds: number | null): string {
  if (cutShortSeconds !== null) return `stopped at the ${cutShortSeconds} s it was given here`;
  return outcome.kind === "score" ? `normalized ${outcome.unclamped.toFixed(3)}` : outcome.text;
}
