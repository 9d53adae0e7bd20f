import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { loadRunRecord, type RunEvent, readEvents, toRunPaths } from "../../src/run/index.ts";

/** The only run under a runs folder, or null while there is none. */
export function findOnlyRun(runs: string): string | null {
  const names = existsSync(runs) ? readdirSync(runs) : [];
  const found = names.filter((name) => existsSync(join(runs, name, "run.json")));
  if (found.length > 1) throw new Error(`one run is expected in ${runs}, there are ${found.length}`);
  return found[0] === undefined ? null : join(runs, found[0]);
}

/** The only run under a runs folder. */
export function onlyRun(runs: string): string {
  const run = findOnlyRun(runs);
  if (run === null) throw new Error(`there is no run in ${runs}`);
  return run;
}

/** The whole lines of a run's event log as text: what a reader of the file may rely on. */
export function readWholeLines(run: string): string {
  const path = toRunPaths(run).events;
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

/** The events of a run so far; a last line that is being written is left out. */
export function readEventsOf(run: string): readonly RunEvent[] {
  const paths = toRunPaths(run);
  if (!existsSync(paths.events)) return [];
  return [...readEvents(paths.events, loadRunRecord(paths).sha256)].flatMap((item) => {
    if (!("kind" in item)) return [item];
    if (item.kind === "torn-line") return [];
    throw new Error(`${paths.events}, line ${item.line}: ${item.kind}`);
  });
}

/** Waits until the only run under a runs folder has an event of a type, and gives the first. */
export async function firstEvent<Type extends RunEvent["type"]>(
  runs: string,
  type: Type,
): Promise<Extract<RunEvent, { type: Type }>> {
  for (;;) {
    const run = findOnlyRun(runs);
    const [found] = run === null ? [] : eventsOfType(readEventsOf(run), type);
    if (found !== undefined) return found;
    await delay(5);
  }
}

export function eventsOfType<Type extends RunEvent["type"]>(
  events: readonly RunEvent[],
  type: Type,
): readonly Extract<RunEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
}
