import type { AnyFigure, Chart, ChartContext } from "../charts/chart.ts";
import { type ChartSection, toChartSections } from "../charts/charts.ts";
import { toChartContext } from "../charts/context.ts";
import type { RunRow } from "../data/run-row.ts";
import type { RunTable, TableNote } from "../data/run-table.ts";
import { renderFigure } from "../figure/figure.ts";
import type { BootstrapOptions } from "../statistics/bootstrap.ts";
import { type HumanResults, toHumanResults } from "../study/human-results.ts";
import { createScores } from "../study/scores.ts";
import { type Statement, toCrossing, toStatements } from "../study/statements.ts";
import { type Study, type StudyOptions, toStudy } from "../study/study.ts";
import {
  toFlagsTable,
  toLeftOutTable,
  toNotes,
  toNotesTable,
  toRunsTable,
  toSensitivityTable,
  toSkippedTable,
  toSourcesTable,
  withoutAnyDoubt,
} from "./data-tables.ts";
import { toAnchorsTable, toRatesTable } from "./environment-tables.ts";
import { toHumansTable, toPairsTable } from "./human-tables.ts";
import { renderReportPage } from "./page.ts";
import { toAllocationTable, toEnvironmentTable, toScoreAtKTable } from "./result-tables.ts";
import { type Table, toCsv } from "./table.ts";

export interface ReportInput {
  readonly title: string;
  /** When the report is made, ISO 8601. */
  readonly madeAt: string;
  /** Version of this program. */
  readonly version: string;
  readonly table: RunTable;
  readonly study?: Omit<StudyOptions, "flagged">;
  readonly bootstrap?: Partial<BootstrapOptions>;
  /** Told what is being done, with the share that is done. */
  readonly onProgress?: (step: string, fraction: number) => void;
}

/** One file of a report, its path relative to the report's folder. */
export interface ReportFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** What a report found, without its pictures. Plain JSON. */
export interface ReportSummary {
  readonly schemaVersion: 1;
  readonly madeAt: string;
  readonly version: string;
  readonly scale: RunRow["scale"];
  readonly environments: readonly string[];
  readonly bootstrap: BootstrapOptions;
  readonly runs: {
    readonly read: number;
    readonly skipped: number;
    readonly leftOut: number;
    readonly counted: number;
    readonly flagged: number;
  };
  readonly notes: readonly TableNote[];
  readonly statements: readonly Statement[];
  readonly humans: HumanResults | null;
  readonly figures: readonly { readonly id: string; readonly title: string; readonly caption: string }[];
  readonly figuresLeftOut: readonly {
    readonly id: string;
    readonly title: string;
    readonly reason: string;
  }[];
  readonly tables: readonly string[];
}

export interface Report {
  readonly summary: ReportSummary;
  /** The page, the pictures and the tables. Equal input gives equal bytes. */
  readonly files: readonly ReportFile[];
}

/** All that a report's page shows, before it is drawn. */
export interface ReportContent {
  readonly title: string;
  readonly madeAt: string;
  readonly version: string;
  readonly study: Study;
  readonly bootstrap: BootstrapOptions;
  readonly hasPublishedHumans: boolean;
  readonly humans: HumanResults | null;
  readonly statements: readonly Statement[];
  readonly crossing: ReturnType<typeof toCrossing>;
  readonly sections: readonly ChartSection[];
  readonly tables: ReportTables;
  readonly runs: ReportSummary["runs"];
}

/** The tables of a report by their part of it. */
export interface ReportTables {
  readonly pairs: Table;
  readonly humans: Table;
  readonly results: readonly Table[];
  readonly data: readonly Table[];
  /** Written as files, too long for the page. */
  readonly filesOnly: readonly Table[];
}

/**
 * Makes the whole report of a table of runs: numbers, charts, page. Nothing is written.
 *
 * @throws FIGURE_UNRENDERABLE, FONT_UNUSABLE
 */
export async function renderReport(input: ReportInput): Promise<Report> {
  const { table, title, madeAt, version, onProgress = () => {} } = input;
  onProgress("numbers", 0);
  const study = toStudy(table.rows, input.study);
  const scores = createScores(input.bootstrap);
  const context = toChartContext(study, scores);
  const statements = toStatements(study, scores);
  const notes = toNotes(table, study);
  onProgress("tables", 0.1);
  const tables = toTables(table, study, context, statements, notes);
  onProgress("charts", 0.25);
  const sections = toChartSections(context);
  const content: ReportContent = {
    title,
    madeAt,
    version,
    study,
    bootstrap: scores.bootstrap,
    hasPublishedHumans: table.rows.some(({ provenance }) => provenance.source === "published"),
    humans: toHumanResults(study, scores),
    statements,
    crossing: toCrossing(study, scores, statements),
    sections,
    tables,
    runs: {
      read: table.rows.length,
      skipped: table.skipped.length,
      leftOut: study.leftOut.length,
      counted: table.rows.length - study.leftOut.length,
      flagged: table.rows.filter(({ flags }) => flags.length > 0).length,
    },
  };
  const drawn = sections.flatMap(({ charts }) => charts).flatMap(toFigure);
  const pictures = new Map<string, string>();
  const files: ReportFile[] = [];
  for (const [index, figure] of drawn.entries()) {
    onProgress(`drawing ${figure.id}`, 0.4 + (0.58 * index) / drawn.length);
    pictures.set(figure.id, (await renderFigure(figure, { fonts: "page" })).svg);
    files.push(...(await toFigureFiles(figure)));
  }
  const all = [tables.pairs, tables.humans, ...tables.results, ...tables.data, ...tables.filesOnly];
  const summary = toSummary(content, notes, all, drawn);
  return {
    summary,
    files: [
      { path: "index.html", content: renderReportPage(content, pictures) },
      { path: "report.json", content: toJson(summary) },
      ...files,
      ...all.flatMap(toTableFiles),
    ],
  };
}

function toTables(
  table: RunTable,
  study: Study,
  context: ChartContext,
  statements: readonly Statement[],
  notes: readonly TableNote[],
): ReportTables {
  const { scores, budgetsMs, horizonMs } = context;
  const options = { scale: study.scale, environments: study.environments.map(({ id }) => id) };
  const withDoubtful = toStudy(table.rows, { ...options, flagged: "keep" });
  const strict = toStudy(withoutAnyDoubt(table.rows), options);
  return {
    pairs: toPairsTable(statements),
    humans: toHumansTable(toHumanResults(study, scores)),
    results: [
      toScoreAtKTable(study, scores),
      toEnvironmentTable(study, withDoubtful, scores),
      toAllocationTable(study, scores, budgetsMs),
      toRatesTable(study),
      toAnchorsTable(study, table.rows),
    ],
    data: [
      toSourcesTable(table, study),
      toSensitivityTable({ counted: study, withDoubtful, withoutAnyDoubt: strict }, scores, horizonMs),
      toFlagsTable(table, study),
      toNotesTable(notes),
      toLeftOutTable(study),
      toSkippedTable(table),
    ],
    filesOnly: [toRunsTable(table, study)],
  };
}

async function toFigureFiles(figure: AnyFigure): Promise<readonly ReportFile[]> {
  const themes = ["light", "dark"] as const;
  const pictures = await Promise.all(
    themes.map(async (theme) => {
      const drawn = await renderFigure(figure, { theme });
      return [
        { path: `figures/${figure.id}-${theme}.svg`, content: drawn.svg },
        { path: `figures/${figure.id}-${theme}.png`, content: drawn.toPng() },
      ];
    }),
  );
  const { id, title, caption, spec, rows } = figure;
  const whole = { id, title, caption, spec: { ...spec, datasets: rows } };
  return [...pictures.flat(), { path: `figures/${id}.json`, content: toJson(whole) }];
}

function toTableFiles(table: Table): readonly ReportFile[] {
  return [
    { path: `tables/${table.id}.csv`, content: toCsv(table) },
    { path: `tables/${table.id}.json`, content: toJson(table) },
  ];
}

function toSummary(
  content: ReportContent,
  notes: readonly TableNote[],
  tables: readonly Table[],
  drawn: readonly AnyFigure[],
): ReportSummary {
  const { study, madeAt, version, bootstrap, runs, statements, humans } = content;
  return {
    schemaVersion: 1,
    madeAt,
    version,
    scale: study.scale,
    environments: study.environments.map(({ id }) => id),
    bootstrap,
    runs,
    notes,
    statements,
    humans,
    figures: drawn.map(({ id, title, caption }) => ({ id, title, caption })),
    figuresLeftOut: content.sections
      .flatMap(({ charts }) => charts)
      .flatMap((chart) =>
        chart.kind === "left-out" ? [{ id: chart.id, title: chart.title, reason: chart.reason }] : [],
      ),
    tables: tables.map(({ id }) => id),
  };
}

function toFigure(chart: Chart): readonly AnyFigure[] {
  return chart.kind === "drawn" ? [chart.figure] : [];
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
