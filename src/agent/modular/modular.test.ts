import { describe, expect, test } from "vitest";
import type { GenerateRequest } from "../../model/index.ts";
import type { AgentGenerateResult } from "../../run/index.ts";
import {
  FakeContext,
  type FakeContextInit,
  FakeWorld,
  replayFromEveryCut,
  runToEnd,
  toCompletion,
  toExecResult,
} from "../testing/index.ts";
import { createModular } from "./modular.ts";
import { contextBudgetTokens, modularOptionsSchema } from "./options.ts";

const modular = (options: Record<string, string> = {}) => createModular(modularOptionsSchema.parse(options));
const bash = (command: string, turn = 0) => toCompletion({ calls: [["bash", { command }]], turn });

async function play(
  model: readonly AgentGenerateResult[] | ((request: GenerateRequest, call: number) => AgentGenerateResult),
  init: Omit<FakeContextInit, "world"> & {
    readonly stdout?: string;
    readonly options?: Record<string, string>;
  } = {},
) {
  const { stdout, options, ...rest } = init;
  const world = new FakeWorld({ model, exec: async () => toExecResult({ stdout: stdout ?? "out" }) });
  const context = new FakeContext({ world, ...rest });
  await runToEnd(modular(options), context);
  return { world, context };
}
const last = <Item>(items: readonly Item[] | undefined): Item => {
  const item = items?.at(-1);
  if (item === undefined) throw new Error("there is none");
  return item;
};

describe("modular", () => {
  test("starts with its own system message and the task with limits, machine and score log", async () => {
    const { world } = await play([], {
      limits: { tokens: 2_000_000 },
      stdout: "GPUs: none\n",
    });
    const [system, task, closing] = world.requests[0]?.messages ?? [];
    expect(system?.role).toBe("system");
    expect(task?.role === "user" && task.text).toBe(
      [
        "# Example\n\nMake the number smaller.\n\n# Facts\n",
        "- Time limit: 1 h, counted by the harness.",
        "- Token limit: 2,000,000.",
        "- CPU cores: 2",
        "- Memory: 4 GiB",
        "- Disk for the workspace: 1 GiB",
        "- GPUs: none",
        "- Workspace: /workspace; to leave behind there: solution.py.",
        "- Score: time (ms), lower is better; the best entry of the score log counts.",
        "- Score log: 1 entry, best 1 (normalized 0.000) (starting solution, at 0 s), newest 1 (normalized 0.000) (starting solution, at 0 s).",
      ].join("\n"),
    );
    expect(closing?.role === "user" && closing.text).toMatch(
      /^Score log: .*\nBudget: 0 % of your time limit/,
    );
  });

  test("asks at temperature 1 for at most 4,096 tokens with native tools, or as its options say", async () => {
    const { world } = await play([]);
    expect(world.requests[0]).toMatchObject({ temperature: 1, maxOutputTokens: 4_096, toolChoice: "auto" });
    expect(world.requests[0]?.tools?.map(({ name }) => name)).toContain("bash");
    const other = await play([], { options: { temperature: "0.5", "max-output-tokens": "16000" } });
    expect(other.world.requests[0]).toMatchObject({ temperature: 0.5, maxOutputTokens: 16_000 });
  });

  test("carries out one call a turn and keeps the closing lines out of the history", async () => {
    const { world } = await play([bash("one", 1), bash("two", 2)]);
    const messages = world.requests[2]?.messages ?? [];
    expect(messages.map(({ role }) => role)).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "assistant",
      "tool",
      "user",
    ]);
    expect(
      messages.filter((message) => message.role === "user" && message.text.includes("Budget:")),
    ).toHaveLength(1);
  });

  test("answers every further call of a turn without running it", async () => {
    const both = toCompletion({
      calls: [
        ["bash", { command: "first" }],
        ["bash", { command: "second" }],
      ],
    });
    const { world, context } = await play([both]);
    const [first, second] = world.requests[1]?.messages.slice(3, 5) ?? [];
    expect(first).toMatchObject({
      role: "tool",
      toolCallId: "0-0",
      text: expect.stringContaining("exit code: 0"),
    });
    expect(second).toMatchObject({
      role: "tool",
      toolCallId: "0-1",
      text: expect.stringMatching(/^Not carried out/),
    });
    expect(context.record.operations.filter(({ request }) => request.includes("second"))).toEqual(
      context.record.operations.filter(
        ({ kind, request }) => kind === "generate" && request.includes("second"),
      ),
    );
  });

  test("a turn without a call gets one nudge, which is not kept", async () => {
    const { world } = await play([toCompletion({ text: "Let me think." }), bash("go", 1)]);
    expect(last(world.requests[1]?.messages)).toMatchObject({
      text: expect.stringMatching(/^Your last turn made no tool call/),
    });
    expect(JSON.stringify(world.requests[2]?.messages)).not.toContain("Your last turn made no tool call");
    expect(world.requests[2]?.messages[2]).toMatchObject({ role: "assistant", text: "Let me think." });
  });

  test("an answer that was cut off is told so, and an empty one leaves no message", async () => {
    const { world } = await play([toCompletion({ finishReason: "length" })]);
    expect(world.requests[1]?.messages.map(({ role }) => role)).toEqual(["system", "user", "user"]);
    expect(last(world.requests[1]?.messages)).toMatchObject({
      text: expect.stringContaining("cut off at 4,096 tokens"),
    });
  });

  test("gives up after 20 turns in a row without a call", async () => {
    const { world, context } = await play(() => toCompletion({ text: "no" }));
    expect(world.requests).toHaveLength(20);
    expect(context.notes).toEqual(["the model made no call in 20 turns in a row; giving up"]);
  });

  test("unknown tools and bad arguments come back as tool answers", async () => {
    const { world } = await play([
      toCompletion({ calls: [["submit", {}]], turn: 1 }),
      toCompletion({ calls: [["bash", '{"command": "ec']], turn: 2 }),
    ]);
    expect(world.requests[2]?.messages[3]).toMatchObject({
      text: expect.stringContaining("no tool `submit`"),
    });
    expect(world.requests[2]?.messages[5]).toMatchObject({
      text: expect.stringContaining("not a valid JSON object"),
    });
  });

  test("long output is shown in part once half of the tokens are used, and kept in a file", async () => {
    const model = [bash("a", 1), { ...bash("b", 2) }];
    const used = { inputTokens: 600, outputTokens: 0, cachedInputTokens: null };
    const { world } = await play(
      model.map((answer) => (answer.status === "completed" ? { ...answer, usage: used } : answer)),
      { stdout: "y".repeat(9_000), limits: { tokens: 2_000 } },
    );
    const [first, second] = (world.requests[2]?.messages ?? []).filter(({ role }) => role === "tool");
    expect(first?.role === "tool" && first.text.length).toBe(9_000 + "exit code: 0\nstdout:\n".length);
    expect(second?.role === "tool" && second.text).toContain(
      "the whole text is in /tmp/.tools-workspace/output-2-bash.txt",
    );
    expect(world.files.get("/tmp/.tools-workspace/output-2-bash.txt")).toContain("y".repeat(9_000));
  });

  test("uses three quarters of the model's context: 150,000 tokens, and 96,000 of 128,000", () => {
    expect(contextBudgetTokens(modularOptionsSchema.parse({}))).toBe(150_000);
    expect(contextBudgetTokens(modularOptionsSchema.parse({ "model-context-tokens": "128000" }))).toBe(
      96_000,
    );
  });

  test("leaves out the middle of the history when it outgrows the context, sooner if the provider counts more", async () => {
    const lengths = async (inputTokens: number | null) => {
      const model = (_: GenerateRequest, turn: number) =>
        turn === 12
          ? toCompletion({ text: "" })
          : toCompletion({ calls: [["bash", { command: `${turn}` }]], turn, usage: { inputTokens } });
      const { world } = await play(model, {
        stdout: "z".repeat(4_000),
        options: { "model-context-tokens": "16000" },
        stopAfter: 40,
      });
      return world.requests.map(({ messages }) => messages.length);
    };
    const plain = await lengths(null);
    expect(plain.slice(0, 6)).toEqual([3, 5, 7, 9, 11, 13]);
    expect(Math.max(...plain)).toBeLessThan(19);
    expect(Math.max(...(await lengths(40_000)))).toBeLessThan(Math.max(...plain));
  });

  test("ends when the budget refuses a call, and lets the end of the run pass through", async () => {
    const { world } = await play([bash("only", 1)]);
    expect(world.requests).toHaveLength(2);
    const timed = await play((_, turn) => bash("on", turn), { limits: { timeMs: 20_000 } });
    expect(timed.context.record.operations).toHaveLength(20);
  });

  test("its state is a function of the record, wherever a run is cut", async () => {
    const model = (_: GenerateRequest, turn: number): AgentGenerateResult => {
      const answers = [
        toCompletion({ text: "first a thought" }),
        bash("cd /tmp", turn),
        toCompletion({
          calls: [
            ["set_timeout", { seconds: 30 }],
            ["score", {}],
          ],
          turn,
        }),
        toCompletion({ calls: [["python", { code: "1 + 1" }]], turn }),
        toCompletion({ calls: [["score", {}]], turn }),
        bash("cat big", turn),
        toCompletion({ calls: [["score_log", {}]], turn }),
      ];
      return answers[turn] ?? { status: "refused", reason: "over-budget", message: "" };
    };
    const operations = await replayFromEveryCut(modular, {
      createWorld: () =>
        new FakeWorld({ model, exec: async () => toExecResult({ stdout: "o".repeat(120_000) }) }),
    });
    expect(operations.filter(({ kind }) => kind === "generate")).toHaveLength(8);
    expect(operations.filter(({ kind }) => kind === "score")).toHaveLength(1);
  });
});
