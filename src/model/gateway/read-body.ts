import type { IncomingMessage } from "node:http";
import { type Refusal, refuse } from "./refusal.ts";

/** Memory that bodies may take: one, and all that are held at the same time. */
export interface BodyLimits {
  readonly oneBytes: number;
  readonly allBytes: number;
}

/** A body too large is read on and dropped up to so many times its limit, so that the client hears why. */
const patience = 16;

/** Reads bodies within bounds; what is read counts as held until it is released. */
export class BodyReader {
  readonly #limits: BodyLimits;
  #heldBytes = 0;

  constructor(limits: BodyLimits) {
    this.#limits = limits;
  }

  /** @returns Null when the connection broke first. */
  async read(
    incoming: IncomingMessage,
  ): Promise<
    { readonly bytes: Buffer; readonly release: () => void } | { readonly refusal: Refusal } | null
  > {
    const { oneBytes, allBytes } = this.#limits;
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let refusal: Refusal | null = null;
    const drop = (because: Refusal) => {
      refusal = because;
      this.#heldBytes -= chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
      chunks.length = 0;
    };
    if (incoming.headers["content-encoding"] !== undefined) {
      drop(refuse("body_malformed", "the gateway takes no compressed body"));
    }
    try {
      for await (const part of incoming) {
        const chunk: Buffer = part;
        sizeBytes += chunk.byteLength;
        if (sizeBytes > oneBytes * patience) {
          incoming.destroy();
          break;
        }
        if (refusal !== null) continue;
        if (sizeBytes > oneBytes) {
          drop(refuse("request_too_large", `the body is larger than ${oneBytes} bytes`));
        } else if (this.#heldBytes + chunk.byteLength > allBytes) {
          drop(refuse("busy", "too many large requests are under way; try again in a moment"));
        } else {
          this.#heldBytes += chunk.byteLength;
          chunks.push(chunk);
        }
      }
    } catch {
      drop(refuse("body_malformed", "the connection broke"));
      return null;
    }
    if (refusal !== null) return { refusal };
    let isHeld = true;
    return {
      bytes: Buffer.concat(chunks),
      release: () => {
        if (isHeld) this.#heldBytes -= sizeBytes;
        isHeld = false;
      },
    };
  }
}
