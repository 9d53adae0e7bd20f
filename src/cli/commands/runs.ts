import type { Command } from "commander";
import { listRunNames } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { loadSummaries } from "../load-summaries.ts";
import { sharedOptions } from "../options.ts";
import { toRunJson, toRunRow } from "../report-run.ts";

/** Adds the command `runs`. */
export function registerRuns(program: Command, context: CliContext): void {
  program
    .command("runs")
    .description("list the runs, oldest first")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action((options: { runs: string; json?: boolean }) => {
      const { terminal } = context;
      const summaries = loadSummaries(context, options.runs);
      if (options.json === true) return terminal.printJson(summaries.map(toRunJson));
      if (listRunNames(options.runs).length === 0) {
        return terminal.say(`no runs in ${options.runs}: start one with \`rebench run\``);
      }
      if (summaries.length === 0) return;
      terminal.printTable(
        ["run", "agent", "state", "raw", "normalized", "scorings", "clock"],
        summaries.map((summary) => [summary.record.runId, ...toRunRow(summary)]),
        ["left", "left", "left", "right", "right", "right", "right"],
      );
    });
}
