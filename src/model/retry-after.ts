/**
 * How long a provider asks to wait, in milliseconds, from the headers of a failed answer (lower-case names).
 * Null when it does not say, or says it in no known way.
 *
 * A date is read against the `date` header of the same answer where there is one, so that a wrong local clock does
 * no harm.
 *
 * @see RFC 9110 section 10.2.3 for `retry-after`; `retry-after-ms` is an extension that OpenAI uses.
 */
export function parseRetryAfterMs(
  headers: Readonly<Record<string, string | undefined>>,
  wallClockMs: () => number,
): number | null {
  const milliseconds = toNumber(headers["retry-after-ms"]);
  if (milliseconds !== null) return milliseconds;
  const text = headers["retry-after"];
  const seconds = toNumber(text);
  if (seconds !== null) return Math.ceil(seconds * 1000);
  // `Date.parse` makes a date of almost anything; HTTP dates begin with a day and hold a time.
  const dateMs = /^\s*[A-Za-z]{3,},? .*\d\d:\d\d:\d\d/.test(text ?? "") ? Date.parse(text ?? "") : Number.NaN;
  if (Number.isNaN(dateMs)) return null;
  const answeredMs = Date.parse(headers.date ?? "");
  return Math.max(0, dateMs - (Number.isNaN(answeredMs) ? wallClockMs() : answeredMs));
}

/** A plain, non-negative decimal number, or null. */
function toNumber(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null;
}
