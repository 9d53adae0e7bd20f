import type { RunEvent } from "../../src/run/index.ts";

/** Where in its life a run is killed. */
export type Stage =
  | "before the first event"
  | "entry 0"
  | "model call"
  | "command"
  | "file write"
  | "snapshot"
  | "judging"
  | "last scoring"
  | "in between";

/** Every stage a kill has to have hit. */
export const stages: readonly Stage[] = [
  "before the first event",
  "entry 0",
  "model call",
  "command",
  "file write",
  "snapshot",
  "judging",
  "last scoring",
];

/** What is going on between two neighbouring events. */
export function stageBetween(before: RunEvent | undefined, after: RunEvent | undefined): Stage {
  if (before === undefined) return "before the first event";
  if (after?.type === "score-requested") return after.operation === null ? unasked(after.entry) : "snapshot";
  if (after?.type === "file-written") return "file write";
  switch (before.type) {
    case "score-requested":
      return before.operation === null ? unasked(before.entry) : "judging";
    case "command-started":
      return "command";
    case "model-requested":
      return "model call";
    default:
      return "in between";
  }
}

function unasked(entry: number): Stage {
  return entry === 0 ? "entry 0" : "last scoring";
}
