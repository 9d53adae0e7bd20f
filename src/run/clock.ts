import type { PauseReason, RunEvent } from "./events.ts";

/**
 * The one count of time a run has spent: a pure function of its events. Time passes between two events when the
 * clock is started, not stopped, and nothing pauses it. The gap before `run-resumed` never counts: nothing ran.
 */
export interface ClockState {
  readonly phase: "not-started" | "started" | "stopped";
  readonly pauses: readonly PauseReason[];
  /** Milliseconds on the clock at {@link asOf}. */
  readonly elapsedMs: number;
  /** Time of the newest event, milliseconds since 1970; null before the first. */
  readonly asOf: number | null;
}

/** The clock before the first event. */
export const initialClock: ClockState = { phase: "not-started", pauses: [], elapsedMs: 0, asOf: null };

/** True when time counts. */
export function isClockRunning(clock: ClockState): boolean {
  return clock.phase === "started" && clock.pauses.length === 0;
}

/** Milliseconds on the clock at a moment not before the newest event. */
export function elapsedAt(clock: ClockState, at: number): number {
  if (clock.asOf === null || !isClockRunning(clock)) return clock.elapsedMs;
  return clock.elapsedMs + Math.max(0, at - clock.asOf);
}

/** The clock after one more event. */
export function reduceClock(clock: ClockState, event: ClockEvent): ClockState {
  if (event.type === "run-resumed") {
    // What is begun anew pauses anew if it must; only a person's pause outlives the process.
    return { ...clock, pauses: clock.pauses.filter((reason) => reason === "person"), asOf: event.at };
  }
  const counted: ClockState = { ...clock, elapsedMs: elapsedAt(clock, event.at), asOf: event.at };
  switch (event.type) {
    case "clock-started":
      return counted.phase === "not-started" ? { ...counted, phase: "started" } : counted;
    case "clock-stopped":
    case "run-ended":
      return { ...counted, phase: "stopped" };
    case "clock-paused":
      return counted.pauses.includes(event.reason)
        ? counted
        : { ...counted, pauses: [...counted.pauses, event.reason] };
    case "clock-resumed":
      return { ...counted, pauses: counted.pauses.filter((reason) => reason !== event.reason) };
    case "clock-credited":
      return { ...counted, elapsedMs: Math.max(0, counted.elapsedMs - event.creditMs) };
    default:
      return counted;
  }
}

/** What the clock reads of an event. */
export type ClockEvent = Pick<RunEvent, "at"> &
  (
    | { readonly type: "clock-paused" | "clock-resumed"; readonly reason: PauseReason }
    | { readonly type: "clock-credited"; readonly creditMs: number }
    | { readonly type: Exclude<RunEvent["type"], "clock-paused" | "clock-resumed" | "clock-credited"> }
  );

/** `1:02:03` or `4:05` for milliseconds. */
export function toClockText(milliseconds: number): string {
  const total = Math.floor(milliseconds / 1000);
  const seconds = String(total % 60).padStart(2, "0");
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}
