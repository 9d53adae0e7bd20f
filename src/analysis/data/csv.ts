/** One record of a CSV file with the line it begins on, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * The records of a CSV text: commas, fields in double quotes where they hold commas, quotes (doubled) or line
 * breaks; empty lines are no records. A quote that never closes makes the rest of the text one field.
 *
 * @see RFC 4180
 */
export function* parseCsv(text: string): Generator<CsvRecord> {
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const begun = line;
    const fields: string[] = [];
    for (;;) {
      const field = text[at] === '"' ? readQuoted(text, at) : readBare(text, at);
      fields.push(field.value);
      line += field.lineBreaks;
      at = field.end;
      if (text[at] !== ",") break;
      at += 1;
    }
    if (text.startsWith("\r\n", at)) at += 2;
    else if (at < text.length) at += 1;
    line += 1;
    if (fields.length > 1 || fields[0] !== "") yield { line: begun, fields };
  }
}

interface Field {
  readonly value: string;
  /** Index of the comma or line break after the field, or the length of the text. */
  readonly end: number;
  readonly lineBreaks: number;
}

function readBare(text: string, start: number): Field {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n" && text[end] !== "\r") end += 1;
  return { value: text.slice(start, end), end, lineBreaks: 0 };
}

function readQuoted(text: string, start: number): Field {
  let value = "";
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    const end = quote === -1 ? text.length : quote;
    value += text.slice(from, end);
    if (text[end + 1] === '"') {
      value += '"';
      from = end + 2;
      continue;
    }
    const rest = readBare(text, Math.min(end + 1, text.length));
    return { value: value + rest.value, end: rest.end, lineBreaks: value.split("\n").length - 1 };
  }
}
