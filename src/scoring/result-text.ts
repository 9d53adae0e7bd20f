import { assertNever } from "../errors/index.ts";
import type { ScoringResult } from "./result.ts";

/** One scoring in a few words, for people. */
export function toResultText(result: ScoringResult): string {
  switch (result.result) {
    case "scored": {
      const review = result.flag === null ? "" : ` (${result.flag}: needs review)`;
      return `raw ${result.raw.toFixed(4)}, normalized ${result.normalized.toFixed(3)}${review}`;
    }
    case "invalid":
      return `invalid: ${result.reason}`;
    case "timed-out":
      return `timed out after ${result.limitSeconds} s`;
    case "judge-failed":
      return `judge failed: ${result.reason}`;
    default:
      return assertNever(result);
  }
}
