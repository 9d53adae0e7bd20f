import { expect, test } from "vitest";
import { startScriptedServer } from "../../src/model/index.ts";
import { loadRunSummary, toRunPaths } from "../../src/run/index.ts";
import { descendantsOf, stillAlive } from "../command-line/process-tree.ts";
import { modularRun, runRebench, type StartedRebench, startRebench } from "../command-line/rebench.ts";
import {
  eventsOfType,
  firstEvent,
  onlyRun,
  readEventsOf,
  readWholeLines,
} from "../command-line/run-folder.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { endingTokens, playConversation, rawScores } from "./conversation.ts";

/** What a terminal does on Ctrl-C: everything in the program's process group gets the signal. */
function pressControlC(harness: StartedRebench): void {
  process.kill(-harness.pid, "SIGINT");
}

/** Resolves when the program has printed a text for people. */
function said({ child, stderr }: StartedRebench, text: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (stderr().includes(text)) resolve();
    };
    child.stderr?.on("data", look);
    look();
  });
}

async function resumeAndCheck(runs: string, lines: string): Promise<void> {
  const resumed = await runRebench(["resume", "last", "--runs", runs]);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  const run = onlyRun(runs);
  expect(readWholeLines(run).startsWith(lines)).toBe(true);
  expect((await runRebench(["verify", run])).exitCode).toBe(0);
  const { state } = loadRunSummary(toRunPaths(run));
  const raws = state.entries.map(({ result }) => (result.result === "scored" ? result.raw : result.result));
  expect([state.phase, raws]).toEqual(["ended", rawScores]);
}

test.each(["command-started", "model-requested", "score-requested"] as const)(
  "Ctrl-C after %s stops in order, says how to resume, and resume completes the run",
  async (type) => {
    await using folder = await openTemporaryFolder();
    await using server = await startScriptedServer({ script: playConversation });
    const more = ["--tokens", String(endingTokens)];
    const harness = startRebench(modularRun({ baseUrl: server.baseUrl, runs: folder.path, more }));
    await firstEvent(folder.path, type);
    const inside = descendantsOf(harness.pid);
    pressControlC(harness);
    const { exitCode, stderr } = await harness.ended;
    const run = onlyRun(folder.path);
    const name = run.slice(folder.path.length + 1);
    expect([exitCode, stderr]).toEqual([130, expect.stringContaining(`rebench resume ${name}`)]);
    expect(stillAlive(inside)).toEqual([]);
    expect(readEventsOf(run).at(-1)?.type).toBe("run-interrupted");
    await resumeAndCheck(folder.path, readWholeLines(run));
  },
);

test("Ctrl-C twice stops at once and loses nothing", { retry: 2 }, async () => {
  await using folder = await openTemporaryFolder();
  await using server = await startScriptedServer({ script: playConversation });
  const more = ["--tokens", String(endingTokens)];
  const harness = startRebench(modularRun({ baseUrl: server.baseUrl, runs: folder.path, more }));
  await firstEvent(folder.path, "command-started");
  pressControlC(harness);
  await said(harness, "stopping in order");
  const lines = readWholeLines(onlyRun(folder.path));
  pressControlC(harness);
  const { exitCode, stderr } = await harness.ended;
  // A machine that is slow to run this test gives the first Ctrl-C time to finish: then there is nothing to see, and the test is repeated.
  expect([exitCode, stderr]).toEqual([130, expect.stringContaining("stopped at once")]);
  const after = readWholeLines(onlyRun(folder.path));
  expect(after.startsWith(lines)).toBe(true);
  await resumeAndCheck(folder.path, after);
  expect(eventsOfType(readEventsOf(onlyRun(folder.path)), "run-resumed")).toHaveLength(1);
});
