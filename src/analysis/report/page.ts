import type { Chart } from "../charts/chart.ts";
import type { ChartSection } from "../charts/charts.ts";
import { formatMoment } from "../run-page/format.ts";
import { Html, html } from "../run-page/html.ts";
import { paperHumans } from "../study/human-results.ts";
import type { Statement } from "../study/statements.ts";
import { toCountText, toPercentText, toScoreText } from "../study/words.ts";
import type { ReportContent } from "./report.ts";
import { toCrossingText, toFindings, verdictWords } from "./statement-text.ts";
import { toReportStyle } from "./style.ts";
import { type Table, toCellText } from "./table.ts";

/** Rows of a table shown in the page; the rest is in its files. */
const mostRows = 400;

/**
 * Writes the page: one file that needs no network and no script. The pictures are within it; beside it lie the same as
 * files, which its links lead to.
 *
 * @param pictures - SVG of every drawn figure by id, without fonts.
 */
export function renderReportPage(content: ReportContent, pictures: ReadonlyMap<string, string>): string {
  const { tables, sections } = content;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; font-src data:">
<title>${content.title}</title>
<style>${new Html(toReportStyle())}</style>
</head>
<body>
<header>
<h1>${content.title}</h1>
<p>${toSummary(content)}</p>
<nav aria-label="Parts of this report"><ul>
${[
  ["statements", "What these data support"],
  ["humans-table", "Human experts"],
  ...sections.filter(hasDrawn).map(({ id, heading }) => [id, heading] as const),
  ["figures-left-out", "Figures left out"],
  ["tables", "Tables"],
  ["data", "Data"],
  ["method", "Method"],
].map(([id = "", text = ""]) => html`<li><a href="#${id}">${text}</a></li>`)}
</ul></nav>
</header>
<main>
${toStatementsSection(content)}
${toHumansSection(content)}
${sections.filter(hasDrawn).map((section) => toChartSection(section, pictures))}
${toLeftOutSection(sections)}
<section aria-labelledby="tables">
<h2 id="tables">Tables</h2>
${tables.results.map((table) => toFoldedTable(table))}
</section>
<section aria-labelledby="data">
<h2 id="data">Data</h2>
<p>${toDataText(content)}</p>
${tables.data.map((table, index) => (index < 2 ? toOpenTable(table) : toFoldedTable(table)))}
<p>Every run that was read, with what became of it: <a href="tables/runs.csv">runs.csv</a>, <a href="tables/runs.json">runs.json</a>.</p>
</section>
${toMethodSection(content)}
</main>
<footer>
<p>Made by rebench ${content.version}, ${formatMoment(content.madeAt)}.</p>
</footer>
</body>
</html>
`;
  return page.markup;
}

function toStatementsSection({ statements, crossing, tables }: ReportContent): Html {
  return html`
<section aria-labelledby="statements">
<h2 id="statements">What these data support</h2>
<p>The three headline statements of the paper (Wijk et al., arXiv 2411.15114), held against the runs of this report. Supported means that the 95 % interval leaves no other answer; the numbers are computed from the runs.</p>
<ol class="statements">${statements.map(
    (statement: Statement) => html`
<li><p class="claim">${statement.statement}</p>
<p><strong class="verdict">${verdictWords[statement.verdict]}</strong></p>
${toFindings(statement).map((finding) => html`<p>${finding}</p>`)}</li>`,
  )}
</ol>
<p>${toCrossingText(crossing)}</p>
${tables.pairs.rows.length === 0 ? null : toFoldedTable(tables.pairs)}
</section>`;
}

function toHumansSection({ humans, tables, hasPublishedHumans, study }: ReportContent): Html {
  return html`
<section aria-labelledby="humans-table">
<h2 id="humans-table">Human experts</h2>
${humans === null ? html`<p>No human attempt counts in this report.</p>` : toGrid(tables.humans)}
${
  humans === null || !hasPublishedHumans || study.scale === "laptop"
    ? null
    : html`<p>The paper says ${toPercentText(paperHumans.above)} above 0, ${toPercentText(paperHumans.atReference)} at 1 or more and a mean of ${toScoreText(paperHumans.mean)}. Why these numbers differ:</p>
<ul>
<li>Here are ${humans.n} attempts of 7 to 10 hours, there ${paperHumans.attempts} by ${paperHumans.experts} experts. The published attempts do not say which of them the paper counts.</li>
<li>A mean of attempts (${toScoreText(humans.pooledMean)}) and a mean of environments with equal weight (${humans.equalMean.kind === "refused" ? "none" : toScoreText(humans.equalMean.value)}) are two numbers, since environments have ${toRange(humans.rows.map(({ n }) => n))} attempts. Shares above are of attempts.</li>
<li>0 and 1 are the anchors as printed, to two or three digits. An attempt just beside an anchor can fall on the other side of it.</li>
<li>${humans.others === 0 ? "No attempt was of another length." : `${toCountText(humans.others, "attempt")} of another length are in the file and in no number here.`} Attempts that were begun and given up are not in the file at all.</li>
</ul>`
}
</section>`;
}

function toChartSection({ id, heading, charts }: ChartSection, pictures: ReadonlyMap<string, string>): Html {
  return html`
<section aria-labelledby="${id}">
<h2 id="${id}">${heading}</h2>
${charts.map((chart) => toFigure(chart, pictures))}
</section>`;
}

function toFigure(chart: Chart, pictures: ReadonlyMap<string, string>): Html | null {
  if (chart.kind === "left-out") return null;
  const { id, title, caption } = chart.figure;
  const file = (name: string, text: string) => html`<a href="figures/${name}">${text}</a>`;
  return html`
<h3 id="figure-${id}">${title}</h3>
<figure aria-labelledby="figure-${id}">
<div class="scroll" role="region" aria-label="Figure: ${title}" tabindex="0">${new Html(pictures.get(id) ?? "")}</div>
<figcaption>${caption}
<span class="files">Files: ${file(`${id}-light.svg`, "SVG")}, ${file(`${id}-light.png`, "PNG")}, ${file(`${id}-dark.svg`, "dark SVG")}, ${file(`${id}-dark.png`, "dark PNG")}, ${file(`${id}.json`, "specification and rows")}</span></figcaption>
</figure>`;
}

function toLeftOutSection(sections: readonly ChartSection[]): Html {
  const leftOut = sections
    .flatMap(({ charts }) => charts)
    .flatMap((chart) => (chart.kind === "left-out" ? [chart] : []));
  const byReason = [...Map.groupBy(leftOut, ({ reason }) => reason)];
  return html`
<section aria-labelledby="figures-left-out">
<h2 id="figures-left-out">Figures left out</h2>
${
  leftOut.length === 0
    ? html`<p>None.</p>`
    : html`<p>Nothing is drawn from too little. These figures need what the data do not hold:</p>
<dl class="reasons">${byReason.map(
        ([reason, charts]) => html`
<div><dt>${charts.map(({ title }) => title).join("; ")}</dt><dd>${reason}.</dd></div>`,
      )}
</dl>`
}
</section>`;
}

function toMethodSection({ bootstrap, study }: ReportContent): Html {
  const { resamples, seed, level, environments } = bootstrap;
  return html`
<section aria-labelledby="method">
<h2 id="method">Method</h2>
<ul>
<li>Normalized score: max(0, (raw − start) / (reference − start)). A run that left nothing valid is worth 0, what it began with; a run that the platform lost is left out by name.</li>
<li>score@k: expected best of k runs drawn with replacement from those there are, in closed form over order statistics. Past the number of runs it is low and marked so.</li>
<li>Means over environments give each of the ${study.environments.length} the same weight. A group of runs takes part in a mean only with 3 runs or more in every environment.</li>
<li>Intervals: ${toPercentText(level)} percentile bootstrap, ${resamples.toLocaleString("en-US")} resamples, ${environments === "fixed" ? "runs within each environment" : "environments, then runs within each"}, seed “${seed}”. They speak of these environments. A percentile interval cannot reach past the best run there is, so at high k it is short on that side.</li>
<li>Scale: ${study.scale}. Runs of another scale are left out by name; scales never mix in one number.</li>
</ul>
</section>`;
}

function toOpenTable(table: Table): Html {
  return table.rows.length === 0
    ? html`<h3>${table.title}</h3><p>None.</p>`
    : html`<h3>${table.title}</h3>${toGrid(table)}`;
}

function toFoldedTable(table: Table): Html {
  return html`
<details id="table-${table.id}">
<summary><span class="name">${table.title}</span> <span class="quiet">${table.rows.length === 0 ? "none" : toCountText(table.rows.length, "row")}</span></summary>
${table.rows.length === 0 ? html`<p>None.</p>` : toGrid(table)}
</details>`;
}

function toGrid({ id, title, note, columns, rows }: Table): Html {
  const shown = rows.slice(0, mostRows);
  const rest = rows.length - shown.length;
  const isNumber = (format: string) => format !== "text";
  return html`
<div class="scroll log" role="region" aria-label="Table: ${title}" tabindex="0">
<table>
<caption><span>${note}${rest > 0 ? ` The first ${shown.length.toLocaleString("en-US")} of ${rows.length.toLocaleString("en-US")} rows; all are in the files.` : ""} <a href="tables/${id}.csv">CSV</a>, <a href="tables/${id}.json">JSON</a></span></caption>
<thead><tr>${columns.map(
    ({ label, format }) =>
      html`<th scope="col"${isNumber(format) ? html` class="number"` : null}>${label}</th>`,
  )}</tr></thead>
<tbody>${shown.map(
    (row) => html`
<tr>${columns.map(({ key, format }, index) => {
      const text = toCellText(row[key] ?? null, format);
      const style = isNumber(format) ? html` class="number"` : null;
      return index === 0 ? html`<th scope="row"${style}>${text}</th>` : html`<td${style}>${text}</td>`;
    })}</tr>`,
  )}
</tbody>
</table>
</div>`;
}

function toSummary({ runs, study, statements }: ReportContent): string {
  const tested = statements.filter(({ verdict }) => verdict !== "untestable").length;
  return (
    `${toCountText(runs.counted, "run")} counted of ${runs.read.toLocaleString("en-US")} read, at ${study.scale} scale, in ${toCountText(study.environments.length, "environment")}. ` +
    `${toCountText(runs.skipped, "entry").replace(/entrys$/, "entries")} skipped, ${runs.leftOut.toLocaleString("en-US")} left out, ${runs.flagged.toLocaleString("en-US")} flagged: each is named under Data. ` +
    `${tested} of the paper’s ${statements.length} headline statements can be tested with them.`
  );
}

function toDataText({ runs }: ReportContent): string {
  return `${runs.read.toLocaleString("en-US")} runs were read, ${runs.counted.toLocaleString("en-US")} of them count; ${runs.skipped.toLocaleString("en-US")} more entries could not be used. Where runs are doubtful, numbers are given both ways.`;
}

function toRange(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? String(least) : `${least} to ${most}`;
}

function hasDrawn({ charts }: ChartSection): boolean {
  return charts.some(({ kind }) => kind === "drawn");
}
