import { z } from "zod";
import { type GenerateRequest, type Message, messageSchema } from "../model/index.ts";

/**
 * A conversation asks with nearly all it asked with before, so a request says
 * how many messages it shares with the beginning of an earlier one and adds the rest: the log then grows with what
 * was said, not with its square.
 */
const storedRequestSchema = z.looseObject({
  base: z.strictObject({ operation: z.int().nonnegative(), messages: z.int().positive() }).nullable(),
  messages: z.array(messageSchema),
});
/** A model request as the log keeps it; {@link expandMessages} gives the whole conversation. */
export type StoredRequest = z.infer<typeof storedRequestSchema>;

/** Shortens the requests of one run; equal requests in an equal order give equal texts, as replay needs. */
export class RequestShortener {
  #last: { readonly operation: number; readonly messages: readonly string[] } | null = null;

  /** The text to keep for a request. */
  shorten(request: GenerateRequest, operation: number): string {
    const { messages, ...rest } = request;
    const texts = messages.map((message) => JSON.stringify(message));
    const shared = countShared(this.#last?.messages ?? [], texts);
    const base =
      this.#last === null || shared === 0 ? null : { operation: this.#last.operation, messages: shared };
    this.#last = { operation, messages: texts };
    return `{"base":${JSON.stringify(base)},"messages":[${texts.slice(shared).join(",")}],"settings":${JSON.stringify(rest)}}`;
  }
}

/** Reads what {@link RequestShortener} wrote. @throws ZodError for any other text */
export function parseStoredRequest(text: string): StoredRequest {
  return storedRequestSchema.parse(JSON.parse(text));
}

/**
 * The whole conversation a request was made with.
 *
 * @param read - Gives the stored request of an operation.
 */
export function expandMessages(
  request: StoredRequest,
  read: (operation: number) => StoredRequest,
): readonly Message[] {
  const parts: (readonly Message[])[] = [];
  let current = request;
  let wanted = Number.POSITIVE_INFINITY;
  for (;;) {
    const own = current.base?.messages ?? 0;
    parts.unshift(current.messages.slice(0, Math.max(0, wanted - own)));
    if (current.base === null) return parts.flat();
    wanted = Math.min(wanted, own);
    current = read(current.base.operation);
  }
}

function countShared(before: readonly string[], now: readonly string[]): number {
  let count = 0;
  while (count < now.length && before[count] === now[count]) count += 1;
  return count;
}
