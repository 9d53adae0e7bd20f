import type { Command } from "commander";
import { findRunDirectory, verifyRun } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { sharedArguments, sharedOptions } from "../options.ts";

/** Adds the command `verify`. */
export function registerVerify(program: Command, context: CliContext): void {
  program
    .command("verify")
    .description("check a run's record, chain, payloads, clock, scores and snapshots against each other")
    .addArgument(sharedArguments.run())
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(async (run: string, options: { runs: string; json?: boolean }) => {
      const verification = await verifyRun(findRunDirectory(run, options.runs));
      const { terminal } = context;
      if (!verification.holds) process.exitCode = 5;
      if (options.json === true) return terminal.printJson(verification);
      for (const { title, problems, checked } of verification.checks) {
        terminal.print(`${terminal.mark(problems.length === 0)} ${title} (${checked})`);
        for (const problem of problems) terminal.print(`    ${problem}`);
      }
      if (verification.tornLastLine) {
        terminal.print("  The last line was cut off while it was written; it was never acknowledged.");
      }
      terminal.print(`${verification.events} events, chain head ${verification.head}`);
      terminal.print(
        verification.holds ? "The run holds." : "The run does not hold: do not use its results.",
      );
    });
}
