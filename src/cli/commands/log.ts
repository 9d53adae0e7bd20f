import type { Command } from "commander";
import {
  BlobStore,
  findRunDirectory,
  loadRunRecord,
  readSoundEvents,
  toClockText,
  toDisplayLine,
  toDisplayText,
  toTranscript,
} from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { sharedArguments, sharedOptions } from "../options.ts";

const shortLines = 12;
const longestTitle = 300;

/** Adds the command `log`. */
export function registerLog(program: Command, context: CliContext): void {
  program
    .command("log")
    .description("print a run's transcript, readable")
    .addArgument(sharedArguments.run())
    .option("--full", "whole texts instead of their first lines")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action((run: string, options: { full?: boolean; runs: string; json?: boolean }) => {
      const paths = findRunDirectory(run, options.runs);
      const { terminal } = context;
      const { sha256 } = loadRunRecord(paths);
      const items = toTranscript(readSoundEvents(paths.events, sha256), new BlobStore(paths.blobs));
      if (options.json === true) return terminal.printJson([...items]);
      for (const { clockMs, who, title, body } of items) {
        const head = `${toClockText(clockMs).padStart(7)}  ${who.padEnd(7)}  `;
        terminal.print(
          `${terminal.style("dim", head)}${terminal.style("bold", toDisplayLine(title, longestTitle))}`,
        );
        const lines = toDisplayText(body).trimEnd().split("\n");
        const shown = options.full === true ? lines : lines.slice(0, shortLines);
        if (body !== "") for (const line of shown) terminal.print(`${" ".repeat(18)}${line}`);
        if (shown.length < lines.length) {
          terminal.print(
            terminal.style("dim", `${" ".repeat(18)}… ${lines.length - shown.length} more lines (--full)`),
          );
        }
      }
    });
}
