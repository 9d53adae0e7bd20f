import type { Command } from "commander";
import {
  findRunDirectory,
  loadRunRecord,
  loadRunSummary,
  rescoreRun,
  toConfirmation,
} from "../../run/index.ts";
import { toResultText } from "../../scoring/index.ts";
import type { CliContext } from "../context.ts";
import { openRecorded } from "../launch.ts";
import { parseCount, sharedArguments, sharedOptions } from "../options.ts";
import { describeConfirmation } from "../report-run.ts";
import { toCountBar } from "../terminal.ts";

/** Adds the command `confirm`. */
export function registerConfirm(program: Command, context: CliContext): void {
  program
    .command("confirm")
    .description("judge a run's final snapshot k more times: median and interval")
    .addArgument(sharedArguments.run())
    .option("-k, --times <k>", "fresh scorings", parseCount, 7)
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(async (run: string, options: { times: number; runs: string; json?: boolean }) => {
      const paths = findRunDirectory(run, options.runs);
      const { record } = loadRunRecord(paths);
      const { environment, assets, host, gatewayModels } = await openRecorded(context, record);
      const { terminal, signal } = context;
      const { head } = await rescoreRun(
        paths,
        { purpose: "confirm", times: options.times },
        { environment, assets, gatewayModels },
        host,
        {
          signal,
          onRescored: ({ result }, done, total) =>
            terminal.progress("confirming", `${toCountBar(done, total)} · ${toResultText(result)}`),
        },
      );
      terminal.endProgress();
      const confirmed = toConfirmation(loadRunSummary(paths).state, record.environment.score.direction);
      if (options.json === true) return terminal.printJson({ ...confirmed, head });
      if (confirmed !== null) terminal.print(describeConfirmation(confirmed));
      terminal.print(`chain head now ${head}`);
    });
}
