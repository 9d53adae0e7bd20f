/** The normalized-score axis of one figure. */
export interface ScoreAxis {
  /** Lowest value; below 0 where a strip for scorings without a score is needed. */
  readonly bottom: number;
  readonly top: number;
  /** Middle of that strip; null where there is none. */
  readonly strip: number | null;
  /** Values with a label, 0 included, and 1 wherever it does not touch another. */
  readonly ticks: readonly number[];
}

/** Share of the axis above the highest score. */
const headroom = 0.06;
/** Height of the strip below 0, and least distance of two labels, as shares of the axis above 0. */
const stripShare = 0.1;
const labelShare = 0.07;

/**
 * @param highest - Highest score a line reaches.
 * @param hasStrip - Whether there are scorings without a score to be drawn.
 */
export function toScoreAxis(highest: number, hasStrip: boolean): ScoreAxis {
  const top = Math.max(1, highest) * (1 + headroom);
  const step = toNiceStep(top / 6);
  const even = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => round(index * step));
  const apart = even.filter((tick) => tick === 0 || tick === 1 || Math.abs(tick - 1) > labelShare * top);
  const ticks = apart.includes(1) || labelShare * top > 1 ? apart : [...apart, 1].toSorted((a, b) => a - b);
  const strip = hasStrip ? -(stripShare * top) / 2 : null;
  return { bottom: hasStrip ? -stripShare * top : 0, top, strip, ticks };
}

/** Lengths in which people count minutes and hours. */
const minuteSteps = [0.1, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 240, 480];
const mostMinuteTicks = 8;

/** Values with a label on the axis from 0 to `lastMinute`. */
export function toMinuteTicks(lastMinute: number): readonly number[] {
  const least = lastMinute / mostMinuteTicks;
  const fits = minuteSteps.find((step) => step >= least);
  const step = fits === undefined || least < 0.05 ? toNiceStep(least) : fits;
  return Array.from({ length: Math.floor(lastMinute / step + 1e-9) + 1 }, (_, index) => round(index * step));
}

/** The smallest of 1, 2, 2.5 and 5 times a power of ten that is not below `least`. */
function toNiceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return round(([1, 2, 2.5, 5].find((factor) => factor * power >= least * 0.999) ?? 10) * power);
}

function round(value: number): number {
  return Number(value.toPrecision(10));
}
