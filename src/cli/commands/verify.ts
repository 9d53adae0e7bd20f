import type { Command } from "commander";
import { findRunDirectory, verifyRun } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { sharedOptions } from "../options.ts";

/** Adds the command `verify`. */
export function registerVerify(program: Command, context: CliContext): void {
  program
    .command("verify")
    .description("check a run's record, chain, payloads, clock, scores and snapshots against each other")
    .argument("<run>", "folder or name of a run, or `last`")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(async (run: string, options: { runs: string; json?: boolean }) => {
      const verification = await verifyRun(findRunDirectory(run, options.runs));
      const { terminal } = context;
      if (!verification.holds) process.exitCode = 5;
      if (options.json === true) return terminal.printJson(verification);
      for (const { title, problems, checked } of verification.checks) {
        const mark = problems.length === 0 ? terminal.style("green", "✓") : terminal.style("red", "✗");
        terminal.print(`${mark} ${title} (${checked})`);
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
