import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ClockEvent,
  type ClockState,
  elapsedAt,
  initialClock,
  isClockRunning,
  reduceClock,
} from "./clock.ts";

const started: ClockEvent = { type: "clock-started", at: 1_000 };

function replay(events: readonly ClockEvent[]): ClockState {
  return events.reduce(reduceClock, initialClock);
}

/** Any legal history: times never go back, and what happens in between is any mixture of events. */
const history = fc
  .array(
    fc.record({
      gapMs: fc.nat({ max: 10_000 }),
      make: fc.constantFrom<(at: number) => ClockEvent>(
        (at) => ({ type: "clock-paused", reason: "provider", at }),
        (at) => ({ type: "clock-resumed", reason: "provider", at }),
        (at) => ({ type: "clock-paused", reason: "person", at }),
        (at) => ({ type: "clock-resumed", reason: "person", at }),
        (at) => ({ type: "clock-ticked", at }),
        (at) => ({ type: "run-resumed", at }),
        (at) => ({ type: "command-started", at }),
        (at) => ({ type: "clock-credited", creditMs: 500, at }),
      ),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let at = started.at;
    const moments = steps.map(({ gapMs, make }) => {
      at += gapMs;
      return make(at);
    });
    return [started, ...moments];
  });

describe("clock", () => {
  test("counts nothing before it is started", () => {
    expect(
      replay([
        { type: "run-started", at: 0 },
        { type: "sandbox-opened", at: 9_000 },
      ]).elapsedMs,
    ).toBe(0);
  });

  test("counts from start to stop, and nothing after", () => {
    const stopped = replay([
      started,
      { type: "clock-stopped", at: 4_000 },
      { type: "clock-ticked", at: 9_000 },
    ]);
    expect(stopped.elapsedMs).toBe(3_000);
    expect(elapsedAt(stopped, 20_000)).toBe(3_000);
  });

  test("stands still while anything pauses it", () => {
    const clock = replay([
      started,
      { type: "clock-paused", reason: "provider", at: 2_000 },
      { type: "clock-paused", reason: "person", at: 3_000 },
      { type: "clock-resumed", reason: "provider", at: 5_000 },
      { type: "clock-resumed", reason: "person", at: 8_000 },
      { type: "clock-ticked", at: 9_500 },
    ]);
    expect(clock.elapsedMs).toBe(1_000 + 1_500);
  });

  test("leaves the gap of a crash out, whatever its length", () => {
    const clock = replay([
      started,
      { type: "clock-ticked", at: 6_000 },
      { type: "run-resumed", at: 9_000_000 },
      { type: "clock-ticked", at: 9_001_000 },
    ]);
    expect(clock.elapsedMs).toBe(5_000 + 1_000);
  });

  test("a crash while waiting for the provider ends that pause; a person's pause stays", () => {
    const crashed = [
      started,
      { type: "clock-paused", reason: "provider", at: 2_000 },
      { type: "run-resumed", at: 5_000 },
    ] as const satisfies readonly ClockEvent[];
    expect(isClockRunning(replay(crashed))).toBe(true);
    expect(
      isClockRunning(
        replay([
          started,
          { type: "clock-paused", reason: "person", at: 2_000 },
          { type: "run-resumed", at: 5_000 },
        ]),
      ),
    ).toBe(false);
  });

  test("a credit takes time back, never below zero", () => {
    expect(replay([started, { type: "clock-credited", creditMs: 400, at: 2_000 }]).elapsedMs).toBe(600);
    expect(replay([started, { type: "clock-credited", creditMs: 5_000, at: 2_000 }]).elapsedMs).toBe(0);
  });

  test("property: never more than the wall time, never negative, and only credits take it back", () => {
    fc.assert(
      fc.property(history, (events) => {
        let clock = initialClock;
        for (const event of events) {
          const before = clock.elapsedMs;
          clock = reduceClock(clock, event);
          expect(clock.elapsedMs).toBeGreaterThanOrEqual(0);
          expect(clock.elapsedMs).toBeLessThanOrEqual(event.at - started.at);
          if (event.type !== "clock-credited") expect(clock.elapsedMs).toBeGreaterThanOrEqual(before);
        }
      }),
    );
  });

  test("property: ticks change nothing, wherever they are put in", () => {
    fc.assert(
      fc.property(history, fc.nat(), (events, where) => {
        const index = 1 + (where % events.length);
        const at = events[index]?.at ?? events.at(-1)?.at ?? 0;
        // Before a resume a tick marks time that was spent and would otherwise be lost with the crash.
        fc.pre(events[index]?.type !== "run-resumed");
        const ticked = [
          ...events.slice(0, index),
          { type: "clock-ticked", at } as const,
          ...events.slice(index),
        ];
        expect(replay(ticked)).toEqual(replay(events));
      }),
    );
  });

  test("property: reading ahead agrees with an event at that moment", () => {
    fc.assert(
      fc.property(history, fc.nat({ max: 10_000 }), (events, laterMs) => {
        const clock = replay(events);
        const at = (clock.asOf ?? 0) + laterMs;
        expect(elapsedAt(clock, at)).toBe(reduceClock(clock, { type: "clock-ticked", at }).elapsedMs);
      }),
    );
  });
});
