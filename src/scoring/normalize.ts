import { type Anchors, isBetter, type ScoreDirection } from "../environment/index.ts";
import { scoringErrors } from "./errors.ts";

/**
 * Places a raw score on the scale that runs from the starting solution (0) to the reference solution (1):
 * `max(0, (raw − start) / (reference − start))`. Better than the reference is above 1; worse than the start is 0.
 * The formula is the same in both directions, since the anchors carry the sign.
 *
 * @throws ANCHORS_WITHOUT_SCALE when the reference is not better than the start by an amount that can be divided by.
 * @throws RAW_SCORE_UNUSABLE when `raw` is not finite.
 * @see arXiv 2411.15114, section 3
 */
export function normalize(raw: number, anchors: Anchors, direction: ScoreDirection): number {
  if (!Number.isFinite(raw)) throw scoringErrors.RAW_SCORE_UNUSABLE({ raw });
  const start = anchors.start.raw;
  const reference = anchors.reference.raw;
  const normalized = (raw - start) / (reference - start);
  if (!isBetter(reference, start, direction) || !Number.isFinite(normalized)) {
    throw scoringErrors.ANCHORS_WITHOUT_SCALE({ start, reference, direction });
  }
  return Math.max(0, normalized);
}
