export type { Anchor, Anchors } from "./anchors.ts";
export {
  type Environment,
  type Manifest,
  manifestSchema,
  type ScaleManifest,
  type ScaleName,
} from "./manifest.ts";
