import { isBetter } from "../../environment/index.ts";
import type { PublishedEnvironment } from "./published-environments.ts";
import type { RunFlag } from "./run-row.ts";

/** Flags a raw score of the paper's scale that is as good as, or better than, its authors thought possible. */
export function toCeilingFlags(raw: number, environment: PublishedEnvironment): readonly RunFlag[] {
  const { ceiling, direction } = environment;
  if (isBetter(raw, ceiling.bold, direction)) {
    const detail = `raw score ${toText(raw)} is past ${toText(ceiling.bold)}, the best thought possible (${ceiling.source})`;
    return [{ kind: "impossible-score", detail }];
  }
  if (isBetter(ceiling.cautious, raw, direction)) return [];
  const detail = `raw score ${toText(raw)} reaches ${toText(ceiling.cautious)}, where the best thought possible begins (${ceiling.source})`;
  return [{ kind: "review-score", detail }];
}

function toText(value: number): string {
  return value.toFixed(3);
}
