import type { Command } from "commander";
import { loadEnvironment, type ScaleName } from "../../environment/index.ts";
import type { CliContext } from "../context.ts";
import { parseCount, sharedOptions } from "../options.ts";
import {
  calibrateWithProgress,
  defaultCalibrationScorings,
  prepareWithProgress,
} from "../prepare-environment.ts";

/** Adds the command `calibrate`. */
export function registerCalibrate(program: Command, context: CliContext): void {
  program
    .command("calibrate")
    .description("measure an environment's anchors on this machine")
    .argument("<environment>")
    .addOption(sharedOptions.scale())
    .option("--scorings <n>", "scorings of each solution", parseCount, defaultCalibrationScorings)
    .addOption(sharedOptions.json())
    .action(async (id: string, options: { scale: ScaleName; scorings: number; json?: boolean }) => {
      const environment = await loadEnvironment(id, { roots: context.environmentRoots });
      const host = await context.openHost();
      const assets = await prepareWithProgress(context, environment, options.scale, host);
      const anchors = await calibrateWithProgress(
        context,
        environment,
        options.scale,
        assets,
        host,
        options.scorings,
      );
      const { terminal } = context;
      if (options.json === true) return terminal.printJson({ ...anchors, machine: host.machine });
      const { name, unit } = environment.manifest.score;
      terminal.printTable(
        ["anchor", `${name} (${unit})`, "standard deviation", "n"],
        [
          ["start (0)", anchors.start],
          ["reference (1)", anchors.reference],
        ].map(([label, anchor]) =>
          typeof anchor === "string" || typeof label !== "string" || anchor === undefined
            ? []
            : [
                label,
                anchor.raw.toFixed(4),
                anchor.standardDeviation?.toFixed(4) ?? "unknown",
                `${anchor.n ?? "?"}`,
              ],
        ),
        ["left", "right", "right", "right"],
      );
    });
}
