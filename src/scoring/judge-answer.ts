import type { Duplex } from "node:stream";
import { reasonOf } from "../errors/index.ts";
import { type JudgeAnswer, judgeAnswerSchema } from "./result.ts";

/** Longest answer line, its newline included. */
const answerBytes = 64 * 1024;

/** Why what came over the judge's descriptor is no answer. */
export type AnswerFault =
  | "no-answer"
  | "answer-too-long"
  | "second-answer"
  | "malformed-answer"
  | "wrong-request-id";

/** An answer that keeps to the protocol, or why there is none. */
export type ReceivedAnswer =
  | { readonly kind: "answer"; readonly answer: JudgeAnswer }
  | { readonly kind: "fault"; readonly fault: AnswerFault; readonly problem: string };

/**
 * Reads a judge's descriptor: one line, then the end. Keeps at most one line's worth of bytes.
 *
 * `settled` is resolved once nothing that follows can change what was received: at the end of the stream, or at the
 * first byte too many.
 */
export class AnswerReader {
  readonly settled: Promise<void>;
  /** Resolves at the first complete line, or with `settled`. */
  readonly firstLine: Promise<void>;
  readonly #requestId: string;
  readonly #chunks: Buffer[] = [];
  #receivedBytes = 0;
  #newlineAt: number | null = null;

  constructor(channel: Duplex, requestId: string) {
    this.#requestId = requestId;
    const line = Promise.withResolvers<void>();
    const settled = Promise.withResolvers<void>();
    this.firstLine = line.promise;
    this.settled = settled.promise;
    const settle = () => {
      line.resolve();
      settled.resolve();
    };
    channel.on("data", (chunk: Buffer) => {
      this.#take(chunk);
      if (this.#newlineAt !== null) line.resolve();
      if (this.#isBroken()) settle();
    });
    for (const event of ["end", "close", "error"]) channel.on(event, settle);
  }

  /** What was received so far, judged. */
  read(): ReceivedAnswer {
    if (this.#newlineAt === null) {
      return this.#receivedBytes > answerBytes
        ? fault("answer-too-long", `more than ${answerBytes} bytes without a newline`)
        : fault("no-answer", `${this.#receivedBytes} bytes and no whole line`);
    }
    if (this.#newlineAt >= answerBytes) return fault("answer-too-long", `more than ${answerBytes} bytes`);
    if (this.#receivedBytes > this.#newlineAt + 1)
      return fault("second-answer", "bytes after the answer's line");
    return parseAnswer(Buffer.concat(this.#chunks).subarray(0, this.#newlineAt), this.#requestId);
  }

  #isBroken(): boolean {
    if (this.#newlineAt === null) return this.#receivedBytes > answerBytes;
    return this.#receivedBytes > this.#newlineAt + 1;
  }

  #take(chunk: Buffer): void {
    if (!this.#isBroken()) {
      if (this.#newlineAt === null) {
        const at = chunk.indexOf("\n");
        if (at >= 0) this.#newlineAt = this.#receivedBytes + at;
      }
      this.#chunks.push(chunk);
    }
    this.#receivedBytes += chunk.length;
  }
}

/** Checks one line, its newline left out. */
export function parseAnswer(line: Uint8Array, requestId: string): ReceivedAnswer {
  let answer: JudgeAnswer;
  try {
    answer = judgeAnswerSchema.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(line)));
  } catch (error) {
    // Nesting deep enough to exhaust the stack ends here too.
    return fault("malformed-answer", reasonOf(error));
  }
  if (answer.requestId !== requestId) return fault("wrong-request-id", "the answer is to another request");
  return { kind: "answer", answer };
}

function fault(name: AnswerFault, problem: string): ReceivedAnswer {
  return { kind: "fault", fault: name, problem };
}
