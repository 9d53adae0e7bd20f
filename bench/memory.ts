import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { toSpans } from "./agent-step.ts";
import type { Measurement } from "./measurement.ts";
import { runSteps, startModelServer } from "./scripted-run.ts";

const steps = 2_000;
const mib = 2 ** 20;
/** 250 megabytes. */
const limitMib = 250e6 / mib;

/** What a long run holds in memory and leaves on the disk. */
export const memory: Measurement = {
  name: "memory",
  question: `what does the harness hold after ${steps.toLocaleString("en-US")} steps?`,
  async measure() {
    using server = await startModelServer();
    using run = await runSteps(server.baseUrl, steps, 250);
    const readings = run.memory.map(({ residentBytes }) => residentBytes / mib);
    const course = run.memory.map((r) => `${r.steps}: ${Math.round(r.residentBytes / mib)}`).join(", ");
    return [
      {
        name: `resident after ${steps} steps`,
        unit: "MiB",
        values: readings.slice(-1),
        atMost: limitMib,
        note: course,
      },
      { name: "largest reading", unit: "MiB", values: [Math.max(...readings)], atMost: limitMib },
      {
        name: "last 300 steps",
        unit: "ms",
        values: toSpans(run.events)
          .slice(-300)
          .map(({ total }) => total),
        atMost: null,
        note: "a step with a long history, next to agent-step's short one",
      },
      { name: "event log", unit: "MiB", values: [statSync(run.paths.events).size / mib], atMost: null },
      { name: "texts beside it", unit: "MiB", values: [folderBytes(run.paths.blobs) / mib], atMost: null },
    ];
  },
};

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
