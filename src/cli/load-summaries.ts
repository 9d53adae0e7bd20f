import { join } from "node:path";
import { isRebenchError } from "../errors/index.ts";
import { listRunNames, loadRunSummary, type RunSummary, toRunPaths } from "../run/index.ts";
import type { CliContext } from "./context.ts";

/** Every run of a folder, oldest first. One that cannot be read is named, passed over, and sets the exit code. */
export function loadSummaries({ terminal }: CliContext, runsDirectory: string): readonly RunSummary[] {
  return listRunNames(runsDirectory).flatMap((name) => {
    try {
      return [loadRunSummary(toRunPaths(join(runsDirectory, name)))];
    } catch (error) {
      if (!isRebenchError(error)) throw error;
      terminal.say(`${name} cannot be read: ${error.message}\n  ${error.remedy}`);
      process.exitCode = error.exitCode;
      return [];
    }
  });
}
