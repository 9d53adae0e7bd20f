import { randomUUID } from "node:crypto";
import { closeSync, createReadStream, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { CapturedOutput } from "./sandbox.ts";

/** Bytes that the streams of one command may still keep in full, shared between them. */
export interface OutputAllowance {
  remainingBytes: number;
}

/**
 * Takes one stream of a command's output as it comes: decodes it across chunk borders, keeps head and tail of
 * what is too long for the result, and writes all of it to a file on the host from the moment it is too long.
 */
export class OutputCapture {
  readonly #captureChars: number;
  readonly #allowance: OutputAllowance;
  readonly #spoolFolder: string;
  readonly #decoder = new TextDecoder("utf-8");
  #pending: Uint8Array[] = [];
  #head = "";
  #tail = "";
  #chars = 0;
  #totalBytes = 0;
  #spool: number | null = null;
  #spoolUsable = true;

  constructor(captureChars: number, allowance: OutputAllowance, spoolFolder: string) {
    this.#captureChars = Math.max(2, captureChars);
    this.#allowance = allowance;
    this.#spoolFolder = spoolFolder;
  }

  /** @returns the text of this chunk, empty when it is beyond what is kept */
  write(chunk: Uint8Array): string {
    this.#totalBytes += chunk.length;
    const kept = chunk.subarray(0, Math.min(chunk.length, this.#allowance.remainingBytes));
    this.#allowance.remainingBytes -= kept.length;
    if (kept.length > 0) this.#keep(kept);
    const text = this.#decoder.decode(chunk, { stream: true });
    this.#append(text);
    return kept.length === 0 ? "" : text;
  }

  /** Ends the stream; text that was still waiting for bytes of its character comes out as U+FFFD. */
  end(): string {
    const rest = this.#decoder.decode();
    this.#append(rest);
    this.#pending = [];
    return rest;
  }

  get isTruncated(): boolean {
    return this.#chars > this.#captureChars;
  }

  /** The full bytes from the start; null when the result holds all of them or the host could not keep them. */
  openSpooled(): Readable | null {
    if (this.#spool === null) return null;
    return createReadStream("", { fd: this.#spool, start: 0, autoClose: false });
  }

  /** @param fullPath - where in the sandbox the full text lies; null when it could not be put there */
  toCaptured(fullPath: string | null): CapturedOutput {
    const totalBytes = this.#totalBytes;
    if (!this.isTruncated) return { text: this.#head + this.#tail, totalBytes, truncated: false };
    this.#tail = lastCharacters(this.#tail, this.#tailRoom);
    const cut = this.#chars - this.#head.length - this.#tail.length;
    const where = fullPath === null ? "the full output was not kept" : `full output in ${fullPath}`;
    const notice = `\n[… ${cut} characters cut here; ${where} …]\n`;
    const text = `${this.#head}${notice}${this.#tail}`;
    return { text, totalBytes, truncated: true, ...(fullPath === null ? {} : { fullPath }) };
  }

  discard(): void {
    if (this.#spool !== null) closeSync(this.#spool);
    this.#spool = null;
  }

  #append(text: string): void {
    this.#chars += text.length;
    const half = this.#captureChars / 2;
    const headRoom = Math.ceil(half) - this.#head.length;
    if (this.#tail === "" && headRoom > 0) {
      const end = characterBorder(text, headRoom);
      this.#head += text.slice(0, end);
      if (end === text.length) return;
      this.#tail = text.slice(end);
    } else {
      this.#tail += text;
    }
    // Cut the tail now and then only, so that a long stream of small chunks costs linear time.
    if (this.#tail.length > 2 * this.#tailRoom + 65_536)
      this.#tail = lastCharacters(this.#tail, this.#tailRoom);
    if (this.isTruncated && this.#spool === null && this.#spoolUsable) this.#openSpool();
  }

  get #tailRoom(): number {
    return this.#captureChars - this.#head.length;
  }

  #keep(bytes: Uint8Array): void {
    if (this.#spool === null) this.#pending.push(bytes);
    else this.#writeSpool(bytes);
  }

  #openSpool(): void {
    try {
      const path = join(this.#spoolFolder, `rebench-output-${randomUUID()}`);
      this.#spool = openSync(path, "wx+", 0o600);
      // Nameless from the start: nothing stays behind, whatever happens to the harness.
      rmSync(path);
    } catch {
      this.#spoolUsable = false;
      this.#pending = [];
      return;
    }
    for (const bytes of this.#pending) this.#writeSpool(bytes);
    this.#pending = [];
  }

  #writeSpool(bytes: Uint8Array): void {
    if (this.#spool === null) return;
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#spool, bytes, at);
    } catch {
      // The host's disk is full: the result still holds head and tail.
      closeSync(this.#spool);
      this.#spool = null;
      this.#spoolUsable = false;
    }
  }
}

/** Cuts never part the two halves of a character outside the basic plane. */
function characterBorder(text: string, at: number): number {
  const code = text.charCodeAt(at - 1);
  return at < text.length && code >= 0xd800 && code <= 0xdbff ? at - 1 : Math.min(at, text.length);
}

function lastCharacters(text: string, count: number): string {
  if (text.length <= count) return text;
  const start = text.length - count;
  const code = text.charCodeAt(start);
  return text.slice(code >= 0xdc00 && code <= 0xdfff ? start + 1 : start);
}
