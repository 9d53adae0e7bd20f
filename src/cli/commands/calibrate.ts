import type { Command } from "commander";
import { type Anchor, loadEnvironment, type ScaleName } from "../../environment/index.ts";
import type { CliContext } from "../context.ts";
import {
  addGatewayOptions,
  type GatewayOptions,
  openGatewayModels,
  toGatewayChoice,
} from "../gateway-models.ts";
import { parseCount, sharedArguments, sharedOptions } from "../options.ts";
import {
  calibrateWithProgress,
  defaultCalibrationScorings,
  prepareWithProgress,
} from "../prepare-environment.ts";

interface CalibrateOptions extends GatewayOptions {
  readonly scale: ScaleName;
  readonly scorings: number;
  readonly json?: boolean;
}

/** Adds the command `calibrate`. */
export function registerCalibrate(program: Command, context: CliContext): void {
  const command = program
    .command("calibrate")
    .description("measure an environment's anchors on this machine")
    .addArgument(sharedArguments.environment())
    .addOption(sharedOptions.scale())
    .option("--scorings <n>", "scorings of each solution", parseCount, defaultCalibrationScorings);
  addGatewayOptions(command)
    .addOption(sharedOptions.json())
    .action(async (id: string, options: CalibrateOptions) => {
      const environment = await loadEnvironment(id, { roots: context.environmentRoots });
      const { open } = await openGatewayModels(context, environment, options.scale, toGatewayChoice(options));
      const host = await context.openHost();
      const assets = await prepareWithProgress(context, environment, options.scale, host);
      const scorable = { environment, scale: options.scale, assets, host, gatewayModels: open };
      const anchors = await calibrateWithProgress(context, scorable, options.scorings);
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
