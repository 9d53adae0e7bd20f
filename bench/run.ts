/**
 * `npm run bench [name…]`: measures this program against its promises and against bare floors. Prints a table and
 * writes `bench/results/<machine>.json`; a partial run replaces only what it measured.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { describeMachine, type MachineDescription } from "../src/machine/index.ts";
import { agentStep } from "./agent-step.ts";
import { analysisReadRuns } from "./analysis-read-runs.ts";
import { analysisReport } from "./analysis-report.ts";
import { analysisScoreAtK } from "./analysis-score-at-k.ts";
import { gatewayLoad } from "./gateway-load.ts";
import { kernelLimit } from "./kernel-limit.ts";
import { type Measurement, type Summary, summarize } from "./measurement.ts";
import { memory } from "./memory.ts";
import { scoringOverhead } from "./scoring-overhead.ts";
import { verifyLog } from "./verify-log.ts";

const measurements: readonly Measurement[] = [
  agentStep,
  memory,
  verifyLog,
  scoringOverhead,
  kernelLimit,
  gatewayLoad,
  analysisScoreAtK,
  analysisReadRuns,
  analysisReport,
];

interface Result {
  readonly measuredAt: string;
  /** Processes that wanted a core, averaged over the last minute; before and after. */
  readonly load: readonly [number, number];
  readonly figures: readonly Summary[];
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !measurements.some((measurement) => measurement.name === name));
if (unknown.length > 0) {
  const known = measurements.map(({ name }) => name).join(", ");
  process.stderr.write(`there is no measurement ${unknown.join(", ")}; known are ${known}\n`);
  process.exit(2);
}

const machine = await describeMachine();
const path = join(import.meta.dirname, "results", `${machine.id}.json`);
const results = new Map(Object.entries(readResults(path)));
process.stdout.write(
  `${machine.cpuModel}, ${machine.cores} cores, ${machine.os}, kernel ${machine.kernel}\n`,
);
let missed = 0;
for (const { name, question, measure } of measurements) {
  if (names.length > 0 && !names.includes(name)) continue;
  process.stdout.write(`\n${styleText("bold", name)}: ${question}\n`);
  const before = loadOfLastMinute();
  const figures = (await measure()).map(summarize);
  const result: Result = {
    measuredAt: new Date().toISOString(),
    load: [before, loadOfLastMinute()],
    figures,
  };
  results.set(name, result);
  printTable(result);
  missed += figures.filter(({ met }) => met === false).length;
  writeResults(path, machine, results);
}
process.stdout.write(`\nwritten to ${path}\n`);
process.exit(missed === 0 ? 0 : 1);

function printTable({ figures, load, measuredAt }: Result): void {
  process.stdout.write(`  ${measuredAt}, load ${load.map((value) => value.toFixed(1)).join(" → ")}\n`);
  const width = Math.max(...figures.map(({ name }) => name.length));
  for (const { name, unit, n, median, quartiles, atMost, met, note } of figures) {
    const spread = n === 1 ? "" : ` (${quartiles.map(toText).join(" – ")})`;
    const target =
      atMost === null
        ? ""
        : `at most ${toText(atMost)}: ${met ? styleText("green", "met") : styleText("red", "MISSED")}`;
    const value = `${toText(median)}${spread} ${unit}`;
    process.stdout.write(`  ${name.padEnd(width)}  n=${String(n).padEnd(5)} ${value.padEnd(34)} ${target}\n`);
    if (note !== "") process.stdout.write(`  ${" ".repeat(width)}  ${styleText("dim", note)}\n`);
  }
}

function toText(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function loadOfLastMinute(): number {
  return loadavg()[0] ?? 0;
}

function readResults(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    const found = typeof value === "object" && value !== null ? Reflect.get(value, "results") : undefined;
    return typeof found === "object" && found !== null ? { ...found } : {};
  } catch {
    return {};
  }
}

function writeResults(file: string, on: MachineDescription, found: ReadonlyMap<string, unknown>): void {
  mkdirSync(join(file, ".."), { recursive: true });
  const order = measurements.map(({ name }) => name).filter((name) => found.has(name));
  const ordered = Object.fromEntries(order.map((name) => [name, found.get(name)]));
  const value = { schemaVersion: 1, machine: on, node: process.versions.node, results: ordered };
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
