import { styleText } from "node:util";
import Table from "cli-table3";
import { createLogUpdate } from "log-update";
import { toDisplayText } from "../run/index.ts";

/**
 * Where a command prints. Results go to stdout, progress and problems to stderr. Much of it comes from runs, models and
 * strangers' files: whatever would steer the terminal, or reorder or hide text, is taken out; colours pass.
 */
export class Terminal {
  readonly #out: NodeJS.WriteStream;
  readonly #err: NodeJS.WriteStream;
  readonly #live: ReturnType<typeof createLogUpdate>;
  #lastPlain = { text: "", atMs: Number.NEGATIVE_INFINITY };

  constructor(out: NodeJS.WriteStream, err: NodeJS.WriteStream) {
    this.#out = out;
    this.#err = err;
    this.#live = createLogUpdate(err, { showCursor: true });
  }

  get isInteractive(): boolean {
    return this.#err.isTTY === true;
  }

  /** One line of result. */
  print(line = ""): void {
    this.#out.write(`${toHarmless(line)}\n`);
  }

  /** A result for machines: one JSON value. */
  printJson(value: unknown): void {
    this.#out.write(`${JSON.stringify(value, null, 2).replace(unescapedControls, toEscape)}\n`);
  }

  /** A table of results; numbers right-aligned when `align` says so. */
  printTable(
    headings: readonly string[],
    rows: readonly (readonly string[])[],
    align: readonly ("left" | "right")[] = [],
  ): void {
    const table = new Table({
      head: headings.map((heading) => this.style("bold", heading)),
      colAligns: headings.map((_, column) => align[column] ?? "left"),
      chars: borders,
      style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    });
    for (const row of rows) table.push(row.map((cell) => toHarmless(cell).replaceAll("\n", " ")));
    this.print(table.toString());
  }

  /** One line for people beside the result. */
  say(line: string): void {
    this.#live.clear();
    this.#err.write(`${toHarmless(line)}\n`);
  }

  /**
   * What is going on now. On a terminal it replaces the line before; elsewhere it is printed when its stage changes
   * and else at most every 15 seconds, so that a log stays readable.
   */
  progress(stage: string, text: string, nowMs: number = performance.now()): void {
    if (this.isInteractive) {
      this.#live(toHarmless(`${this.style("cyan", stage)} ${text}`));
      return;
    }
    if (this.#lastPlain.text === stage && nowMs - this.#lastPlain.atMs < 15_000) return;
    this.#lastPlain = { text: stage, atMs: nowMs };
    this.#err.write(`${toHarmless(`${stage} ${text}`)}\n`);
  }

  /** Takes the progress line away. */
  endProgress(): void {
    this.#live.clear();
  }

  /** A green tick or a red cross. */
  mark(passed: boolean): string {
    return passed ? this.style("green", "✓") : this.style("red", "✗");
  }

  /** Text in a colour or weight, where stdout is a terminal that shows it. */
  style(format: Parameters<typeof styleText>[0], text: string): string {
    return styleText(format, text, { stream: this.#out });
  }
}

const borders = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

/** Colours and weights as `styleText` writes them; parentheses make `split` keep them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const styling = /(\u001b\[\d+m)/;

/** What steers a terminal or reorders text and JSON does not ask to be escaped. */
const unescapedControls = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function toHarmless(text: string): string {
  return text
    .split(styling)
    .map((part, index) => (index % 2 === 1 ? part : toDisplayText(part)))
    .join("");
}

/** A bar with the numbers behind it, for work that comes in pieces. */
export function toCountBar(done: number, total: number): string {
  return `${toBar(done / total)} ${done}/${total}`;
}

/** A bar of a fraction in [0, 1], `width` characters wide. */
export function toBar(fraction: number, width = 24): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `${"━".repeat(filled)}${"─".repeat(width - filled)}`;
}
