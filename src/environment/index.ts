export type { Anchor, Anchors } from "./anchors.ts";
export { type EnvironmentProblem, environmentErrors } from "./errors.ts";
export type { GatewayManifest } from "./gateway-manifest.ts";
export { type InstructionOptions, renderInstructions } from "./instructions.ts";
export { toManifestJsonSchema } from "./json-schema.ts";
export {
  builtInEnvironments,
  commonDirectory,
  type EnvironmentListing,
  type EnvironmentRoots,
  findReference,
  listEnvironments,
  loadEnvironment,
} from "./load-environment.ts";
export {
  type Environment,
  type GivenSolution,
  type Manifest,
  manifestSchema,
  type ScaleManifest,
  type ScaleName,
} from "./manifest.ts";
export {
  type AnchorConditions,
  type AnchorsResult,
  resolveAnchors,
  saveMeasuredAnchors,
} from "./measured-anchors.ts";
export {
  type AssetProgress,
  type PreparedAssets,
  type PrepareOptions,
  prepareAssets,
  removeAssets,
} from "./prepare-assets.ts";
export { median, standardDeviation } from "./repeated-scorings.ts";
export { isBetter, type ScoreDirection } from "./score-direction.ts";
