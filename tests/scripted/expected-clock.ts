import type { ScriptedRecord } from "../../src/model/index.ts";
import type { RunEvent } from "../../src/run/index.ts";
import { eventsOfType } from "../command-line/run-folder.ts";

/**
 * What a run's clock has to read at its end, from the outside: the time between the events `clock-started` and
 * `clock-stopped`, less what the provider lost. What it lost with one failed request is counted on the server's
 * clock, from the arrival of that request to the arrival of its repetition, waiting included; where there was no
 * repetition, to the end of the connection.
 *
 * Not a word of the clock's own events (pauses, credits, attempts) enters.
 */
export function expectedClockMs(events: readonly RunEvent[], records: readonly ScriptedRecord[]): number {
  const [started] = eventsOfType(events, "clock-started");
  const [stopped] = eventsOfType(events, "clock-stopped");
  if (started === undefined || stopped === undefined) throw new Error("the clock did not start and stop");
  return stopped.at - started.at - lostMs(records);
}

/** Milliseconds that failed requests took, with the waits after them. */
export function lostMs(records: readonly ScriptedRecord[]): number {
  return records.reduce((sum, record, index) => {
    if (record.step.kind !== "fault") return sum;
    const until = records[index + 1]?.arrivedMs ?? record.endedMs;
    if (until === null) throw new Error("a failed request is still open");
    return sum + until - record.arrivedMs;
  }, 0);
}
