import type { Command } from "commander";
import { findRunDirectory } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { resumeRun } from "../launch.ts";
import { sharedArguments, sharedOptions } from "../options.ts";
import { reportLaunched } from "../report-run.ts";

/** Adds the command `resume`. */
export function registerResume(program: Command, context: CliContext): void {
  program
    .command("resume")
    .description("continue a run that was interrupted or killed")
    .addArgument(sharedArguments.run())
    .option("--base-url <url>", "address of the model's API: when it has changed, or is not of this machine")
    .option("--gateway-base-url <url>", "the same for the models that programs ask")
    .option("--prices <file>", "prices that add to or override the built-in table")
    .option("--model-timeout <duration>", "longest time of one attempt at a model call", parseDuration)
    .option("--i-trust-this-agent", "go on with the driver host, which isolates nothing")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(
      async (
        run: string,
        options: {
          baseUrl?: string;
          gatewayBaseUrl?: string;
          prices?: string;
          modelTimeout?: number;
          iTrustThisAgent?: boolean;
          runs: string;
          json?: boolean;
        },
      ) => {
        const launched = await resumeRun(context, findRunDirectory(run, options.runs), {
          baseUrl: options.baseUrl ?? null,
          gatewayBaseUrl: options.gatewayBaseUrl ?? null,
          pricesFile: options.prices ?? null,
          attemptTimeoutMs: options.modelTimeout ?? null,
          trustsAgent: options.iTrustThisAgent === true,
        });
        reportLaunched(context, launched, options.json === true);
      },
    );
}
