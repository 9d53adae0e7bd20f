import {
  type Anchors,
  type Environment,
  type PreparedAssets,
  prepareAssets,
  resolveAnchors,
  type ScaleName,
} from "../environment/index.ts";
import type { PricedLanguageModel } from "../model/index.ts";
import { calibrate, type RunHost, toAnchorConditions } from "../run/index.ts";
import type { CliContext } from "./context.ts";
import { toBar, toCountBar } from "./terminal.ts";

/** An environment that can be scored on this machine. */
export interface Scorable {
  readonly environment: Environment;
  readonly scale: ScaleName;
  readonly assets: PreparedAssets;
  readonly host: RunHost;
  /** Real models for programs, by the name that those ask for. */
  readonly gatewayModels: ReadonlyMap<string, PricedLanguageModel>;
}

/** Scorings of each solution when anchors are measured. */
export const defaultCalibrationScorings = 3;

/**
 * Assets of an environment, made now where they are missing, with a progress line.
 *
 * @param randomSeed - Assets of a seed of their own, apart from those that runs use.
 */
export async function prepareWithProgress(
  context: CliContext,
  environment: Environment,
  scale: ScaleName,
  host: RunHost,
  randomSeed?: string,
): Promise<PreparedAssets> {
  const assets = await prepareAssets(environment, scale, {
    randomSeed,
    toolchain: host.toolchain,
    cacheDirectory: host.cacheDirectory,
    signal: context.signal,
    env: context.env,
    onProgress: ({ message, fraction }) =>
      context.terminal.progress(
        `preparing ${environment.manifest.id}`,
        fraction === undefined ? message : `${toBar(fraction)} ${message}`,
      ),
  });
  context.terminal.endProgress();
  return assets;
}

/** Anchors that hold on this machine, measured now where they must be and are not yet. */
export async function resolveAnchorsWithProgress(context: CliContext, scorable: Scorable): Promise<Anchors> {
  const { environment, scale, host, gatewayModels } = scorable;
  const found = await resolveAnchors(environment, scale, toAnchorConditions(host, gatewayModels));
  if (found.status === "found") return found.anchors;
  context.terminal.say(
    `${environment.manifest.id} has no anchors measured on this machine yet: measuring them`,
  );
  return calibrateWithProgress(context, scorable, defaultCalibrationScorings);
}

/** Measures the anchors of an environment on this machine, with a progress line. */
export async function calibrateWithProgress(
  context: CliContext,
  { environment, scale, assets, host, gatewayModels }: Scorable,
  scorings: number,
): Promise<Anchors> {
  const anchors = await calibrate(environment, scale, assets, host, {
    scorings,
    gatewayModels,
    signal: context.signal,
    onProgress: ({ which, done, total }) =>
      context.terminal.progress(
        `calibrating ${environment.manifest.id}`,
        `${toCountBar(done, total)} scorings, now the ${which} solution`,
      ),
  });
  context.terminal.endProgress();
  return anchors;
}
