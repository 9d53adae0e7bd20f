import type { Command } from "commander";
import { loadEnvironment, type ScaleName } from "../../environment/index.ts";
import { checkEnvironment } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { parseCount, sharedArguments, sharedOptions } from "../options.ts";
import { prepareWithProgress, resolveAnchorsWithProgress } from "../prepare-environment.ts";
import { toCountBar } from "../terminal.ts";

/** Adds the command `check-environment`. */
export function registerCheckEnvironment(program: Command, context: CliContext): void {
  program
    .command("check-environment")
    .description("try an environment as reviewers would: anchors, spread, time, submissions without work")
    .addArgument(sharedArguments.environment())
    .addOption(sharedOptions.scale())
    .option("--rescorings <n>", "scorings of one snapshot for its spread", parseCount, 20)
    .addOption(sharedOptions.json())
    .action(async (id: string, options: { scale: ScaleName; rescorings: number; json?: boolean }) => {
      const environment = await loadEnvironment(id, { roots: context.environmentRoots });
      const host = await context.openHost();
      const assets = await prepareWithProgress(context, environment, options.scale, host);
      const anchors = await resolveAnchorsWithProgress(context, environment, options.scale, assets, host);
      const { terminal, signal } = context;
      const checks = await checkEnvironment(environment, options.scale, assets, anchors, host, {
        rescorings: options.rescorings,
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
    });
}
