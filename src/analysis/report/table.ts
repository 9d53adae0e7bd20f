import type { Interval, Refusal } from "../statistics/estimate.ts";
import type { Share } from "../statistics/shares.ts";

/** A value of a table as it is stored: full precision, null where it is not known. */
export type TableValue = string | number | boolean | null;

export interface TableColumn {
  readonly key: string;
  /** Heading for people. */
  readonly label: string;
  /** How people are shown it; files hold the value itself. */
  readonly format: "text" | "count" | "score" | "percent" | "raw" | "amount";
}

export type TableRow = Readonly<Record<string, TableValue>>;

/** A table of a report: in the page, as CSV and as JSON. */
export interface Table {
  /** File name without its ending; lower-case letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  /** What the numbers are and what is left out. */
  readonly note: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

/** Columns from `key, label, format` triples. */
export function toColumns(
  ...columns: readonly (readonly [string, string, TableColumn["format"]])[]
): readonly TableColumn[] {
  return columns.map(([key, label, format]) => ({ key, label, format }));
}

/** Low and high end of an interval as two values. */
export function toEnds(name: string, interval: Interval | Refusal | null): TableRow {
  const isKnown = interval !== null && interval.kind === "interval";
  const [low, high] = name === "" ? ["low", "high"] : [`${name}Low`, `${name}High`];
  return { [low]: isKnown ? interval.low : null, [high]: isKnown ? interval.high : null };
}

/** A share as a value. */
export function toShareValue(share: Share): TableValue {
  return share.kind === "refused" ? null : share.share;
}

/** RFC 4180, first line the column keys; nothing where a value is null. */
export function toCsv({ columns, rows }: Pick<Table, "columns" | "rows">): string {
  const lines = rows.map((row) => columns.map(({ key }) => toField(row[key] ?? null)).join(","));
  return [columns.map(({ key }) => key).join(","), ...lines, ""].join("\r\n");
}

/** A value as people are shown it. */
export function toCellText(value: TableValue, format: TableColumn["format"]): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  switch (format) {
    case "score":
      return value
        .toFixed(2)
        .replace(/^-(0\.00)$/, "$1")
        .replace("-", "−");
    case "percent":
      return `${Math.round(value * 100)} %`;
    case "raw":
      return Number(value.toPrecision(4)).toString().replace("-", "−");
    case "amount":
      return Number(value.toPrecision(3)).toLocaleString("en-US");
    case "count":
    case "text":
      return value.toLocaleString("en-US");
  }
}

/** Text that a spreadsheet would take for a formula is given a leading apostrophe. */
function toField(value: TableValue): string {
  if (value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = /^[=+@\t\r-]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
