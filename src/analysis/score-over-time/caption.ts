import type { RunSummary } from "../../run/index.ts";
import { toDisplayLine } from "../display-text.ts";
import { type ScoreOverTimeRows, type ScoringOutcome, toSeries } from "./rows.ts";

const mostNamed = 6;

/**
 * Says what is drawn and what is left out, with every denominator.
 *
 * @param unlabelled - Series whose line has no label for want of room.
 */
export function toScoreOverTimeCaption(
  runs: readonly Pick<RunSummary, "record" | "state">[],
  rows: ScoreOverTimeRows,
  unlabelled: number,
): string {
  const count = (outcome: ScoringOutcome) => rows.scorings.filter((row) => row.outcome === outcome).length;
  const [valid, flagged, invalid, notScored] = [
    count("valid"),
    count("flagged"),
    count("invalid"),
    count("not-scored"),
  ];
  const withLine = new Set(rows.steps.map(({ runId }) => runId));
  const withoutScore = runs.filter(({ record }) => !withLine.has(record.runId));
  const platformFailed = runs.filter(({ state }) => state.ending?.reason === "platform-failed");
  const going = runs.filter(({ state }) => state.phase !== "ended");
  const hidden = runs.some(({ record }) => !record.environment.score.visible);
  return [
    `${toSubject(runs)} 0 is the starting solution, 1 the reference solution.`,
    `${plural(runs.length, "run")}, ${plural(rows.scorings.length, "scoring")} (the starting solution of each run ` +
      `included): ${valid} valid (dots), ${invalid} invalid${invalid > 0 ? " (crosses below 0)" : ""}` +
      `${notScored > 0 ? `, ${notScored} without a result through no fault of the agent (open circles below 0)` : ""}` +
      `${flagged > 0 ? `, ${flagged} better than is plausible and left out until reviewed (diamonds, at the upper edge where beyond it)` : ""}.`,
    "A score counts from the moment its snapshot was taken; a line ends with its run’s clock and is dotted after.",
    hidden ? "The agents were not shown these scores." : "",
    withoutScore.length > 0 ? `No line, for want of a valid score: ${toNames(withoutScore)}.` : "",
    platformFailed.length > 0
      ? `Ended by a failure of the platform, not of the agent: ${toNames(platformFailed)}.`
      : "",
    going.length > 0 ? `Not ended: ${toNames(going)}.` : "",
    unlabelled > 0 ? `${plural(unlabelled, "lower line")} without a label.` : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

function toSubject(runs: readonly Pick<RunSummary, "record">[]): string {
  const places = new Set(
    runs.map(
      ({ record }) => `${toDisplayLine(record.environment.title, 80)} (${record.environment.scale} scale)`,
    ),
  );
  const rules = new Set(runs.map(({ record }) => record.environment.score.final));
  const what = rules.has("last") ? "Normalized score of the latest" : "Best normalized score so far";
  const subject = rules.has("last") ? `${what} valid scoring` : what;
  return `${subject} against the run’s clock${places.size > 0 ? `, ${Array.from(places).join(", ")}` : ""}.`;
}

function toNames(runs: readonly Pick<RunSummary, "record">[]): string {
  const names = runs.map(({ record }) => toDisplayLine(toSeries(record), 60));
  const rest = names.length - mostNamed;
  return rest > 0 ? `${names.slice(0, mostNamed).join(", ")} and ${rest} more` : names.join(", ");
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
