import type { Readable } from "node:stream";

/** What was kept of one stream. */
export interface CapturedLog {
  /** All of it, or head and tail around a line that counts what is missing. */
  readonly text: string;
  readonly totalBytes: number;
}

/** Bytes kept of each end of a stream. */
const keptBytes = 128 * 1024;

/**
 * Reads a stream to its end and keeps the first and the last 128 KiB, so that a gigabyte neither blocks the writer
 * nor fills memory.
 */
export class LogCapture {
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #totalBytes = 0;

  constructor(stream: Readable) {
    stream.on("data", (chunk: Buffer) => this.#take(chunk));
    // A stream that breaks has ended; what came before is kept.
    stream.on("error", () => {});
  }

  /** What is kept so far. */
  read(): CapturedLog {
    const head = Buffer.concat(this.#head).toString();
    const tail = Buffer.concat(this.#tail).subarray(-keptBytes).toString();
    const missing = this.#totalBytes - this.#headBytes - Math.min(this.#tailBytes, keptBytes);
    const notice = missing > 0 ? `\n[… ${missing} bytes left out …]\n` : "";
    return { text: head + notice + tail, totalBytes: this.#totalBytes };
  }

  #take(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const forHead = chunk.subarray(0, keptBytes - this.#headBytes);
    if (forHead.length > 0) {
      this.#head.push(forHead);
      this.#headBytes += forHead.length;
    }
    const forTail = chunk.subarray(forHead.length);
    if (forTail.length === 0) return;
    this.#tail.push(forTail);
    this.#tailBytes += forTail.length;
    // Joined once in a while, so that a stream of single bytes costs no more than a block.
    if (this.#tailBytes > 4 * keptBytes || this.#tail.length > 1_024) {
      this.#tail = [Buffer.concat(this.#tail).subarray(-keptBytes)];
      this.#tailBytes = this.#tail[0]?.length ?? 0;
    }
  }
}

/** Of a stream that never was. */
export const emptyLog: CapturedLog = { text: "", totalBytes: 0 };
