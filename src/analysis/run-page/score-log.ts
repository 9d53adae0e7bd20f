import { type RunSummary, toClockText } from "../../run/index.ts";
import { type ScoreEntry, toResultText } from "../../scoring/index.ts";
import { toDisplayLine } from "../display-text.ts";
import { toSeries } from "../score-over-time/rows.ts";
import { formatMoment, formatNormalized, formatRaw, formatStatus } from "./format.ts";
import { type Html, html } from "./html.ts";
import type { PlacedRun } from "./results-table.ts";

const longestMessage = 300;
const shortHash = 12;

/** One run, folded: its score log and all that is needed to find, repeat and check it. */
export function toRunSection({ run, anchor }: PlacedRun): Html {
  const { record, state, final } = run;
  const scorings = `${state.entries.length} scoring${state.entries.length === 1 ? "" : "s"}`;
  const worth =
    final.logged.kind === "entry"
      ? `normalized ${formatNormalized(final.logged.entry.result.normalized)} from entry ${final.logged.entry.index}`
      : "no score";
  return html`
<details id="${anchor}">
<summary><span class="name">${toSeries(record)}</span> <span class="quiet">${scorings}, ${worth}</span></summary>
<div class="scroll log" role="region" aria-label="Score log of ${toSeries(record)}" tabindex="0">
<table>
<caption><span>Score log of run ${record.runId}. Clock: when the snapshot was taken.</span></caption>
<thead><tr>
<th scope="col" class="number">Entry</th>
<th scope="col" class="number">Clock</th>
<th scope="col">Result</th>
<th scope="col" class="number">Normalized</th>
<th scope="col" class="number">Raw</th>
<th scope="col">Snapshot</th>
<th scope="col">Message</th>
</tr></thead>
<tbody>${state.entries.map((entry) => toEntryRow(entry, run))}
</tbody>
</table>
</div>
<dl>${toRunFacts(run).map(
    ([term, value]) => html`
<div><dt>${term}</dt><dd>${value}</dd></div>`,
  )}
</dl>
</details>`;
}

function toEntryRow(entry: ScoreEntry, { final }: RunSummary): Html {
  const { result, snapshot } = entry;
  const isFinal = final.logged.kind === "entry" && final.logged.entry.index === entry.index;
  const scored = result.result === "scored" ? result : null;
  return html`
<tr${isFinal ? html` class="final"` : null}>
<th scope="row" class="number">${entry.index}</th>
<td class="number">${entry.index === 0 ? "off" : toClockText(entry.clockMs)}</td>
<td>${toResultWords(entry)}${isFinal ? ", the run’s score" : null}</td>
<td class="number">${scored === null ? "–" : scored.normalized.toFixed(3)}</td>
<td class="number">${scored === null ? "–" : formatRaw(scored.raw)}</td>
<td><code title="${snapshot.treeSha256}">${snapshot.treeSha256.slice(0, shortHash)}</code></td>
<td class="message">${toDisplayLine(result.message, longestMessage)}</td>
</tr>`;
}

function toResultWords({ result }: ScoreEntry): string {
  if (result.result !== "scored") return toResultText(result);
  return result.flag === null ? "valid" : `flagged: ${result.flag}`;
}

function toRunFacts(run: RunSummary): readonly (readonly [string, Html | string])[] {
  const { record, state, head, final } = run;
  const { environment, budget, sandbox, agent } = record;
  const options = Object.entries(agent.options).map(([name, value]) => `${name}=${value}`);
  const hash = (value: string) => html`<code>${value}</code>`;
  const limits = [
    toClockText(budget.timeMs),
    ...(budget.tokens === null ? [] : [`${budget.tokens} tokens`]),
    ...(budget.costUsd === null ? [] : [`$${budget.costUsd}`]),
  ];
  return [
    ["Run", hash(record.runId)],
    ["Made", formatMoment(record.createdAt)],
    ["Ended", [formatStatus(state), state.ending?.message ?? ""].filter((part) => part !== "").join(": ")],
    ["Agent", [`${agent.id}, version ${agent.version}`, ...options].join(", ")],
    ...(record.model === null
      ? []
      : ([
          ["Model", record.model.id],
          [
            "Model use",
            `${state.usage.modelCalls} calls, ${state.usage.inputTokens} tokens in, ` +
              `${state.usage.outputTokens} out, ${state.usage.costUsd === null ? "cost not known" : `$${state.usage.costUsd.toFixed(2)}`}`,
          ],
        ] as const)),
    ["Limits", `${limits.join(", ")}; scoring time ${record.scoringTime}`],
    ["Scores", environment.score.visible ? "shown to the agent" : "hidden from the agent"],
    ["Sandbox", `${sandbox.driver}, network ${sandbox.network}`],
    ["Seed of the agent", hash(record.seed)],
    ["Environment, SHA-256", hash(environment.sha256)],
    ["Assets, SHA-256", hash(environment.assets.sha256)],
    ...(final.logged.kind === "entry"
      ? ([["Snapshot scored", hash(final.logged.entry.snapshot.treeSha256)]] as const)
      : []),
    ["Event chain", html`${state.events} events, newest <code>${head}</code>`],
    [
      "Versions",
      Object.entries(record.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
  ];
}
