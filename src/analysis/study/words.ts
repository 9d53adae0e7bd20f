import type { Interval, Refusal } from "../statistics/estimate.ts";

/** `45 s`, `30 min`, `1 h 30 min`, `8 h`; minutes to one tenth. */
export function toTimeText(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  if (seconds < 60) return `${round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${round(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  const rest = round(minutes - hours * 60);
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** Two decimals, with a true minus sign. */
export function toScoreText(value: number): string {
  const text = value.toFixed(2);
  return (text === "-0.00" ? "0.00" : text).replace("-", "−");
}

/** `0.61 [0.50, 0.72]`, or the number alone where it has no interval. */
export function toEstimateText(value: number, interval: Interval | Refusal): string {
  return `${toScoreText(value)}${toIntervalText(interval)}`;
}

/** ` [0.50, 0.72]` with the blank before it; empty for a refusal. */
export function toIntervalText(interval: Interval | Refusal): string {
  if (interval.kind === "refused") return "";
  return ` [${toScoreText(interval.low)}, ${toScoreText(interval.high)}]`;
}

/** `82 %` */
export function toPercentText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `1 run`, `7 runs` */
export function toCountText(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and c` */
export function toListText(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} and ${last}`;
}

function round(value: number): number {
  return Number(value.toFixed(1));
}
