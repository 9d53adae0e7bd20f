import type { Command } from "commander";
import { findRunDirectory, listRunNames, loadRunSummary } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { sharedOptions } from "../options.ts";
import { writeRunPage } from "../write-page.ts";

/** Adds the command `page`. */
export function registerPage(program: Command, context: CliContext): void {
  program
    .command("page")
    .description("write one self-contained page about some runs, with the score over time")
    .argument("[runs...]", "folders or names of runs; all by default")
    .option("--out <file>", "page to write", "runs.html")
    .option("--title <text>", "its title", "Runs")
    .addOption(sharedOptions.runs())
    .action(async (runs: readonly string[], options: { out: string; title: string; runs: string }) => {
      const names = runs.length === 0 ? listRunNames(options.runs) : runs;
      const path = await writeRunPage(context, {
        file: options.out,
        title: options.title,
        runs: names.map((run) => loadRunSummary(findRunDirectory(run, options.runs))),
        next: [{ command: "npx rebench verify <run>", purpose: "Check that a run holds." }],
      });
      context.terminal.print(path);
    });
}
