import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { AgentContext } from "./agent-contract.ts";
import { createTestRecord, FakeRun, FakeScorer } from "./testing/fake-run.ts";

const echo = (context: AgentContext, text: string) => context.exec(["echo", text], { timeoutMs: 1_000 });

describe("a run", () => {
  test("scores the start off the clock, lets the agent act, scores the end", async () => {
    const run = await FakeRun.create();
    run.scorer = new FakeScorer([10, 4, 6], 50);
    const { status, state } = await run.execute(async (context) => {
      expect(context.scoreLog()).toMatchObject([
        { index: 0, clockMs: 0, reply: { score: 10, normalized: 0 } },
      ]);
      await echo(context, "hello");
      expect(await context.score()).toMatchObject({ status: "scored", score: 4, normalized: 0.6 });
      await context.note("done");
    });
    expect(status).toBe("ended");
    expect(run.types).toEqual([
      "run-started",
      "sandbox-opened",
      "score-requested",
      "score-recorded",
      "clock-started",
      "command-started",
      "command-finished",
      "score-requested",
      "score-recorded",
      "note-added",
      "clock-stopped",
      "score-requested",
      "score-recorded",
      "run-ended",
    ]);
    expect(state.ending?.reason).toBe("agent-finished");
    expect(state.entries.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(state.clock.elapsedMs).toBeGreaterThanOrEqual(49);
  });

  test("makes the starting solution before entry 0 where a command makes it, once, off the clock", async () => {
    const { environment } = createTestRecord();
    const run = await FakeRun.create({ environment: { ...environment, solutionCommand: ["sleep", "100"] } });
    const { state } = await run.execute(async (context) => {
      expect(context.task.solutionCommand).toEqual(["sleep", "100"]);
    });
    expect(run.types.slice(0, 5)).toEqual([
      "run-started",
      "sandbox-opened",
      "start-made",
      "score-requested",
      "score-recorded",
    ]);
    expect(run.sandbox.commands).toEqual([["sleep", "100"]]);
    expect(state.clock.elapsedMs).toBeLessThan(100);
  });

  test("a starting solution that cannot be made is the platform's failure, told with the command's last words", async () => {
    const { environment } = createTestRecord();
    const run = await FakeRun.create({ environment: { ...environment, solutionCommand: ["false"] } });
    const { status, state } = await run.execute(async () => expect.unreachable("no agent may act"));
    expect(status).toBe("ended");
    expect(state.ending?.reason).toBe("platform-failed");
    expect(state.ending?.message).toMatch(/starting solution could not be made: exit code 1/);
    expect(state.entries).toEqual([]);
  });

  test("the clock ends it during a command, and the command's end is still on record", async () => {
    const run = await FakeRun.create({ budget: { timeMs: 200, tokens: null, costUsd: null } });
    let after = false;
    const { state } = await run.execute(async (context) => {
      await context.exec(["sleep", "60000"], { timeoutMs: 60_000 });
      after = true;
    });
    expect(after).toBe(false);
    expect(state.ending?.reason).toBe("time-limit");
    expect(state.clock.elapsedMs).toBeGreaterThanOrEqual(200);
    expect(run.types).toContain("command-finished");
    expect(run.types.at(-1)).toBe("run-ended");
  });

  test("a limit reached during a scoring lets it finish and counts it, its clock before the limit", async () => {
    const run = await FakeRun.create({ budget: { timeMs: 150, tokens: null, costUsd: null } });
    run.scorer = new FakeScorer([10, 3, 7], 300);
    const { state } = await run.execute(async (context) => {
      await context.score();
    });
    expect(state.ending?.reason).toBe("time-limit");
    expect(state.entries.map(({ result }) => (result.result === "scored" ? result.raw : null))).toEqual([
      10, 3, 7,
    ]);
    expect(state.entries[1]?.clockMs).toBeLessThan(150);
    expect(state.clock.elapsedMs).toBeGreaterThanOrEqual(150);
  });

  test("freezes what the agent left behind before the last scoring", async () => {
    const run = await FakeRun.create();
    await run.execute(async () => {});
    expect(run.sandbox.isFrozen).toBe(true);
  });

  test("free scoring stops the clock, charged scoring does not", async () => {
    for (const [scoringTime, least, most] of [
      ["free", 0, 290],
      ["charged", 290, Number.POSITIVE_INFINITY],
    ] as const) {
      const run = await FakeRun.create({ scoringTime });
      run.scorer = new FakeScorer([10, 4], 300);
      const { state } = await run.execute(async (context) => {
        await context.score();
      });
      expect(state.clock.elapsedMs).toBeGreaterThanOrEqual(least);
      expect(state.clock.elapsedMs).toBeLessThan(most);
    }
  });

  test("an agent that throws ends as agent-failed and keeps its scores", async () => {
    const run = await FakeRun.create();
    run.scorer = new FakeScorer([10, 2]);
    const { state } = await run.execute(async (context) => {
      await context.score();
      throw new Error("scaffold bug");
    });
    expect(state.ending).toEqual({ reason: "agent-failed", message: "scaffold bug" });
    expect(state.entries).toHaveLength(3);
  });

  test("an agent that swallows the stop cannot act on, score or stay", async () => {
    const run = await FakeRun.create({ budget: { timeMs: 100, tokens: null, costUsd: null } });
    const { state } = await run.execute(async (context) => {
      for (;;) {
        await echo(context, "still here").catch(() => {});
        await context.score().catch(() => {});
        await sleep(20);
      }
    });
    expect(state.ending?.reason).toBe("time-limit");
    expect(run.types.at(-1)).toBe("run-ended");
    const end = run.types.indexOf("clock-stopped");
    expect(run.types.slice(end + 1).filter((type) => type === "command-started")).toEqual([]);
  });

  test("a start that cannot be scored ends the run as the platform's failure, before the clock", async () => {
    const run = await FakeRun.create();
    run.scorer = new FakeScorer(["broken"]);
    const { state } = await run.execute(async () => {
      throw new Error("never called");
    });
    expect(state.ending?.reason).toBe("platform-failed");
    expect(state.clock.phase).not.toBe("started");
  });

  test("hidden scores answer every scoring with the same words, and judge only after the agent's time", async () => {
    const { environment } = createTestRecord();
    const run = await FakeRun.create({
      environment: { ...environment, score: { ...environment.score, visible: false } },
    });
    const scorer = new FakeScorer([10, 1, "wrong-answer", 9]);
    run.scorer = scorer;
    const replies: unknown[] = [];
    const { state } = await run.execute(async (context) => {
      for (let count = 0; count < 3; count += 1) replies.push(await context.score());
      replies.push(...context.scoreLog().map(({ reply }) => reply));
      expect(scorer.scorings).toBe(1);
    });
    expect(replies).toHaveLength(7);
    expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
    expect(state.entries.map(({ index, result }) => [index, result.result])).toEqual([
      [0, "scored"],
      [1, "scored"],
      [2, "invalid"],
      [3, "scored"],
      [4, "scored"],
    ]);
    const stopped = run.types.indexOf("clock-stopped");
    expect(run.types.slice(0, stopped).filter((type) => type === "score-recorded")).toHaveLength(1);
  });

  test("hidden scorings are refused past what may be asked for, alike for all, and the last is made in any case", async () => {
    const { environment } = createTestRecord();
    const run = await FakeRun.create({
      environment: { ...environment, score: { ...environment.score, visible: false } },
      // Eleven scorings of ten seconds.
      budget: { timeMs: 119_000, tokens: null, costUsd: null },
    });
    const replies: string[] = [];
    const { state } = await run.execute(async (context) => {
      expect(context.task.score.mostRequests).toBe(11);
      for (let count = 0; count < 13; count += 1) replies.push(JSON.stringify(await context.score()));
      expect(context.scoreLog()).toHaveLength(12);
    });
    expect(replies.map((reply) => JSON.parse(reply).status)).toEqual([
      ...Array.from({ length: 11 }, () => "recorded"),
      "refused",
      "refused",
    ]);
    expect(new Set(replies).size).toBe(2);
    expect(run.types.filter((type) => type === "score-refused")).toHaveLength(2);
    // Entry 0, those asked for, and the workspace as it was left.
    expect(state.entries).toHaveLength(13);
  });

  test("only the built-in solution agent may install a solution", async () => {
    const run = await FakeRun.create();
    const { state } = await run.execute(async (context) => {
      await context.installSolution("reference");
    });
    expect(state.ending?.reason).toBe("platform-failed");
  });
});

describe("free scoring", () => {
  test("leaves nothing running while the clock stands still", async () => {
    const run = await FakeRun.create({ scoringTime: "free" });
    const frozen: boolean[] = [];
    const scorer = new FakeScorer([10, 4]);
    run.scorer = {
      takeSnapshot: () => scorer.takeSnapshot(),
      score: (snapshot, signal) => {
        frozen.push(run.sandbox.isFrozen);
        return scorer.score(snapshot, signal);
      },
    };
    await run.execute(async (context) => {
      await context.score();
      expect(run.sandbox.isFrozen).toBe(false);
    });
    expect(frozen).toEqual([true, true, true]);
  });
});

describe("an interrupted run", () => {
  test("goes on where it was: done operations are answered from the record, not done again", async () => {
    const run = await FakeRun.create();
    run.scorer = new FakeScorer([10, 5, 3]);
    const controller = new AbortController();
    const answers: unknown[][] = [];
    const agent = async (context: AgentContext): Promise<void> => {
      const seen: unknown[] = [context.random.next(), context.budget()];
      answers.push(seen);
      seen.push(await echo(context, "one"));
      seen.push(await context.score(), context.budget(), context.scoreLog());
      seen.push(context.random.integer(1_000));
      if (answers.length === 1) controller.abort();
      await context.exec(["sleep", "100"], { timeoutMs: 1_000 });
      await echo(context, "two");
    };
    const first = await run.execute(agent, { signal: controller.signal });
    expect(first.status).toBe("interrupted");
    const second = await run.execute(agent);
    expect(second.status).toBe("ended");
    expect(answers[1]).toEqual(answers[0]);
    expect(run.sandbox.commands.map((argv) => argv.join(" "))).toEqual(["echo one", "sleep 100", "echo two"]);
    expect(second.state.entries).toHaveLength(3);
  });

  test("tells the agent of a command that was under way when the harness died", async () => {
    const run = await FakeRun.create();
    const controller = new AbortController();
    const statuses: string[] = [];
    const agent = async (context: AgentContext): Promise<void> => {
      setTimeout(() => controller.abort(), 50);
      statuses.push((await context.exec(["sleep", "300"], { timeoutMs: 1_000 })).status);
    };
    await run.execute(agent, { signal: controller.signal });
    await run.execute(agent);
    expect(statuses).toEqual(["interrupted"]);
  });

  test("judges the snapshot of a scoring that was under way, once", async () => {
    const run = await FakeRun.create();
    const controller = new AbortController();
    run.scorer = new FakeScorer([10, 4], 100);
    const replies: unknown[] = [];
    const agent = async (context: AgentContext): Promise<void> => {
      if (!controller.signal.aborted) setTimeout(() => controller.abort(), 50);
      replies.push(await context.score());
    };
    expect((await run.execute(agent, { signal: controller.signal })).status).toBe("interrupted");
    const { state } = await run.execute(agent);
    expect(replies).toMatchObject([{ status: "scored", score: 4 }]);
    expect(state.entries.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  test("keeps hidden scorings pending across an interruption and judges each once at the end", async () => {
    const { environment } = createTestRecord();
    const run = await FakeRun.create({
      environment: { ...environment, score: { ...environment.score, visible: false } },
    });
    run.scorer = new FakeScorer([10, 8, 6, 4]);
    const controller = new AbortController();
    const agent = async (context: AgentContext): Promise<void> => {
      await context.score();
      await context.score();
      if (!controller.signal.aborted) controller.abort();
      await echo(context, "on");
    };
    expect((await run.execute(agent, { signal: controller.signal })).state.pending).toHaveLength(2);
    const { state } = await run.execute(agent);
    const raws = state.entries.map(({ result }) => (result.result === "scored" ? result.raw : null));
    expect(raws).toEqual([10, 8, 6, 4]);
  });

  test("says so when the agent asks for something else than it did then", async () => {
    const run = await FakeRun.create();
    const controller = new AbortController();
    let word = "first";
    const agent = async (context: AgentContext): Promise<void> => {
      await echo(context, word);
      word = "second";
      controller.abort();
      await echo(context, "more");
    };
    await run.execute(agent, { signal: controller.signal });
    await expect(run.execute(agent)).rejects.toMatchObject({ code: "RUN_DIVERGED" });
  });

  test("a run that has ended is not run again", async () => {
    const run = await FakeRun.create();
    await run.execute(async () => {});
    await expect(run.execute(async () => {})).rejects.toMatchObject({ code: "RUN_ALREADY_ENDED" });
  });

  test("a record changed after the run began no longer fits its events", async () => {
    const run = await FakeRun.create();
    await run.execute(async () => {});
    writeFileSync(run.paths.record, readFileSync(run.paths.record, "utf8").replace("Be quick.", "Be slow."));
    await expect(run.execute(async () => {})).rejects.toMatchObject({ code: "RUN_LOG_BROKEN" });
  });

  test("survives being cut off at any byte of its log: every prefix resumes to a whole run", async () => {
    const agent = async (context: AgentContext): Promise<void> => {
      await echo(context, "one");
      await context.score();
      await context.writeFile("/workspace/a", "text");
      await echo(context, "two");
    };
    const whole = await FakeRun.create();
    whole.scorer = new FakeScorer([10, 5, 3]);
    await whole.execute(agent);
    const log = readFileSync(whole.paths.events);
    for (let length = 0; length < log.length; length += 97) {
      const run = await FakeRun.create();
      run.scorer = new FakeScorer([10, 5, 3]);
      appendFileSync(run.paths.events, log.subarray(0, length));
      const ended = log.subarray(0, length).includes('"run-ended"') && log[length - 1] === 10;
      if (ended) continue;
      const { status, state } = await run.execute(agent);
      expect(status).toBe("ended");
      expect(state.entries.map(({ index }) => index)).toEqual([0, 1, 2]);
      expect(state.ending?.reason).toBe("agent-finished");
    }
  });
});
