import type { Command } from "commander";
import { findRunDirectory, loadRunRecord, rescoreRun } from "../../run/index.ts";
import { toResultText } from "../../scoring/index.ts";
import type { CliContext } from "../context.ts";
import { openRecorded } from "../launch.ts";
import { parseCount, sharedArguments, sharedOptions } from "../options.ts";
import { toCountBar } from "../terminal.ts";

/** Adds the command `rescore`. */
export function registerRescore(program: Command, context: CliContext): void {
  program
    .command("rescore")
    .description("judge entries of an ended run again from their snapshots, with fresh inputs")
    .addArgument(sharedArguments.run())
    .option("--entry <n>", "this entry only, repeatable; all by default", collectEntry, [])
    .option("--times <n>", "how often each is judged", parseCount, 1)
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(
      async (
        run: string,
        options: { entry: readonly number[]; times: number; runs: string; json?: boolean },
      ) => {
        const paths = findRunDirectory(run, options.runs);
        const { record } = loadRunRecord(paths);
        const { environment, assets, host, gatewayModels } = await openRecorded(context, record);
        const { terminal, signal } = context;
        const entries = options.entry.length === 0 ? "all" : options.entry;
        const outcome = await rescoreRun(
          paths,
          { purpose: "rescore", entries, times: options.times },
          { environment, assets, gatewayModels },
          host,
          {
            signal,
            onRescored: (_, done, total) => terminal.progress("rescoring", toCountBar(done, total)),
          },
        );
        terminal.endProgress();
        if (options.json === true) return terminal.printJson(outcome);
        terminal.printTable(
          ["entry", "judged again"],
          outcome.rescorings.map(({ entry, result }) => [String(entry), toResultText(result)]),
          ["right", "left"],
        );
        terminal.print(`chain head now ${outcome.head}`);
        for (const entry of outcome.dropped) {
          terminal.say(`entry ${entry} was not judged again: the snapshot policy dropped its content`);
        }
      },
    );
}

function collectEntry(text: string, previous: readonly number[]): readonly number[] {
  return [...previous, text === "0" ? 0 : parseCount(text)];
}
