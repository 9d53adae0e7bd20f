import { type Command, InvalidArgumentError } from "commander";
import type { CliContext } from "../context.ts";
import { parseCount, sharedOptions } from "../options.ts";
import { type RunSources, readRuns, sourceOptions, toStudyOptions } from "../read-runs.ts";

export function registerScoreAtK(program: Command, context: CliContext): void {
  program
    .command("score-at-k")
    .description("expected best score of k runs, by agent, time limit and k, with 95 % intervals")
    .argument("[folders...]", "folders of runs, or of single runs")
    .option("--k <numbers>", "numbers of runs, with commas between", parseCounts, [1, 2, 4, 8, 16])
    .addOption(sourceOptions.metr())
    .addOption(sourceOptions.csv())
    .addOption(sourceOptions.humans())
    .addOption(sourceOptions.scale())
    .addOption(sourceOptions.environments())
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(
      async (folders: readonly string[], options: RunSources & { k: readonly number[]; json?: boolean }) => {
        const { terminal } = context;
        const { createScores, toCellText, toScoreAtKTable, toStudy } = await import(
          "../../analysis/index.ts"
        );
        const table = await readRuns(context, folders, options);
        const study = toStudy(table.rows, toStudyOptions(options));
        const found = toScoreAtKTable(study, createScores(), options.k);
        terminal.endProgress();
        if (options.json === true) {
          const { scale, leftOut } = study;
          return terminal.printJson({
            schemaVersion: 1,
            scale,
            rows: found.rows,
            leftOut,
            skipped: table.skipped,
          });
        }
        terminal.printTable(
          found.columns.map(({ label }) => label),
          found.rows.map((row) =>
            found.columns.map(({ key, format }) => toCellText(row[key] ?? null, format)),
          ),
          found.columns.map(({ format }) => (format === "text" ? "left" : "right")),
        );
        terminal.say(
          `${table.rows.length} runs read, ${study.leftOut.length} left out, ${table.skipped.length} skipped; \`--json\` names them`,
        );
      },
    );
}

function parseCounts(text: string): readonly number[] {
  const counts = text.split(",").map((part) => parseCount(part.trim()));
  if (counts.length === 0) throw new InvalidArgumentError("Give at least one number.");
  return counts;
}
