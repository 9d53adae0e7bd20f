import type { ScriptedRecord } from "../../src/model/index.ts";
import type { RunEvent } from "../../src/run/index.ts";
import { eventsOfType } from "../command-line/run-folder.ts";

/**
 * What a run's clock has to read at its end, from the outside: the time between the events `clock-started` and
 * `clock-stopped` (`run-interrupted` where that came first), less what the provider lost.
 *
 * Not a word of the clock's own events (pauses, credits, attempts) enters.
 *
 * @param lost - Milliseconds that the provider lost, by the server's records.
 */
export function expectedClockMs(events: readonly RunEvent[], lost: number): number {
  const [started] = eventsOfType(events, "clock-started");
  const [stopped] = [...eventsOfType(events, "clock-stopped"), ...eventsOfType(events, "run-interrupted")];
  if (started === undefined || stopped === undefined) throw new Error("the clock did not start and stop");
  return stopped.at - started.at - lost;
}

/**
 * Milliseconds that failed requests took, with the waits after them: from the arrival of each to the arrival of its
 * repetition; where there was none, to the end of its connection.
 */
export function lostMs(records: readonly ScriptedRecord[]): number {
  return sumOverFailed(records, ({ arrivedMs }) => arrivedMs);
}

/** The same without the requests themselves: from the end of each failed one to the arrival of its repetition. */
export function waitedMs(records: readonly ScriptedRecord[]): number {
  return sumOverFailed(records, endOf);
}

function sumOverFailed(records: readonly ScriptedRecord[], from: (record: ScriptedRecord) => number): number {
  return records.reduce((sum, record, index) => {
    if (record.step.kind !== "fault") return sum;
    return sum + (records[index + 1]?.arrivedMs ?? endOf(record)) - from(record);
  }, 0);
}

function endOf({ endedMs }: ScriptedRecord): number {
  if (endedMs === null) throw new Error("a request is still open");
  return endedMs;
}
