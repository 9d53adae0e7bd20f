import { type RunSummary, toClockText } from "../../run/index.ts";
import { renderFigure } from "../figure/figure.ts";
import { toScoreOverTimeFigure } from "../score-over-time/score-over-time.ts";
import { formatMoment } from "./format.ts";
import { Html, html } from "./html.ts";
import { type Fact, toAnchorsTable, toFactList } from "./provenance.ts";
import { type PlacedRun, toResultsTable } from "./results-table.ts";
import { toRunSection } from "./score-log.ts";
import { toPageStyle } from "./style.ts";

/** A command a reader may type next. */
export interface NextCommand {
  readonly command: string;
  /** What it does, as a sentence. */
  readonly purpose: string;
}

/** What a page is made of. */
export interface RunPageInput {
  readonly title: string;
  /** When the page is made, ISO 8601. */
  readonly madeAt: string;
  /** In the order they are to be shown; of any number of environments, each gets its own results. */
  readonly runs: readonly RunSummary[];
  /** The machine the runs were made on. */
  readonly machine: readonly Fact[];
  readonly next: readonly NextCommand[];
}

/**
 * Writes the page of some runs: one HTML file that needs no network and no script, light and dark, for screen and
 * print. All that runs say is taken as hostile text. Equal input gives equal bytes.
 *
 * @throws FIGURE_UNRENDERABLE, FONT_UNUSABLE
 */
export async function renderRunPage(input: RunPageInput): Promise<string> {
  const groups = toGroups(input.runs);
  const results = await Promise.all(groups.map((group, index) => toResults(group, index)));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
<title>${input.title}</title>
<style>${new Html(toPageStyle())}</style>
</head>
<body>
<header>
<h1>${input.title}</h1>
<p>${toSummary(input.runs)}</p>
</header>
<main>
${results}
<section aria-labelledby="machine">
<h2 id="machine">Machine</h2>
${toFactList(input.machine)}
</section>
${
  input.next.length === 0
    ? null
    : html`<section aria-labelledby="next">
<h2 id="next">What to type next</h2>
${input.next.map(
  ({ command, purpose }) => html`<p>${purpose}</p>
<pre><code>${command}</code></pre>
`,
)}</section>`
}
</main>
<footer>
<p>Made by rebench, ${formatMoment(input.madeAt)}, from the run folders alone. <code>rebench verify</code> recomputes each event chain; <code>rebench rescore</code> scores a snapshot again.</p>
</footer>
</body>
</html>
`;
  return page.markup;
}

/** Runs of one environment at one scale. */
type Group = readonly [PlacedRun, ...PlacedRun[]];

function toGroups(runs: readonly RunSummary[]): readonly Group[] {
  const placed = runs.map((run, index) => ({ run, anchor: `run-${index + 1}` }));
  const groups = Map.groupBy(placed, ({ run: { record } }) =>
    JSON.stringify([record.environment.id, record.environment.scale]),
  );
  return Array.from(groups.values()).flatMap(([first, ...rest]) =>
    first === undefined ? [] : [[first, ...rest] as const],
  );
}

async function toResults(group: Group, index: number): Promise<Html> {
  const id = `results-${index + 1}`;
  const runs = group.map(({ run }) => run);
  const { environment } = group[0].run.record;
  const figure = toScoreOverTimeFigure(runs, `score-over-time-${index + 1}`);
  const { svg } = await renderFigure(figure, { fonts: "page" });
  return html`
<section aria-labelledby="${id}">
<h2 id="${id}">${environment.title}, ${environment.scale} scale</h2>
${toResultsTable(group)}
<figure>
<div class="scroll" role="region" aria-label="Figure: ${figure.title}" tabindex="0">${new Html(svg)}</div>
<figcaption>${figure.caption}</figcaption>
</figure>
<h3>Anchors</h3>
${toAnchorsTable(runs)}
<h3>Score logs and provenance</h3>
${group.map(toRunSection)}
</section>`;
}

/** What was run, in one sentence. */
function toSummary(runs: readonly RunSummary[]): string {
  if (runs.length === 0) return "No runs.";
  const distinct = (values: readonly string[]) => Array.from(new Set(values)).join(", ");
  const places = distinct(
    runs.map(({ record }) => `${record.environment.title} (${record.environment.scale} scale)`),
  );
  const budgets = runs.map(({ record }) => record.budget.timeMs);
  const [least, most] = [toClockText(Math.min(...budgets)), toClockText(Math.max(...budgets))];
  const limits = least === most ? `with ${least}` : `with ${least} to ${most}`;
  const days = distinct(runs.map(({ record }) => record.createdAt.slice(0, 10)));
  return `${runs.length} run${runs.length === 1 ? "" : "s"} on ${places}, ${limits} on the clock, made ${days}.`;
}
