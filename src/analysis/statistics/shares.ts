import { type Interval, type Refusal, refuse } from "./estimate.ts";

/** How many of some runs have a property. */
export type Share =
  | {
      readonly kind: "share";
      readonly count: number;
      readonly n: number;
      readonly share: number;
      readonly interval: Interval;
    }
  | Refusal;

/** 97.5 % point of the standard normal law. */
const z = 1.959963984540054;

/**
 * Share of values with a property, with the 95 % interval of Wilson:
 * `(p + z²/2n ± z · √(p(1 − p)/n + z²/4n²)) / (1 + z²/n)`.
 *
 * @see E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference (1927)
 */
export function toShare(values: readonly number[], has: (value: number) => boolean): Share {
  const n = values.length;
  if (n === 0) return refuse("there is no run to take a share of");
  const count = values.filter(has).length;
  const share = count / n;
  const middle = share + (z * z) / (2 * n);
  const reach = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const whole = 1 + (z * z) / n;
  const low = count === 0 ? 0 : (middle - reach) / whole;
  const high = count === n ? 1 : (middle + reach) / whole;
  return { kind: "share", count, n, share, interval: { kind: "interval", low, high, level: 0.95 } };
}

/** Share that got anywhere: normalized score above 0. */
export function shareAboveStart(values: readonly number[]): Share {
  return toShare(values, (value) => value > 0);
}

/** Share that reached the reference solution: normalized score of at least 1. */
export function shareAtReference(values: readonly number[]): Share {
  return toShare(values, (value) => value >= 1);
}
