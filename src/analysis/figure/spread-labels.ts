/**
 * Moves labels along one axis until none are nearer than `gap`, keeping their order and moving each as little as
 * pushing allows.
 *
 * @param wanted - Where each label would like its middle, in pixels, in any order.
 * @param extent - Lowest and highest place a middle may take; must hold `(wanted.length − 1) · gap`.
 * @returns The places, in the order of `wanted`.
 */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  extent: readonly [number, number],
): readonly number[] {
  const order = wanted.map((place, index) => ({ place, index })).toSorted((a, b) => a.place - b.place);
  let least = extent[0];
  for (const label of order) {
    label.place = Math.max(label.place, least);
    least = label.place + gap;
  }
  let most = extent[1];
  for (const label of order.toReversed()) {
    label.place = Math.min(label.place, most);
    most = label.place - gap;
  }
  const places = wanted.slice();
  for (const { place, index } of order) places[index] = place;
  return places;
}
