import type { Command } from "commander";
import { doctor, isReadyFor, type MachineCheck, setupDevelopmentTools } from "../../machine/index.ts";
import type { CliContext } from "../context.ts";
import { sharedOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** Adds the command `doctor`. */
export function registerDoctor(program: Command, context: CliContext): void {
  program
    .command("doctor")
    .description("show what this machine has and lacks, what that means and what to do")
    .addOption(sharedOptions.json())
    .addOption(sharedOptions.runs())
    .option(
      "--print-python",
      "print the path of the Python that the project's own tests use, and nothing else",
    )
    .action(async (options: { json?: boolean; runs: string; printPython?: boolean }) => {
      const { cacheDirectory, env, terminal } = context;
      if (options.printPython === true) {
        const { python } = await setupDevelopmentTools({ cacheDirectory, env });
        terminal.print(python);
        return;
      }
      const checks = await doctor({ cacheDirectory, runsDirectory: options.runs, env });
      const ready = { laptop: isReadyFor("laptop", checks), paper: isReadyFor("paper", checks) };
      if (options.json === true) terminal.printJson({ ready, checks });
      else printChecks(terminal, checks, ready);
      if (!ready.laptop) process.exitCode = 3;
    });
}

const marks = { ok: ["green", "✓"], warning: ["yellow", "!"], missing: ["red", "✗"] } as const;

function printChecks(
  terminal: Terminal,
  checks: readonly MachineCheck[],
  ready: { readonly laptop: boolean; readonly paper: boolean },
): void {
  const width = Math.max(...checks.map(({ title }) => title.length));
  for (const check of checks) {
    const [color, mark] = marks[check.status];
    terminal.print(`${terminal.style(color, mark)} ${check.title.padEnd(width)}  ${check.found}`);
    const indent = " ".repeat(width + 4);
    if (check.means !== "") terminal.print(`${indent}${check.means}`);
    if (check.remedy !== "") terminal.print(`${indent}→ ${check.remedy}`);
  }
  terminal.print();
  terminal.print(
    ready.laptop ? "Ready for laptop scale." : "Not ready for laptop scale: see the marks above.",
  );
  terminal.print(ready.paper ? "Ready for paper scale." : "Not ready for paper scale (H100 GPUs).");
}
