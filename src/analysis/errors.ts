import { defineErrors } from "../errors/index.ts";

/** Everything this folder throws on purpose. */
export const analysisErrors = defineErrors({
  FIGURE_UNRENDERABLE: {
    fault: "platform",
    exitCode: 4,
    message: (d: { id: string; problem: string }) => `the figure "${d.id}" could not be drawn: ${d.problem}`,
    remedy: () =>
      "report this with the figure's rows; the run folders are untouched and every number in them stands",
  },
  FONT_UNUSABLE: {
    fault: "platform",
    exitCode: 3,
    message: (d: { path: string; problem: string }) => `the font ${d.path} cannot be used: ${d.problem}`,
    remedy: () => "reinstall rebench: its fonts ship inside the package, under assets/fonts",
  },
  ANALYSIS_INPUT_UNREADABLE: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; problem: string }) => `cannot read ${d.path}: ${d.problem}`,
    remedy: () => "check the path; runs lie under `runs/` unless `--runs` said otherwise",
  },
  RUN_SCORES_INCONSISTENT: {
    fault: "platform",
    exitCode: 5,
    message: (d: { path: string; entry: number; normalized: number; expected: number }) =>
      `${d.path}: entry ${d.entry} says normalized ${d.normalized}, but its raw score gives ${d.expected}`,
    remedy: () =>
      "see what else does not hold with `rebench verify`; results of such a run are not to be used",
  },
  TABLE_HEADER_UNUSABLE: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; problem: string; columns: readonly string[] }) =>
      `the first line of ${d.path} ${d.problem}`,
    remedy: (d: { path: string; problem: string; columns: readonly string[] }) =>
      `name the columns in the first line; known are ${d.columns.join(", ")}`,
  },
  REPORT_FOLDER_TAKEN: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string }) => `${d.path} is there and holds more than a report of rebench`,
    remedy: () => "name another folder with `--out`, or empty this one",
  },
  REPORT_UNWRITABLE: {
    fault: "caller",
    exitCode: 3,
    message: (d: { path: string; detail: string }) => `cannot write the report ${d.path}: ${d.detail}`,
    remedy: () => "name a folder in a place that you may write to with `--out`; no half report is left",
  },
  AGENT_NOT_IN_RUNS: {
    fault: "caller",
    exitCode: 2,
    message: (d: { name: string; known: readonly string[]; isSeveral: boolean }) =>
      d.isSeveral ? `${d.name} has runs of several time limits` : `no run of ${d.name} counts`,
    remedy: (d: { name: string; known: readonly string[]; isSeveral: boolean }) =>
      d.known.length === 0
        ? "no run counts at all: name folders of runs, or a file with `--metr` or `--csv`"
        : `name one of ${d.known.join(", ")}`,
  },
  STATISTIC_ARGUMENT_UNUSABLE: {
    fault: "platform",
    exitCode: 4,
    message: (d: { name: string; value: unknown; wanted: string }) =>
      `${d.name} is ${String(d.value)}, where ${d.wanted} is wanted`,
    remedy: () => "report this as a bug: the value is checked before statistics are asked for",
  },
});
