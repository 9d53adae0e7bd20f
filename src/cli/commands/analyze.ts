import { resolve } from "node:path";
import type { Command } from "commander";
import type { CliContext } from "../context.ts";
import { sharedOptions } from "../options.ts";
import { type RunSources, readRuns, sourceOptions, toStudyOptions } from "../read-runs.ts";
import { toBar } from "../terminal.ts";

export function registerAnalyze(program: Command, context: CliContext): void {
  program
    .command("analyze")
    .description("write a report about runs: what they support, figures, tables, and what was left out")
    .argument("[folders...]", "folders of runs, or of single runs")
    .addOption(sourceOptions.metr())
    .addOption(sourceOptions.csv())
    .addOption(sourceOptions.humans())
    .addOption(sourceOptions.scale())
    .addOption(sourceOptions.environments())
    .option("--out <folder>", "folder of the report; a report that is there is replaced", "report")
    .option("--title <text>", "title of the report", "RE-Bench: results of runs")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(
      async (
        folders: readonly string[],
        options: RunSources & { out: string; title: string; json?: boolean },
      ) => {
        const { terminal, version, now } = context;
        // Drawing needs a large library, which no other command should wait for.
        const { assertReplaceable, renderReport, writeReport } = await import("../../analysis/index.ts");
        const out = resolve(options.out);
        assertReplaceable(out);
        const { summary, files } = await renderReport({
          title: options.title,
          madeAt: new Date(now()).toISOString(),
          version,
          table: await readRuns(context, folders, options),
          study: toStudyOptions(options),
          onProgress: (step, fraction) => terminal.progress("report:", `${toBar(fraction)} ${step}`),
        });
        writeReport(out, files);
        terminal.endProgress();
        if (options.json === true) return terminal.printJson({ ...summary, folder: out });
        const { runs, figures, figuresLeftOut, statements } = summary;
        for (const { statement, verdict } of statements) terminal.print(`${statement} ${verdict}`);
        terminal.print(
          `${runs.counted} runs counted of ${runs.read} read; ${runs.leftOut} left out, ${runs.skipped} skipped, ${runs.flagged} flagged`,
        );
        terminal.print(`${figures.length} figures drawn, ${figuresLeftOut.length} left out for want of data`);
        terminal.print(resolve(out, "index.html"));
      },
    );
}
