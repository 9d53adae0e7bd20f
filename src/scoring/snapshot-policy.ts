import { isBetter, type ScoreDirection } from "../environment/index.ts";
import type { ScoreEntry } from "./result.ts";
import { type FinalRule, finalEntry } from "./score-log.ts";

/**
 * Which snapshots keep their content. Manifests are always kept.
 * `all`; `improvements`: those that were better than all before; `final`: the one that is the run's score.
 */
export type SnapshotPolicy = "all" | "improvements" | "final";

/**
 * Snapshots whose content may go, given the log so far. Kept under every policy: the starting solution, the newest
 * entry, and entries a person or the judge still has to settle (flagged, `judge-failed`, `timed-out`).
 *
 * @returns Tree hashes, each once, in the order of the log.
 */
export function toDroppableSnapshots(
  entries: readonly ScoreEntry[],
  policy: SnapshotPolicy,
  rule: FinalRule,
  direction: ScoreDirection,
): readonly string[] {
  if (policy === "all") return [];
  const kept = entries.filter(
    (entry, position) => position === 0 || position === entries.length - 1 || isUnsettled(entry),
  );
  const final = finalEntry(entries, rule, direction);
  if (final.kind === "entry") kept.push(final.entry);
  if (policy === "improvements") kept.push(...improvements(entries, direction));
  const keptTrees = toTrees(kept);
  return [...toTrees(entries)].filter((tree) => !keptTrees.has(tree));
}

function toTrees(entries: readonly ScoreEntry[]): ReadonlySet<string> {
  return new Set(entries.map(({ snapshot }) => snapshot.treeSha256));
}

function isUnsettled({ result }: ScoreEntry): boolean {
  if (result.result === "scored") return result.flag !== null;
  return result.result !== "invalid";
}

function improvements(entries: readonly ScoreEntry[], direction: ScoreDirection): readonly ScoreEntry[] {
  let best: number | null = null;
  return entries.filter(({ result }) => {
    if (result.result !== "scored" || result.flag !== null) return false;
    if (best !== null && !isBetter(result.raw, best, direction)) return false;
    best = result.raw;
    return true;
  });
}
