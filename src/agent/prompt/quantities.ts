/** `1 h 5 min`, `22 min 48 s`, `9 s`; whole seconds, rounded down, never negative. */
export function toDurationText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  const text = parts
    .filter(([amount]) => amount > 0)
    .slice(0, 2)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
  return text === "" ? "0 s" : text;
}

/** `1,234,567`. */
export function toCountText(count: number): string {
  return count.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** A score for reading: four significant digits. */
export function toScoreText(score: number): string {
  return String(Number(score.toPrecision(4)));
}
