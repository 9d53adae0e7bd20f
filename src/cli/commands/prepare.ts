import type { Command } from "commander";
import { loadEnvironment, type ScaleName } from "../../environment/index.ts";
import type { CliContext } from "../context.ts";
import { sharedArguments, sharedOptions } from "../options.ts";
import { prepareWithProgress } from "../prepare-environment.ts";

/** Adds the command `prepare`. */
export function registerPrepare(program: Command, context: CliContext): void {
  program
    .command("prepare")
    .description("make an environment's assets now instead of at the first run")
    .addArgument(sharedArguments.environment())
    .addOption(sharedOptions.scale())
    .addOption(sharedOptions.json())
    .action(async (id: string, options: { scale: ScaleName; json?: boolean }) => {
      const environment = await loadEnvironment(id, { roots: context.environmentRoots });
      const assets = await prepareWithProgress(context, environment, options.scale, await context.openHost());
      const sizeBytes = assets.files.reduce((sum, file) => sum + file.sizeBytes, 0);
      if (options.json === true) context.terminal.printJson({ ...assets, sizeBytes });
      else {
        const when = assets.preparedNow ? "prepared" : "already prepared";
        context.terminal.print(
          `${id} (${options.scale}): ${when}, ${assets.files.length} files, ${(sizeBytes / 2 ** 20).toFixed(1)} MiB`,
        );
      }
    });
}
