import type { Command } from "commander";
import type { Comparison, Group } from "../../analysis/index.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { cliErrors } from "../errors.ts";
import { sharedOptions } from "../options.ts";
import { type RunSources, readRuns, sourceOptions, toStudyOptions } from "../read-runs.ts";

export function registerCompare(program: Command, context: CliContext): void {
  program
    .command("compare")
    .description("the difference of two agents, paired by environment, with a 95 % interval")
    .argument(
      "<left>",
      'agent, as `rebench score-at-k` names it; with its time limit where it has several: "name, 2 h"',
    )
    .argument("<right>", "agent to compare with")
    .argument("[folders...]", "folders of runs, or of single runs")
    .option(
      "--total <duration>",
      "best of as many runs as this time pays for (8h); by default one run each",
      parseDuration,
    )
    .addOption(sourceOptions.metr())
    .addOption(sourceOptions.csv())
    .addOption(sourceOptions.humans())
    .addOption(sourceOptions.scale())
    .addOption(sourceOptions.environments())
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(
      async (
        left: string,
        right: string,
        folders: readonly string[],
        options: RunSources & { total?: number; json?: boolean },
      ) => {
        const { terminal } = context;
        const { compareAgents, findGroup, toRunsFor, toStudy } = await import("../../analysis/index.ts");
        const table = await readRuns(context, folders, options);
        const study = toStudy(table.rows, toStudyOptions(options));
        terminal.endProgress();
        const toSide = (name: string) => {
          const group = findGroup(study, name);
          const k = options.total === undefined ? 1 : toRunsFor(options.total, group.timeMs);
          if (k !== null) return { group, side: { cells: group.arm.cells, k } };
          const problem = `the total time is shorter than one run of ${group.name}`;
          throw cliErrors.USAGE_WRONG({ problem, command: "compare" });
        };
        const sides = [toSide(left), toSide(right)] as const;
        const comparison = compareAgents(sides[0].side, sides[1].side);
        if (options.json === true) {
          const [a, b] = sides.map(({ group, side }) => ({ agent: group.name, k: side.k }));
          return terminal.printJson({ schemaVersion: 1, scale: study.scale, left: a, right: b, comparison });
        }
        printComparison(
          context,
          sides.map(({ group }) => group),
          sides.map(({ side }) => side.k),
          comparison,
        );
      },
    );
}

function printComparison(
  { terminal }: CliContext,
  groups: readonly Group[],
  ks: readonly number[],
  comparison: Comparison,
): void {
  const names = groups.map(({ name }, index) => (ks[index] === 1 ? name : `${name}, best of ${ks[index]}`));
  const [left = "", right = ""] = names;
  if (comparison.kind === "refused") terminal.print(`cannot be compared: ${comparison.reason}`);
  else {
    terminal.printTable(
      ["environment", left, "runs", right, "runs", "difference"],
      comparison.environments.map(({ environment, left: one, right: other }) => [
        environment,
        one.value.toFixed(2),
        String(one.n),
        other.value.toFixed(2),
        String(other.n),
        (one.value - other.value).toFixed(2),
      ]),
      ["left", "right", "right", "right", "right", "right"],
    );
    terminal.print();
    const { difference, interval, ratio, shareLeftAhead } = comparison;
    terminal.print(`difference  ${difference.toFixed(2)}  ${toRangeText(interval)}`);
    terminal.print(
      ratio.kind === "refused"
        ? `ratio       none: ${ratio.reason}`
        : `ratio       ${ratio.value.toFixed(2)}  ${toRangeText(ratio.interval)}`,
    );
    if (shareLeftAhead !== null)
      terminal.print(`${left} is ahead in ${(shareLeftAhead * 100).toFixed(1)} % of resamples`);
  }
  for (const { environment, reason } of comparison.missing)
    terminal.print(`without ${environment}: ${reason}`);
}

function toRangeText(interval: Extract<Comparison, { kind: "compared" }>["interval"]): string {
  return interval.kind === "refused"
    ? `no interval: ${interval.reason}`
    : `95 % interval ${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`;
}
