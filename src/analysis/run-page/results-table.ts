import { type RunRecord, type RunSummary, toClockText, toConfirmation } from "../../run/index.ts";
import type { Choice, Level } from "../../scoring/index.ts";
import { toOutcome } from "../score-over-time/rows.ts";
import { formatNormalized, formatRaw, formatStatus } from "./format.ts";
import { type Html, html } from "./html.ts";

/** One run of a page, with the place of its own section. */
export interface PlacedRun {
  readonly run: RunSummary;
  /** Fragment id of the run's score log. */
  readonly anchor: string;
}

/** The runs of one environment and scale, one row each. */
export function toResultsTable(runs: readonly PlacedRun[]): Html {
  const unit = runs[0]?.run.record.environment.score.unit ?? "";
  const hasFlagged = runs.some(({ run }) => run.final.underReview.length > 0);
  const hasConfirmed = runs.some(({ run }) => confirmationOf(run) !== null);
  return html`
<div class="scroll" role="region" aria-label="Results" tabindex="0">
<table>
<caption><span>Score of each run by the environment’s rule (${runs[0]?.run.record.environment.score.final ?? "best"} entry of its score log). Scorings include the one of the starting solution, off the clock.${hasFlagged ? " Scores better than is plausible are left out until a person has reviewed them." : ""}</span></caption>
<thead><tr>
<th scope="col">Agent</th>
<th scope="col" class="number">Normalized</th>
${hasFlagged ? html`<th scope="col" class="number">with flagged</th>` : null}
${hasConfirmed ? html`<th scope="col" class="number">Confirmed</th>` : null}
<th scope="col" class="number">Raw, ${unit}</th>
<th scope="col" class="number">Valid scorings</th>
<th scope="col" class="number">Clock</th>
<th scope="col">Ended by</th>
</tr></thead>
<tbody>${runs.map(({ run, anchor }) => {
    const { record, state, final } = run;
    const valid = state.entries.filter((entry) => toOutcome(entry) === "valid").length;
    return html`
<tr>
<th scope="row"><a href="#${anchor}">${record.agent.id}</a>${toNote(record)}</th>
<td class="number"><strong>${normalizedOf(final.logged)}</strong></td>
${hasFlagged ? html`<td class="number">${final.underReview.length > 0 ? normalizedOf(final.withFlagged) : "–"}</td>` : null}
${hasConfirmed ? html`<td class="number">${confirmationOf(run) ?? "–"}</td>` : null}
<td class="number">${final.logged.kind === "entry" ? formatRaw(final.logged.entry.result.raw) : "none"}</td>
<td class="number">${valid} of ${state.entries.length}</td>
<td class="number">${toClockText(state.clock.elapsedMs)} of ${toClockText(record.budget.timeMs)}</td>
<td class="short">${formatStatus(state)}</td>
</tr>`;
  })}
</tbody>
</table>
</div>`;
}

/** Model, or what kind of actor it was. */
function toNote({ actor, model }: RunRecord): Html | null {
  const notes = [...(actor === "agent" ? [] : [actor]), ...(model === null ? [] : [model.id])];
  return notes.length === 0 ? null : html` <small>${notes.join(", ")}</small>`;
}

function normalizedOf(choice: Choice): string {
  return choice.kind === "entry" ? formatNormalized(choice.entry.result.normalized) : "none";
}

/** Median of the newest confirming scorings with its interval, their number last; null where none were made. */
function confirmationOf(run: RunSummary): string | null {
  const newest = toConfirmation(run.state, run.record.environment.score.direction);
  if (newest === null) return null;
  const { confirmation } = newest;
  if (confirmation.kind === "too-few") return `too few (k = ${confirmation.counts.asked})`;
  const { median, interval, counts } = confirmation;
  return `${levelOf(median)} [${levelOf(interval.worst)}, ${levelOf(interval.best)}] (k = ${counts.asked})`;
}

function levelOf(level: Level): string {
  return level.kind === "invalid" ? "invalid" : formatNormalized(level.normalized);
}
