import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { analysisErrors } from "../errors.ts";
import type { ReportFile } from "./report.ts";

/** What a report's folder holds; one that holds these and nothing else may be replaced. */
const ownNames: ReadonlySet<string> = new Set(["index.html", "report.json", "figures", "tables"]);

/**
 * Writes a report's files into a folder, all or none: they are written beside it and put in its place at the end. A
 * report that is there is replaced.
 *
 * @throws REPORT_FOLDER_TAKEN when the folder holds anything but a report.
 * @throws REPORT_UNWRITABLE
 */
export function writeReport(folder: string, files: readonly ReportFile[]): void {
  assertReplaceable(folder);
  const draft = `${folder}.draft-${process.pid}`;
  try {
    for (const { path, content } of files) {
      const file = join(draft, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw analysisErrors.REPORT_UNWRITABLE({ path: folder, detail }, cause);
  }
}

/** @throws REPORT_FOLDER_TAKEN; called early, so that no work is done for nothing */
export function assertReplaceable(folder: string): void {
  if (!existsSync(folder)) return;
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    throw analysisErrors.REPORT_FOLDER_TAKEN({ path: folder });
  }
  if (names.some((name) => !ownNames.has(name))) throw analysisErrors.REPORT_FOLDER_TAKEN({ path: folder });
}
