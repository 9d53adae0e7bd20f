import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Cell, scoreAtKAcross } from "../src/analysis/index.ts";
import { loadToolchain } from "../src/machine/index.ts";
import { createSeededRandom } from "../src/run/index.ts";
import type { Measurement } from "./measurement.ts";

const [environments, runs, k, resamples, draws, rounds] = [7, 500, 4, 10_000, 500, 5];

interface Peer {
  readonly seconds: number;
  readonly mean: number;
  readonly deviation: number;
}

/** score@k with its interval, next to NumPy on the same numbers in the same minute. */
export const analysisScoreAtK: Measurement = {
  name: "analysis-score-at-k",
  question: `score@${k} with ${resamples.toLocaleString("en-US")} resamples over ${environments} environments × ${runs} runs, on one core?`,
  async measure() {
    const cells = toCells();
    const own: number[] = [];
    const simulation: number[] = [];
    const closedForm: number[] = [];
    let peers: Record<"simulation" | "closedForm", Peer> | undefined;
    let width = 0;
    const python = await findPython();
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      const across = scoreAtKAcross(cells, k, "with-replacement", { resamples, seed: `round ${round}` });
      own.push((performance.now() - startedAt) / 1_000);
      if (across.kind === "estimated" && across.interval.kind === "interval") {
        width = across.interval.high - across.interval.low;
      }
      peers = askNumpy(python, cells);
      simulation.push(peers.simulation.seconds);
      closedForm.push(peers.closedForm.seconds);
    }
    const ratios = (of: readonly number[]) =>
      of.map((seconds, round) => seconds / (own[round] ?? Number.NaN));
    const wider = (peers?.simulation.deviation ?? 0) / (peers?.closedForm.deviation ?? 1) - 1;
    const widths = `95 % interval ${width.toFixed(4)} wide; NumPy's closed form gives ${((peers?.closedForm.deviation ?? 0) * 3.92).toFixed(4)}`;
    return [
      { name: "score@k and interval", unit: "s", values: own, atMost: 1, note: widths },
      {
        name: "peer: NumPy, sampling",
        unit: "s",
        values: simulation,
        atMost: null,
        note: `vectorised, one thread, ${draws} draws of ${k} a resample; its noise widens the interval by ${(wider * 100).toFixed(0)} %`,
      },
      {
        name: "· times ours",
        unit: "×",
        values: ratios(simulation),
        atMost: null,
        note: "wanted: at least 5",
      },
      {
        name: "peer: NumPy, closed form",
        unit: "s",
        values: closedForm,
        atMost: null,
        note: "the same formula, vectorised",
      },
      { name: "· times ours", unit: "×", values: ratios(closedForm), atMost: null },
    ];
  },
};

function toCells(): readonly Cell[] {
  const random = createSeededRandom("bench");
  return Array.from({ length: environments }, (_, environment) => ({
    environment: `environment ${environment}`,
    values: Array.from({ length: runs }, () => Math.max(0, random.next() * 2 - 0.7)),
    runIds: Array.from({ length: runs }, (_, run) => `${environment}-${run}`),
    worthNothing: [],
  }));
}

function askNumpy(python: string, cells: readonly Cell[]): Record<"simulation" | "closedForm", Peer> {
  const input = JSON.stringify({ values: cells.map(({ values }) => values), k, resamples, draws });
  const threads = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const script = join(import.meta.dirname, "analysis-score-at-k.py");
  return JSON.parse(
    execFileSync(python, [script], { input, env: { ...process.env, ...threads } }).toString(),
  );
}

async function findPython(): Promise<string> {
  return (await loadToolchain()).hostPython;
}
