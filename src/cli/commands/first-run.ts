import type { Command } from "commander";
import { doctor, isReadyFor, machineErrors } from "../../machine/index.ts";
import { loadRunSummary, type RunSummary } from "../../run/index.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { launchRun, toPlainRequest } from "../launch.ts";
import { sharedOptions } from "../options.ts";
import { toRunRow } from "../report-run.ts";
import { writeRunPage } from "../write-page.ts";
import { setUp } from "./setup.ts";

const environmentId = "optimize-kernel";

const nextCommands = [
  {
    command: `npx rebench show ${environmentId}`,
    purpose: "Read the task exactly as an agent gets it.",
  },
  {
    command: `npx rebench run ${environmentId} --agent modular --model anthropic/claude-sonnet-4-5 --time 30m`,
    purpose: "Let a language model try (set ANTHROPIC_API_KEY first).",
  },
  { command: "npx rebench log last", purpose: "Read the transcript of the newest run." },
  { command: "npx rebench confirm last", purpose: "Judge its final snapshot again, with fresh inputs." },
];

/** Adds the command `first-run`. */
export function registerFirstRun(program: Command, context: CliContext): void {
  program
    .command("first-run")
    .description("set up, then evaluate the starting solution, the agent tweak and the reference solution")
    .option("--time <duration>", "time budget of tweak", parseDuration, 90_000)
    .option("--out <file>", "page to write", "first-run.html")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(async (options: { time: number; out: string; runs: string; json?: boolean }) => {
      const { terminal } = context;
      await setUp(context);
      const checks = await doctor({ cacheDirectory: context.cacheDirectory, env: context.env });
      if (!isReadyFor("laptop", checks)) {
        const missing = checks.filter(
          ({ status, neededFor }) => status !== "ok" && neededFor.includes("laptop"),
        );
        throw machineErrors.MACHINE_NOT_READY({ missing: missing.map(({ title }) => title) });
      }
      const summaries: RunSummary[] = [];
      for (const agentId of ["solution:starting", "tweak", "solution:reference"]) {
        const request = { environmentId, scale: "laptop", agentId } as const;
        const { paths, outcome } = await launchRun(
          context,
          toPlainRequest({ ...request, timeMs: options.time, runsDirectory: options.runs }),
        );
        summaries.push(loadRunSummary(paths));
        if (outcome.status === "interrupted") {
          terminal.say(`continue with: rebench resume ${paths.root}`);
          process.exitCode = 130;
          return;
        }
      }
      const page = await writeRunPage(context, {
        file: options.out,
        title: "First run: Optimize a Kernel at laptop scale",
        runs: summaries,
        next: nextCommands,
      });
      if (options.json === true)
        return terminal.printJson({ page, runs: summaries.map(({ paths }) => paths.root) });
      terminal.print();
      terminal.printTable(
        ["agent", "state", "raw", "normalized", "scorings", "clock"],
        summaries.map(toRunRow),
        ["left", "left", "right", "right", "right", "right"],
      );
      terminal.print(`\nThe score over time: ${page}\n\nNext:`);
      for (const { command, purpose } of nextCommands) terminal.print(`  ${command}\n      ${purpose}`);
    });
}
