import { isBetter, type ScoreDirection } from "../environment/index.ts";
import type { ScoreEntry, ScoringResult } from "./result.ts";

/** Which entry of the score log is the run's score. */
export type FinalRule = "best" | "last";

type Scored = Extract<ScoringResult, { result: "scored" }>;

/** An entry whose scoring gave a number. */
export type ScoredEntry = ScoreEntry & { readonly result: Scored };

/** One entry, or that there is none to choose from. */
export type Choice = { readonly kind: "entry"; readonly entry: ScoredEntry } | { readonly kind: "none" };

/** The score of a run by the log, with and without what is under review. Both are always reported. */
export interface FinalScore {
  /** Over the entries that are not flagged, and the flagged ones a reviewer accepted. */
  readonly logged: Choice;
  /** As if every flag were accepted. */
  readonly withFlagged: Choice;
  /** Indexes of the flagged entries that no reviewer accepted, in order. */
  readonly underReview: readonly number[];
}

/** Entries a person has looked at and found honest although they beat the plausible limit, by index. */
export type AcceptedFlags = ReadonlySet<number>;

const noneAccepted: AcceptedFlags = new Set();

/** The best entry by raw score; of equals the first. Flagged entries count only once accepted. */
export function bestEntry(
  entries: readonly ScoreEntry[],
  direction: ScoreDirection,
  accepted: AcceptedFlags = noneAccepted,
): Choice {
  return choose(counting(entries, accepted), "best", direction);
}

/** The entry that the rule names. Flagged entries count only once accepted; entry 0 counts like any other. */
export function finalEntry(
  entries: readonly ScoreEntry[],
  rule: FinalRule,
  direction: ScoreDirection,
  accepted: AcceptedFlags = noneAccepted,
): Choice {
  return choose(counting(entries, accepted), rule, direction);
}

/** The run's score with and without flagged entries, and which those are. */
export function toFinalScore(
  entries: readonly ScoreEntry[],
  rule: FinalRule,
  direction: ScoreDirection,
  accepted: AcceptedFlags = noneAccepted,
): FinalScore {
  return {
    logged: finalEntry(entries, rule, direction, accepted),
    withFlagged: choose(entries.filter(isScored), rule, direction),
    underReview: entries
      .filter(isScored)
      .filter(({ index, result }) => result.flag !== null && !accepted.has(index))
      .map(({ index }) => index),
  };
}

function isScored(entry: ScoreEntry): entry is ScoredEntry {
  return entry.result.result === "scored";
}

function counting(entries: readonly ScoreEntry[], accepted: AcceptedFlags): readonly ScoredEntry[] {
  return entries.filter(isScored).filter(({ index, result }) => result.flag === null || accepted.has(index));
}

function choose(entries: readonly ScoredEntry[], rule: FinalRule, direction: ScoreDirection): Choice {
  const [first, ...rest] = entries;
  if (first === undefined) return { kind: "none" };
  const entry = rest.reduce(
    (chosen, next) =>
      rule === "last" || isBetter(next.result.raw, chosen.result.raw, direction) ? next : chosen,
    first,
  );
  return { kind: "entry", entry };
}
