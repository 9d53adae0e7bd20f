import { Option } from "commander";
import type { RunTable, StudyOptions } from "../analysis/index.ts";
import type { CliContext } from "./context.ts";

/** Where runs to be analyzed come from, as options say it. */
export interface RunSources {
  readonly metr?: string;
  readonly csv?: string;
  readonly humans: "published" | "none";
  readonly runs: string;
  readonly scale?: "laptop" | "paper";
  readonly environments?: string;
}

/** Options of every command that analyzes runs. */
export const sourceOptions = {
  metr: () => new Option("--metr <file>", "runs as METR published them (runs.jsonl)"),
  csv: () => new Option("--csv <file>", "runs as a table; docs/run-tables.md lists its columns"),
  humans: () =>
    new Option("--humans <which>", "the human attempts that ship with rebench, or none")
      .choices(["published", "none"])
      .default("none"),
  scale: () =>
    new Option("--scale <scale>", "scale of the runs to count; by default that of most of them").choices([
      "laptop",
      "paper",
    ]),
  environments: () =>
    new Option("--environments <ids>", "environments to count, with commas between; by default the seven"),
};

/**
 * Reads every source into one table. Without any, the folder of runs is read.
 *
 * @throws ANALYSIS_INPUT_UNREADABLE, METR_FILE_MISSING, TABLE_HEADER_UNUSABLE
 */
export async function readRuns(
  { terminal }: CliContext,
  folders: readonly string[],
  sources: RunSources,
): Promise<RunTable> {
  const { readHumanAttempts, readRunCsv, readRunFolders, toRunTable } = await import("../analysis/index.ts");
  const { readMetrRuns } = await import("../interop/index.ts");
  const { metr, csv, humans } = sources;
  const hasOther = metr !== undefined || csv !== undefined || humans === "published";
  const runs = folders.length > 0 || hasOther ? folders : [sources.runs];
  terminal.progress("reading runs", [...runs, metr, csv].filter((name) => name !== undefined).join(", "));
  return toRunTable(
    readRunFolders(runs),
    csv === undefined ? [] : readRunCsv(csv),
    metr === undefined ? [] : readMetrRuns(metr, { humans: humans === "published" ? "leave-out" : "read" }),
    humans === "published" ? readHumanAttempts() : [],
  );
}

/** What is to be counted, as options say it. */
export function toStudyOptions({ scale, environments }: RunSources): Omit<StudyOptions, "flagged"> {
  const ids = environments?.split(",").map((id) => id.trim());
  return { scale, environments: ids?.filter((id) => id !== "") };
}
