import { openEnvironmentBench } from "./environment-bench.ts";
import type { Measurement } from "./measurement.ts";

const rounds = 5;

/** The reference kernel next to what this machine's memory allows, both measured by the judge itself. */
export const kernelLimit: Measurement = {
  name: "kernel-limit",
  question: "how far from the memory-bandwidth limit is the reference of optimize-kernel?",
  async measure() {
    const { signal } = new AbortController();
    await using bench = await openEnvironmentBench("optimize-kernel");
    const { treeSha256 } = await bench.snapshotSolution("reference", signal);
    const raw: number[] = [];
    const limit: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const { verdict, log } = await bench.scorer.judge(treeSha256, signal);
      if (verdict.kind !== "answered" || verdict.answer.result !== "scored") {
        throw new Error(`the reference was not scored: ${JSON.stringify(verdict)}\n${log}`);
      }
      raw.push(verdict.answer.raw);
      if (verdict.answer.plausibleLimit !== undefined) limit.push(verdict.answer.plausibleLimit);
    }
    const toMs = (values: readonly number[]): number[] => values.map(Math.exp);
    return [
      { name: "reference", unit: "ln(ms)", values: raw, atMost: null },
      { name: "reference", unit: "ms", values: toMs(raw), atMost: null },
      {
        name: "limit",
        unit: "ms",
        values: toMs(limit),
        atMost: null,
        note: "the judge's plausibility limit, from the bandwidth it measures in the same scoring",
      },
      {
        name: "reference / limit",
        unit: "times",
        values: raw.map((value, round) => Math.exp(value - (limit[round] ?? Number.NaN))),
        atMost: null,
      },
    ];
  },
};
