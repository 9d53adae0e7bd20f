import type { Command } from "commander";
import { loadEnvironment, renderInstructions, type ScaleName } from "../../environment/index.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { sharedArguments, sharedOptions } from "../options.ts";

/** Adds the command `show`. */
export function registerShow(program: Command, context: CliContext): void {
  program
    .command("show")
    .description("print an environment's instructions exactly as an agent gets them")
    .addArgument(sharedArguments.environment())
    .addOption(sharedOptions.scale())
    .option("--time <duration>", "time limit to write into them; the scale's own by default", parseDuration)
    .option("--hidden", "the variant in which scores are not shown")
    .addOption(sharedOptions.json())
    .action(
      async (id: string, options: { scale: ScaleName; time?: number; hidden?: boolean; json?: boolean }) => {
        const environment = await loadEnvironment(id, { roots: context.environmentRoots });
        const { manifest, sha256 } = environment;
        const visible = options.hidden === true ? false : manifest.score.visible;
        const timeLimitMs = options.time ?? manifest.scales[options.scale].timeLimitMinutes * 60_000;
        const instructions = await renderInstructions(environment, options.scale, { visible, timeLimitMs });
        if (options.json === true) context.terminal.printJson({ ...manifest, sha256, instructions });
        else context.terminal.print(instructions);
      },
    );
}
