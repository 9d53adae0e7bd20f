import {
  type AnchorConditions,
  type Anchors,
  type Environment,
  type GivenSolution,
  type PreparedAssets,
  type ScaleName,
  saveMeasuredAnchors,
} from "../environment/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import type { Judged } from "../scoring/index.ts";
import { runErrors } from "./errors.ts";
import type { RunHost } from "./run-host.ts";
import { openSolutionBench } from "./solution-bench.ts";

/** How anchors are measured. */
export interface CalibrationOptions {
  /** Scorings of each of the two solutions. */
  readonly scorings: number;
  /** Real models for programs, by the name that those ask for; none by default. */
  readonly gatewayModels?: ReadonlyMap<string, PricedLanguageModel>;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: {
    readonly which: GivenSolution;
    readonly done: number;
    readonly total: number;
    readonly raw: number | null;
  }) => void;
}

/**
 * Scores the starting and the reference solution in turn and keeps their medians as this machine's anchors. In
 * turn, so that a machine that slows down while it is measured slows both.
 *
 * @throws CALIBRATION_FAILED when a scoring gives no number; ANCHORS_UNUSABLE when the reference is no better
 */
export async function calibrate(
  environment: Environment,
  scale: ScaleName,
  assets: PreparedAssets,
  host: RunHost,
  options: CalibrationOptions,
): Promise<Anchors> {
  await using bench = await openSolutionBench(environment, scale, assets, host, options.gatewayModels);
  const snapshots = {
    starting: await bench.snapshotSolution("starting", options.signal),
    reference: await bench.snapshotSolution("reference", options.signal),
  };
  const raws: { readonly starting: number[]; readonly reference: number[] } = { starting: [], reference: [] };
  const total = options.scorings * 2;
  for (let round = 0; round < options.scorings; round += 1) {
    for (const which of ["starting", "reference"] as const) {
      const done = raws.starting.length + raws.reference.length;
      options.onProgress?.({ which, done, total, raw: raws[which].at(-1) ?? null });
      const judged = await bench.scorer.judge(snapshots[which].treeSha256, options.signal);
      raws[which].push(toRaw(judged, environment.manifest.id, which));
    }
  }
  return saveMeasuredAnchors(
    environment,
    scale,
    { start: raws.starting, reference: raws.reference, measuredAt: new Date(host.now()).toISOString() },
    toAnchorConditions(host, options.gatewayModels),
  );
}

/** What anchors measured on this host hold for. */
export function toAnchorConditions(
  { machine, versions, cacheDirectory }: RunHost,
  gatewayModels: ReadonlyMap<string, PricedLanguageModel> = new Map(),
): AnchorConditions {
  const models = Object.fromEntries([...gatewayModels].map(([name, { id }]) => [name, id]));
  return { machine, versions, cacheDirectory, models };
}

function toRaw({ verdict, log }: Judged, environment: string, which: GivenSolution): number {
  if (verdict.kind === "answered" && verdict.answer.result === "scored") return verdict.answer.raw;
  const detail =
    verdict.kind === "answered"
      ? `${verdict.answer.result}: ${verdict.answer.message}`
      : `${verdict.kind}\n${log.slice(-2_000)}`;
  throw runErrors.CALIBRATION_FAILED({ environment, which, detail });
}
