/** Which raw score is better. */
export type ScoreDirection = "lower" | "higher";

/** True when `left` is the better raw score; false for equal ones. */
export function isBetter(left: number, right: number, direction: ScoreDirection): boolean {
  return direction === "lower" ? left < right : left > right;
}
