const shownAtEachEnd = 300;

/** Characters of one tool's answer that enter the history: 100,000, or 8,000 once over half of the tokens are used. */
export function outputLimitChars(tokenShare: number): number {
  return tokenShare > 0.5 ? 8_000 : 100_000;
}

/**
 * The text as it is, or its first and last 300 characters around a line that says where the whole is.
 *
 * @param whole - Sentence about where the whole text can be read, e.g. a path.
 */
export function limitOutput(text: string, limitChars: number, whole: string): string {
  if (text.length <= limitChars) return text;
  const head = text.slice(0, shownAtEachEnd).toWellFormed();
  const tail = text.slice(-shownAtEachEnd).toWellFormed();
  const left = text.length - 2 * shownAtEachEnd;
  return `${head}\n[… ${left.toLocaleString("en-US")} characters left out; ${whole} …]\n${tail}`;
}
