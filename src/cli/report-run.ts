import { assertNever } from "../errors/index.ts";
import { loadRunSummary, type RunSummary, toClockText, toConfirmation, toDisplayLine } from "../run/index.ts";
import type { Level } from "../scoring/index.ts";
import type { CliContext } from "./context.ts";
import type { Launched } from "./launch.ts";
import type { Terminal } from "./terminal.ts";

const longestFact = 2_000;

/** Prints how a run came out, and sets the exit code: 4 where it failed through no fault of the agent. */
export function reportLaunched(context: CliContext, { paths, outcome }: Launched, json: boolean): void {
  const { terminal } = context;
  const summary = loadRunSummary(paths);
  if (outcome.status === "interrupted") process.exitCode = 130;
  else if (outcome.state.ending?.reason === "platform-failed") process.exitCode = 4;
  if (json) {
    terminal.printJson(toRunJson(summary));
    return;
  }
  printFacts(terminal, summary);
  if (outcome.status === "interrupted")
    terminal.say(`\ncontinue with: rebench resume ${summary.record.runId}`);
}

/** A run in a table: agent, state, raw, normalized, scorings, clock. */
export function toRunRow(summary: RunSummary): readonly string[] {
  const { record, state, final } = summary;
  const result = final.logged.kind === "entry" ? final.logged.entry.result : null;
  const actor = record.model === null ? record.agent.id : `${record.agent.id} · ${record.model.id}`;
  return [
    toDisplayLine(actor, longestFact),
    toDisplayLine(toStateText(summary), longestFact),
    result?.raw.toFixed(4) ?? "none",
    result?.normalized.toFixed(3) ?? "none",
    String(state.entries.length),
    toClockText(state.clock.elapsedMs),
  ];
}

function toStateText({ state }: RunSummary): string {
  switch (state.phase) {
    case "ended":
      return state.ending?.reason ?? "ended";
    case "created":
      return "not started";
    case "running":
      // Whoever holds the lock is still at it; otherwise it was killed.
      return "running or killed";
    case "interrupted":
      return state.interruption === null ? "interrupted" : `interrupted: ${state.interruption}`;
    default:
      return assertNever(state.phase);
  }
}

/** The facts of a run as lines. */
export function printFacts(terminal: Terminal, summary: RunSummary): void {
  const { record, state, final, head, paths } = summary;
  const { environment, budget } = record;
  const { gateway } = state.usage;
  const gatewayCalls = Object.values(gateway.calls).reduce((sum, count) => sum + count, 0);
  const { start, reference, provenance } = environment.anchors;
  const where =
    provenance.kind === "published" ? provenance.source : `${provenance.machine}, ${provenance.measuredAt}`;
  const result = final.logged.kind === "entry" ? final.logged.entry : null;
  const facts: readonly (readonly [string, string])[] = [
    ["run", record.runId],
    ["environment", `${environment.title} (${environment.id}, ${environment.scale} scale)`],
    ["agent", record.model === null ? record.agent.id : `${record.agent.id} with ${record.model.id}`],
    ["state", `${toStateText(summary)}${state.ending === null ? "" : `: ${state.ending.message}`}`],
    ["clock", `${toClockText(state.clock.elapsedMs)} of ${toClockText(budget.timeMs)}`],
    [
      "score",
      result === null
        ? "none"
        : `normalized ${result.result.normalized.toFixed(3)}, raw ${result.result.raw.toFixed(4)} ${environment.score.unit} (entry ${result.index}, ${environment.score.final} of ${state.entries.length})`,
    ],
    ...(final.underReview.length === 0
      ? []
      : [["for review", `entries ${final.underReview.join(", ")} are better than physics allows`] as const]),
    ["anchors", `start ${start.raw.toFixed(4)}, reference ${reference.raw.toFixed(4)} (${where})`],
    [
      "model",
      state.usage.modelCalls === 0
        ? "not used"
        : `${state.usage.modelCalls} calls, ${state.usage.inputTokens - gateway.inputTokens} + ${state.usage.outputTokens - gateway.outputTokens} tokens`,
    ],
    ...(gatewayCalls === 0
      ? []
      : [
          [
            "gateway",
            `${gatewayCalls} calls, ${gateway.inputTokens} + ${gateway.outputTokens} tokens`,
          ] as const,
        ]),
    ...(state.usage.modelCalls + gatewayCalls === 0
      ? []
      : [
          [
            "cost",
            state.usage.costUsd === null ? "price not known" : `$${state.usage.costUsd.toFixed(4)}`,
          ] as const,
        ]),
    ["chain head", head],
    ["folder", paths.root],
  ];
  for (const [name, value] of facts) {
    // On one line: a value with a line feed in it could pass for another fact.
    terminal.print(`${terminal.style("dim", name.padEnd(12))} ${toDisplayLine(value, longestFact)}`);
  }
}

/** A run for machines. */
export function toRunJson(summary: RunSummary): unknown {
  const { record, state, final, head, paths } = summary;
  const logged = final.logged.kind === "entry" ? final.logged.entry : null;
  return {
    schemaVersion: 1,
    runId: record.runId,
    folder: paths.root,
    environment: record.environment.id,
    scale: record.environment.scale,
    agent: record.agent,
    model: record.model,
    phase: state.phase,
    ending: state.ending,
    clockMs: state.clock.elapsedMs,
    budget: record.budget,
    usage: state.usage,
    raw: logged?.result.raw ?? null,
    normalized: logged?.result.normalized ?? null,
    final,
    confirmed: toConfirmation(state, record.environment.score.direction),
    entries: state.entries,
    anchors: record.environment.anchors,
    machine: record.machine,
    versions: record.versions,
    head,
  };
}

/** Median and interval of fresh scorings, in words. */
export function describeConfirmation(confirmed: NonNullable<ReturnType<typeof toConfirmation>>): string {
  const { entry, confirmation } = confirmed;
  const { counts } = confirmation;
  if (confirmation.kind === "too-few") {
    return `entry ${entry}: too few scorings to confirm it (${counts.scored + counts.invalid} of ${confirmation.needed})`;
  }
  const { median, interval } = confirmation;
  return [
    `entry ${entry} confirmed by ${counts.asked} fresh scorings: median ${toLevelText(median)}`,
    `  ${(interval.coverage * 100).toFixed(1)} % interval of the median: ${toLevelText(interval.worst)} to ${toLevelText(interval.best)}`,
    `  ${counts.scored} scored, ${counts.invalid} invalid, ${counts.timedOut} timed out, ${counts.judgeFailed} judge failures`,
  ].join("\n");
}

function toLevelText(level: Level): string {
  return level.kind === "invalid"
    ? "invalid"
    : `${level.normalized.toFixed(3)} normalized (raw ${level.raw.toFixed(4)})`;
}
