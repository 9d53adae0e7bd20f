import type { Command } from "commander";
import {
  loadEnvironment,
  type PreparedAssets,
  removeAssets,
  type ScaleName,
} from "../../environment/index.ts";
import { checkEnvironment } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import {
  addGatewayOptions,
  type GatewayOptions,
  openGatewayModels,
  toGatewayChoice,
} from "../gateway-models.ts";
import { parseCount, sharedArguments, sharedOptions } from "../options.ts";
import { prepareWithProgress, resolveAnchorsWithProgress } from "../prepare-environment.ts";
import { toCountBar } from "../terminal.ts";

interface CheckOptions extends GatewayOptions {
  readonly scale: ScaleName;
  readonly rescorings: number;
  readonly preparations: number;
  readonly json?: boolean;
}

/** Adds the command `check-environment`. */
export function registerCheckEnvironment(program: Command, context: CliContext): void {
  const command = program
    .command("check-environment")
    .description(
      "try an environment as reviewers would: anchors, spread, time, hostile submissions and agents",
    )
    .addArgument(sharedArguments.environment())
    .addOption(sharedOptions.scale())
    .option("--rescorings <n>", "scorings of one snapshot for its spread", parseCount, 20)
    .option(
      "--preparations <n>",
      "times that assets, start and reference are made from nothing",
      parseCount,
      1,
    );
  addGatewayOptions(command)
    .addOption(sharedOptions.json())
    .action(async (id: string, options: CheckOptions) => {
      const environment = await loadEnvironment(id, { roots: context.environmentRoots });
      const { open } = await openGatewayModels(context, environment, options.scale, toGatewayChoice(options));
      const host = await context.openHost();
      const { terminal, signal } = context;
      const made: PreparedAssets[] = [];
      try {
        const { checks, anchors } = await checkEnvironment(environment, options.scale, host, {
          rescorings: options.rescorings,
          preparations: options.preparations,
          prepare: async () => {
            const randomSeed = Buffer.from(host.randomBytes(32)).toString("hex");
            const assets = await prepareWithProgress(context, environment, options.scale, host, randomSeed);
            made.push(assets);
            return assets;
          },
          resolveAnchors: (assets) =>
            resolveAnchorsWithProgress(context, {
              ...{ environment, scale: options.scale, assets, host, gatewayModels: open },
            }),
          gatewayModels: open,
          signal,
          onProgress: ({ text, done, total }) =>
            terminal.progress(`checking ${id}`, `${toCountBar(done, total)} ${text}`),
        });
        terminal.endProgress();
        const passed = checks.every((check) => check.passed);
        if (!passed) process.exitCode = 5;
        if (options.json === true)
          return terminal.printJson({ passed, checks, anchors, machine: host.machine });
        for (const check of checks) {
          terminal.print(
            `${terminal.mark(check.passed)} ${check.title}: ${check.found} (allowed: ${check.allowed})`,
          );
        }
        terminal.print(passed ? `${id} passes.` : `${id} does not pass.`);
      } finally {
        await Promise.all(made.map(removeAssets));
      }
    });
}
