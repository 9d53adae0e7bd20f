/** A number was asked for that these data cannot give. Never turned into 0. */
export interface Refusal {
  readonly kind: "refused";
  /** One sentence: what is missing, with its count. */
  readonly reason: string;
}

/** Where a number lies, at the chance `level`. Both ends may be equal. */
export interface Interval {
  readonly kind: "interval";
  readonly low: number;
  readonly high: number;
  /** In (0, 1), usually 0.95. */
  readonly level: number;
}

/** A number with its interval, or that there is none. */
export type Estimate =
  | {
      readonly kind: "estimated";
      readonly value: number;
      readonly interval: Interval | Refusal;
      /** Runs behind the number. */
      readonly n: number;
    }
  | Refusal;

/** A requested part of a number that the data lack. */
export interface MissingCell {
  readonly environment: string;
  readonly reason: string;
}

/** Says that a number cannot be given. */
export function refuse(reason: string): Refusal {
  return { kind: "refused", reason };
}

/**
 * Fewest runs of one environment that an interval is made of: resamples of fewer say nothing about their
 * spread.
 */
export const fewestRunsForInterval = 3;
