import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type RunTable,
  readHumanAttempts,
  renderReport,
  toRunTable,
  writeReport,
} from "../src/analysis/index.ts";
import { fabricateStudyRows } from "../src/analysis/testing/index.ts";
import { readMetrRuns } from "../src/interop/index.ts";
import type { Measurement } from "./measurement.ts";

const metr = join(import.meta.dirname, "..", "..", "shared", "data", "metr-runs.jsonl");
const rounds = 3;

/** The whole report: reading, numbers with 10,000 resamples each, every figure four times, tables, page. */
export const analysisReport: Measurement = {
  name: "analysis-report",
  question: "the full report of some 1,800 runs, from reading to the files on the disk?",
  async measure() {
    const whole: number[] = [];
    let note = "";
    for (let round = 0; round < rounds; round += 1) {
      const folder = mkdtempSync(join(tmpdir(), "rebench-bench-"));
      try {
        const startedAt = performance.now();
        const table = readTable();
        const { summary, files } = await renderReport({
          title: "Bench",
          madeAt: "2026-01-01T00:00:00.000Z",
          version: "bench",
          table,
        });
        writeReport(join(folder, "report"), files);
        whole.push((performance.now() - startedAt) / 1_000);
        const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
        const { read, skipped } = summary.runs;
        note = `${read + skipped} rows${existsSync(metr) ? "" : " (fabricated: METR's file is not here)"}, ${summary.figures.length} figures, ${files.length} files, ${Math.round(bytes / 2 ** 20)} MB`;
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
    return [
      { name: "full report", unit: "s", values: whole, atMost: 30, note },
      { name: "resident after it", unit: "MB", values: [process.memoryUsage().rss / 2 ** 20], atMost: null },
    ];
  },
};

function readTable(): RunTable {
  if (!existsSync(metr)) return { rows: fabricateStudyRows(65), skipped: [] };
  return toRunTable(readMetrRuns(metr, { humans: "leave-out" }), readHumanAttempts());
}
