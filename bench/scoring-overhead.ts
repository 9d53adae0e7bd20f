import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEnvironmentBench } from "./environment-bench.ts";
import type { Figure, Measurement } from "./measurement.ts";

const rounds = 15;
const signal = new AbortController().signal;

/** What a scoring costs when the judge itself has nothing to do. */
export const scoringOverhead: Measurement = {
  name: "scoring-overhead",
  question: "what does a scoring cost beyond the judge's own work?",
  async measure() {
    return [
      ...(await measureWorkspace("1 file", { files: 1, bytesPerFile: 20 })),
      ...(await measureWorkspace("200 files, 50 MB", { files: 200, bytesPerFile: 250_000 })),
    ];
  },
};

interface Shape {
  readonly files: number;
  readonly bytesPerFile: number;
}

async function measureWorkspace(title: string, shape: Shape): Promise<readonly Figure[]> {
  const workspace = mkdtempSync(join(tmpdir(), "rebench-bench-"));
  const parts = { first: [], total: [], snapshot: [], unpack: [], start: [], answer: [], stop: [] };
  const times: { readonly [Part in keyof typeof parts]: number[] } = parts;
  try {
    fillWorkspace(workspace, shape);
    for (let round = 0; round < 3; round += 1) {
      await using bench = await openEnvironmentBench("quick");
      const startedAt = performance.now();
      const { treeSha256 } = await bench.snapshotFolder(workspace);
      await bench.scorer.judge(treeSha256, signal);
      times.first.push(performance.now() - startedAt);
    }
    await using bench = await openEnvironmentBench("quick");
    await bench.snapshotFolder(workspace);
    for (let round = 0; round < rounds; round += 1) {
      // An agent that changed its solution, and nothing else, since the last scoring.
      writeFileSync(join(workspace, "solution.py"), `LEVEL = ${round}\n`);
      const startedAt = performance.now();
      const { treeSha256 } = await bench.snapshotFolder(workspace);
      const snapshotMs = performance.now() - startedAt;
      const { verdict, timings } = await bench.scorer.judge(treeSha256, signal);
      if (verdict.kind !== "answered") throw new Error(`the judge gave no answer: ${verdict.kind}`);
      times.snapshot.push(snapshotMs);
      times.unpack.push(timings.unpackMs);
      times.start.push(timings.startMs);
      times.answer.push(timings.answerMs);
      times.stop.push(timings.stopMs);
      times.total.push(snapshotMs + timings.totalMs);
    }
  } finally {
    rmSync(workspace, { recursive: true });
  }
  const part = (name: string, values: readonly number[]): Figure => ({
    name: `· ${name}`,
    unit: "ms",
    values,
    atMost: null,
  });
  return [
    {
      name: title,
      unit: "ms",
      values: times.total,
      atMost: 500,
      note: "all of it, the start of Python and the judge's one regular expression included",
    },
    part("snapshot", times.snapshot),
    part("unpack and check", times.unpack),
    part("open the jail", times.start),
    part("start Python, answer", times.answer),
    part("close the jail", times.stop),
    { name: `${title}, for the first time`, unit: "ms", values: times.first, atMost: null },
  ];
}

function fillWorkspace(workspace: string, { files, bytesPerFile }: Shape): void {
  writeFileSync(join(workspace, "solution.py"), "LEVEL = 3\n");
  for (let file = 1; file < files; file += 1) {
    writeFileSync(join(workspace, `data-${file}.bin`), randomBytes(bytesPerFile));
  }
}
