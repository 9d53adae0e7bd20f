import { readFileSync } from "node:fs";
import { reasonOf } from "../../errors/index.ts";
import { analysisErrors } from "../errors.ts";
import { parseCsv } from "./csv.ts";

/** One line of a table as its columns name it; empty fields are left out. */
export interface TableLine {
  readonly line: number;
  readonly fields: Readonly<Record<string, string>>;
  /** Null, or why the line cannot be read by the header. */
  readonly problem: string | null;
}

/**
 * Reads a CSV file with a header. Columns that nobody knows are refused rather than ignored: a misspelt one would
 * lose its numbers unseen.
 *
 * @throws ANALYSIS_INPUT_UNREADABLE, TABLE_HEADER_UNUSABLE
 */
export function* readTable(
  path: string,
  columns: { readonly required: readonly string[]; readonly optional: readonly string[] },
): Generator<TableLine> {
  const records = parseCsv(readText(path));
  const first = records.next();
  const header = first.done === true ? [] : first.value.fields.map((name) => name.trim());
  const known = [...columns.required, ...columns.optional];
  const refuse = (problem: string) => analysisErrors.TABLE_HEADER_UNUSABLE({ path, problem, columns: known });
  const missing = columns.required.filter((name) => !header.includes(name));
  if (missing.length > 0) throw refuse(`lacks ${missing.join(", ")}`);
  const unknown = header.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw refuse(`names ${unknown.join(", ")}, which nothing here reads`);
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) throw refuse(`names ${twice} twice`);
  for (const { line, fields } of records) {
    const entries = header.flatMap((name, index) => {
      const value = fields[index]?.trim() ?? "";
      return value === "" ? [] : [[name, value] as const];
    });
    const problem =
      fields.length === header.length
        ? null
        : `${fields.length} fields where the header names ${header.length}`;
    yield { line, fields: Object.fromEntries(entries), problem };
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const problem = reasonOf(cause);
    throw analysisErrors.ANALYSIS_INPUT_UNREADABLE({ path, problem }, cause);
  }
}
