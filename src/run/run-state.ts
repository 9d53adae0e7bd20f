import type { ScoreEntry, ScoringResult, SnapshotRef } from "../scoring/index.ts";
import { type ClockState, initialClock, reduceClock } from "./clock.ts";
import type { EndReason, RunEvent } from "./events.ts";
import { initialUsage, reduceUsage, type UsageState } from "./usage.ts";

/** A scoring whose snapshot is kept and whose result is not recorded yet. */
export interface PendingEntry {
  readonly operation: number | null;
  readonly index: number;
  readonly snapshot: SnapshotRef;
  readonly clockMs: number;
}

/** One scoring of a kept snapshot after the run. */
export interface Rescoring {
  readonly entry: number;
  readonly purpose: "rescore" | "confirm";
  readonly batch: string;
  readonly result: ScoringResult;
}

/** How the agent's time ended; set before the last scoring. */
export interface RunEnding {
  readonly reason: EndReason;
  readonly message: string;
}

/** What the events of a run add up to. Derived, never stored. */
export interface RunState {
  readonly phase: "created" | "running" | "interrupted" | "ended";
  readonly clock: ClockState;
  readonly usage: UsageState;
  /** The score log, in order; entry 0 is the starting solution. */
  readonly entries: readonly ScoreEntry[];
  /** In the order asked for; more than one only where scores are hidden, since those are judged at the end. */
  readonly pending: readonly PendingEntry[];
  readonly rescorings: readonly Rescoring[];
  /** True once the scoring at the end is asked for. */
  readonly finalRequested: boolean;
  readonly ending: RunEnding | null;
  /** Why the run last stopped before its end; null while it runs and once it has ended. */
  readonly interruption: string | null;
  readonly startedAt: number | null;
  readonly lastEventAt: number | null;
  readonly events: number;
}

/** The state before the first event. */
export const initialRunState: RunState = {
  phase: "created",
  clock: initialClock,
  usage: initialUsage,
  entries: [],
  pending: [],
  rescorings: [],
  finalRequested: false,
  ending: null,
  interruption: null,
  startedAt: null,
  lastEventAt: null,
  events: 0,
};

/** The run after one more event. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  const next: RunState = {
    ...state,
    clock: reduceClock(state.clock, event),
    usage: reduceUsage(state.usage, event),
    lastEventAt: event.at,
    events: state.events + 1,
  };
  switch (event.type) {
    case "run-started":
      return { ...next, phase: "running", startedAt: event.at };
    case "run-resumed":
      return { ...next, phase: "running", interruption: null };
    case "run-interrupted":
      return { ...next, phase: "interrupted", interruption: event.message };
    case "run-ended":
      return { ...next, phase: "ended", ending: { reason: event.reason, message: event.message } };
    case "clock-stopped":
      return { ...next, ending: { reason: event.reason, message: event.message } };
    case "score-requested": {
      const { operation, entry: index, snapshot, clockMs } = event;
      return {
        ...next,
        pending: [...state.pending, { operation, index, snapshot, clockMs }],
        finalRequested: state.finalRequested || (operation === null && index > 0),
      };
    }
    case "score-recorded": {
      const [first, ...pending] = state.pending;
      if (first === undefined) return next;
      const { index, snapshot, clockMs } = first;
      const { result, durationMs } = event;
      const entry: ScoreEntry = { index, clockMs, snapshot, result, durationMs };
      return { ...next, pending, entries: [...state.entries, entry] };
    }
    case "entry-rescored": {
      const { entry, purpose, batch, result } = event;
      return { ...next, rescorings: [...state.rescorings, { entry, purpose, batch, result }] };
    }
    default:
      return next;
  }
}
