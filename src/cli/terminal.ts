import { styleText } from "node:util";
import Table from "cli-table3";
import { createLogUpdate } from "log-update";

/** Where a command prints. Results go to stdout, progress and problems to stderr. */
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
    this.#out.write(`${line}\n`);
  }

  /** A result for machines: one JSON value. */
  printJson(value: unknown): void {
    this.#out.write(`${JSON.stringify(value, null, 2)}\n`);
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
    for (const row of rows) table.push([...row]);
    this.print(table.toString());
  }

  /** One line for people beside the result. */
  say(line: string): void {
    this.#live.clear();
    this.#err.write(`${line}\n`);
  }

  /**
   * What is going on now. On a terminal it replaces the line before; elsewhere it is printed when its stage changes
   * and else at most every 15 seconds, so that a log stays readable.
   */
  progress(stage: string, text: string, nowMs: number = performance.now()): void {
    if (this.isInteractive) {
      this.#live(`${this.style("cyan", stage)} ${text}`);
      return;
    }
    if (this.#lastPlain.text === stage && nowMs - this.#lastPlain.atMs < 15_000) return;
    this.#lastPlain = { text: stage, atMs: nowMs };
    this.#err.write(`${stage} ${text}\n`);
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

/** A bar with the numbers behind it, for work that comes in pieces. */
export function toCountBar(done: number, total: number): string {
  return `${toBar(done / total)} ${done}/${total}`;
}

/** A bar of a fraction in [0, 1], `width` characters wide. */
export function toBar(fraction: number, width = 24): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return `${"━".repeat(filled)}${"─".repeat(width - filled)}`;
}
