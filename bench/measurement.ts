/** One number of a measurement, with what it is to be held against. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Every single value, in the order measured. */
  readonly values: readonly number[];
  /** The median may be at most this; null where nothing was promised: a part, a floor, a peer. */
  readonly atMost: number | null;
  /** What a reader must know to judge the number. */
  readonly note?: string;
}

/** What one file of this folder measures. */
export interface Measurement {
  readonly name: string;
  readonly question: string;
  readonly measure: () => Promise<readonly Figure[]>;
}

/** A figure in numbers: median and the quartiles around it. */
export interface Summary {
  readonly name: string;
  readonly unit: string;
  readonly n: number;
  readonly median: number;
  readonly quartiles: readonly [number, number];
  readonly atMost: number | null;
  readonly met: boolean | null;
  readonly note: string;
}

export function summarize(figure: Figure): Summary {
  const sorted = [...figure.values].sort((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  return {
    name: figure.name,
    unit: figure.unit,
    n: sorted.length,
    median,
    quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)],
    atMost: figure.atMost,
    met: figure.atMost === null ? null : median <= figure.atMost,
    note: figure.note ?? "",
  };
}

/** Linear between the two nearest values. @throws when there are none */
export function quantile(sorted: readonly number[], fraction: number): number {
  const at = (sorted.length - 1) * fraction;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new Error("a figure without values");
  return low + (high - low) * (at - Math.floor(at));
}

/** Milliseconds of each of `count` repetitions, after one that is not counted. */
export async function timeEach(count: number, action: () => unknown): Promise<number[]> {
  await action();
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const startedAt = performance.now();
    await action();
    times.push(performance.now() - startedAt);
  }
  return times;
}
