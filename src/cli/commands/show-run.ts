import type { Command } from "commander";
import { findRunDirectory, loadRunSummary, toClockText, toConfirmation } from "../../run/index.ts";
import { toResultText } from "../../scoring/index.ts";
import type { CliContext } from "../context.ts";
import { sharedArguments, sharedOptions } from "../options.ts";
import { describeConfirmation, printFacts, toRunJson } from "../report-run.ts";

/** Adds the command `show-run`. */
export function registerShowRun(program: Command, context: CliContext): void {
  program
    .command("show-run")
    .description("show what a run is, its score log and its result")
    .addArgument(sharedArguments.run())
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action((run: string, options: { runs: string; json?: boolean }) => {
      const summary = loadRunSummary(findRunDirectory(run, options.runs));
      const { terminal } = context;
      if (options.json === true) return terminal.printJson(toRunJson(summary));
      printFacts(terminal, summary);
      terminal.print();
      terminal.printTable(
        ["entry", "clock", "result", "snapshot"],
        summary.state.entries.map((entry) => [
          String(entry.index),
          toClockText(entry.clockMs),
          toResultText(entry.result),
          entry.snapshot.treeSha256.slice(0, 12),
        ]),
        ["right", "right", "left", "left"],
      );
      const confirmed = toConfirmation(summary.state, summary.record.environment.score.direction);
      if (confirmed !== null) terminal.print(`\n${describeConfirmation(confirmed)}`);
    });
}
