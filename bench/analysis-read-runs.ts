import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRunFolders, toRunTable } from "../src/analysis/index.ts";
import { writeRunFolder } from "../src/analysis/testing/index.ts";
import type { Measurement } from "./measurement.ts";

const [folders, turns] = [5_000, 40];

/** Reading many run folders into a table: each chain checked event by event. */
export const analysisReadRuns: Measurement = {
  name: "analysis-read-runs",
  question: `reading ${folders.toLocaleString("en-US")} run folders of ${turns} model calls and ${turns / 4} scorings each?`,
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), "rebench-bench-"));
    try {
      for (let run = 0; run < folders; run += 1) writeRun(folder, `run-${String(run).padStart(5, "0")}`);
      const bytes = readdirSync(folder).reduce(
        (sum, name) => sum + statSync(join(folder, name, "events.jsonl")).size,
        0,
      );
      const startedAt = performance.now();
      const { rows, skipped } = toRunTable(readRunFolders([folder]));
      const seconds = (performance.now() - startedAt) / 1_000;
      if (rows.length !== folders || skipped.length > 0)
        throw new Error(`${rows.length} rows of ${folders} folders`);
      const events = folders * (5 + turns * 2 + (turns / 4) * 2);
      return [
        {
          name: "5,000 folders",
          unit: "s",
          values: [seconds],
          atMost: 20,
          note: `${events.toLocaleString("en-US")} events, ${Math.round(bytes / 2 ** 20)} MB`,
        },
        { name: "· one event", unit: "µs", values: [(seconds / events) * 1e6], atMost: null },
        {
          name: "resident after it",
          unit: "MB",
          values: [process.memoryUsage().rss / 2 ** 20],
          atMost: null,
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

function writeRun(folder: string, runId: string): void {
  const steps = Array.from({ length: turns }, (_, turn) => [
    { modelFrom: turn, minute: turn + 0.5, outputTokens: 500, costUsd: 0.01 },
    ...(turn % 4 === 3 ? [{ minute: turn + 0.75, score: turn / turns }] : []),
  ]).flat();
  writeRunFolder(folder, { runId, steps, end: { minute: 60, reason: "time-limit" } });
}
