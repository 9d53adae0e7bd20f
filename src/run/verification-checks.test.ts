import { expect, test } from "vitest";
import type { RunEvent } from "./events.ts";
import { createTestRecord } from "./testing/fake-run.ts";
import { ClockCheck, ScoresCheck } from "./verification-checks.ts";

const envelope = { hash: "", previous: "", schemaVersion: 1, seq: 0, at: 0 } as const;
const scoring = {
  result: { result: "scored", raw: 5, normalized: 0.5, flag: null, message: "", details: {} },
  seed: null,
  durationMs: 1,
  log: { text: "" },
} as const;
const snapshot = { treeSha256: "0".repeat(64), files: 0, sizeBytes: 0 };
const asked: RunEvent = {
  ...envelope,
  type: "score-requested",
  operation: null,
  entry: 0,
  snapshot,
  clockMs: 0,
};
const recorded: RunEvent = { ...envelope, type: "score-recorded", operation: null, entry: 0, ...scoring };
const again = (entry: number): RunEvent => ({
  ...envelope,
  type: "entry-rescored",
  entry,
  purpose: "confirm",
  batch: "b",
  ...scoring,
});

test.each([
  { what: "an entry judged again that was recorded holds", events: [asked, recorded, again(0)], problems: 0 },
  { what: "one that never was does not", events: [asked, recorded, again(1)], problems: 1 },
])("$what", ({ events, problems }) => {
  const check = new ScoresCheck(createTestRecord());
  for (const event of events) check.see(event);
  expect(check.toResult().problems).toHaveLength(problems);
});

const started: RunEvent = { ...envelope, type: "clock-started" };
const exchange: RunEvent = {
  ...envelope,
  at: 900,
  type: "gateway-exchange",
  phase: "agent",
  protocol: "openai",
  name: null,
  status: "refused",
  request: { text: "null" },
  result: { text: "null" },
  completedCalls: 0,
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  durationMs: 1,
  clientGone: false,
};
const noted: RunEvent = { ...envelope, at: 900, type: "note-added", operation: 0, request: { text: "" } };

test.each([
  { what: "a reading as of its event holds", between: [], clockMs: 1_000, problems: 0 },
  {
    what: "one from before a program asked the gateway holds",
    between: [exchange],
    clockMs: 500,
    problems: 0,
  },
  { what: "one from before another operation does not", between: [noted], clockMs: 500, problems: 1 },
  { what: "one from after its event does not", between: [exchange], clockMs: 1_100, problems: 1 },
])("$what", ({ between, clockMs, problems }) => {
  const check = new ClockCheck();
  for (const event of [started, ...between, { ...asked, at: 1_000, clockMs }]) check.see(event);
  expect(check.toResult().problems).toHaveLength(problems);
});
