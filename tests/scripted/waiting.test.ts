import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { startScriptedServer } from "../../src/model/index.ts";
import { modularRun, startRebench } from "../command-line/rebench.ts";
import { eventsOfType, firstEvent, onlyRun, readEventsOf } from "../command-line/run-folder.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { expectedClockMs, lostMs, waitedMs } from "./expected-clock.ts";
import { bashStep, endingTokens, lastStep, playRun } from "./scripted-run.ts";

test("while the provider is waited for, nothing in the sandbox runs, and afterwards it goes on", async () => {
  await using folder = await openTemporaryFolder();
  const steps = [
    bashStep("(while :; do echo tick >> ticks; sleep 0.01; done) >/dev/null 2>&1 & sleep 0.2"),
    { fault: "rate-limit", retryAfterSeconds: 4 } as const,
    bashStep("sleep 0.3"),
    lastStep,
  ];
  await using server = await startScriptedServer({ script: { steps } });
  const more = ["--tokens", String(endingTokens)];
  const run = startRebench(modularRun({ baseUrl: server.baseUrl, runs: folder.path, more }));
  const ticks = (): number => readFileSync(join(onlyRun(folder.path), "workspace", "ticks")).length;

  await firstEvent(folder.path, "clock-paused");
  // Freezing begins with the pause and takes a moment.
  await delay(1_000);
  const early = ticks();
  await delay(1_500);
  const late = ticks();
  expect(eventsOfType(readEventsOf(onlyRun(folder.path)), "clock-resumed")).toEqual([]);
  expect(early).toBeGreaterThan(0);
  expect(late).toBe(early);

  expect((await run.ended).exitCode).toBe(0);
  expect(ticks()).toBeGreaterThan(late);
});

test("with work left in the background a failed attempt is on the clock, its wait is not", {
  retry: 2,
}, async () => {
  const steps = [
    bashStep("sleep 60 >/dev/null 2>&1 &"),
    { fault: "server-error", delayMs: 700 } as const,
    lastStep,
  ];
  const { events, records, state } = await playRun({ steps });
  expect(lostMs(records) - waitedMs(records)).toBeGreaterThanOrEqual(690);
  const differenceMs = Math.abs(state.clock.elapsedMs - expectedClockMs(events, waitedMs(records)));
  expect(differenceMs, "milliseconds between the clock and what the server saw").toBeLessThan(50);
});
