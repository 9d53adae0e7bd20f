import type { Command } from "commander";
import { type Anchor, loadEnvironment, type ScaleName } from "../../environment/index.ts";
import type { CliContext } from "../context.ts";
import { parseCount, sharedArguments, sharedOptions } from "../options.ts";
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
    .addArgument(sharedArguments.environment())
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
        [toAnchorRow("start (0)", anchors.start), toAnchorRow("reference (1)", anchors.reference)],
        ["left", "right", "right", "right"],
      );
    });
}

function toAnchorRow(label: string, { raw, n, standardDeviation }: Anchor): readonly string[] {
  return [label, raw.toFixed(4), standardDeviation?.toFixed(4) ?? "unknown", `${n ?? "?"}`];
}
