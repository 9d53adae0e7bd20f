import { expect, test } from "vitest";
import type { RunEvent } from "../events.ts";
import { initialRunState } from "../run-state.ts";
import { findRunProblems, type HostileRun } from "./try-agent.ts";

const envelope = { hash: "", previous: "", schemaVersion: 1, seq: 0, at: 0 } as const;
const toSnapshot = (tree: string) => ({ treeSha256: tree.repeat(64), files: 1, sizeBytes: 1 });
const toRequest = (entry: number, operation: number | null): RunEvent => ({
  ...{ ...envelope, type: "score-requested", operation, entry, snapshot: toSnapshot("a"), clockMs: 0 },
});
const toEntry = (index: number, raw: number) => ({
  ...{ index, clockMs: 0, snapshot: toSnapshot("a"), durationMs: 1 },
  result: { result: "scored", raw, normalized: 0, flag: null, message: "", details: {} } as const,
});

/** A run from start 10 to reference 0 in which nothing was gained: one score was asked for. */
const sound: HostileRun = {
  state: {
    ...initialRunState,
    phase: "ended",
    ending: { reason: "time-limit", message: "the time limit was reached" },
    entries: [toEntry(0, 10), toEntry(1, 11), toEntry(2, 10)],
  },
  events: [toRequest(0, null), toRequest(1, 5), toRequest(2, null)],
  anchors: {
    start: { raw: 10, n: 1, standardDeviation: null },
    reference: { raw: 0, n: 1, standardDeviation: null },
    provenance: { kind: "published", source: "a test" },
  },
  most: 0.05,
  asks: 1,
  leftTree: "a".repeat(64),
  verification: [],
};

test("a run in which nothing was gained has no problem", () => {
  expect(findRunProblems(sound)).toEqual([]);
});

const { state, events } = sound;
test.each<[string, Partial<HostileRun>, string]>([
  ["did not end", { state: { ...state, phase: "interrupted" } }, "the run is interrupted"],
  [
    "was ended as a failure of the platform",
    { state: { ...state, ending: { reason: "platform-failed", message: "no room" } } },
    "no room",
  ],
  ["has an entry nobody asked for", { asks: 0 }, "3 entries, of which 1 were asked for"],
  [
    "has an entry without a request",
    { state: { ...state, entries: [...state.entries, toEntry(3, 10)] } },
    "4 entries",
  ],
  ["has a third entry of the harness's own", { events: [...events, toRequest(3, null)] }, "3 entries"],
  ["went on after the last scoring", { leftTree: "b".repeat(64) }, "not what was scored last"],
  [
    "is worth more than the start",
    { state: { ...state, entries: [toEntry(0, 10), toEntry(1, 9), toEntry(2, 10)] } },
    "entry 1 is worth 0.100",
  ],
  ["does not verify", { verification: ["line 3: no JSON"] }, "line 3"],
])("a run that %s has one", (_what, change, problem) => {
  expect(findRunProblems({ ...sound, ...change })).toEqual([expect.stringContaining(problem)]);
});
