import { expect, test } from "vitest";
import { z } from "zod";
import { FakeContext, FakeWorld } from "../testing/index.ts";
import { createToolset, defineTool, toToolset } from "./index.ts";

const toolsIn = (context: FakeContext) => {
  const tools = createToolset(context);
  return (name: string, given: z.core.util.JSONType = {}) => tools.call({ id: "1", name, arguments: given });
};

test("definitions are JSON schemas that take no other arguments", () => {
  const { definitions } = createToolset(new FakeContext({ world: new FakeWorld() }));
  expect(definitions.map(({ name }) => name)).toEqual([
    "bash",
    "python",
    "set_timeout",
    "score",
    "score_log",
  ]);
  expect(definitions[2]?.parameters).toEqual({
    type: "object",
    properties: { seconds: { type: "number", description: "seconds, for every later call" } },
    required: ["seconds"],
    additionalProperties: false,
  });
});

test("unknown tools and bad arguments are answered, not thrown, and run nothing", async () => {
  const context = new FakeContext({ world: new FakeWorld() });
  const call = toolsIn(context);
  expect(await call("submit")).toBe(
    "Error: there is no tool `submit`; there are bash, python, set_timeout, score, score_log.",
  );
  expect(await call("constructor")).toContain("there is no tool `constructor`");
  expect(await call("bash", { cmd: "ls" })).toMatch(/^Error: `bash` was not run: [\s\S]*command/);
  expect(await call("bash", '{"command": "l')).toContain("not a valid JSON object");
  expect(await call("bash", null)).toContain("was not run");
  expect(await call("set_timeout", { seconds: "NaN" })).toContain("was not run");
  expect(context.record.operations).toEqual([]);
});

test("set_timeout 2,000 becomes 1,440 with a message, and what it sets holds for later commands", async () => {
  const context = new FakeContext({ world: new FakeWorld() });
  const call = toolsIn(context);
  expect(await call("set_timeout", { seconds: 2_000 })).toBe(
    "Later bash and python calls may take 1440 s. You asked for 2000 s; 1440 s is the most there is. Run longer work in the background.",
  );
  await call("bash", { command: "true" });
  expect(await call("set_timeout", { seconds: 0 })).toMatch(
    /may take 1 s\. You asked for 0 s; 1 s is the least/,
  );
  expect(await call("set_timeout", { seconds: 60 })).toBe("Later bash and python calls may take 60 s.");
  await call("bash", { command: "true" });
  const timeouts = context.record.operations
    .filter(({ kind }) => kind === "exec")
    .map(({ request }) => z.object({ timeoutMs: z.number() }).parse(JSON.parse(request)).timeoutMs);
  expect(timeouts).toEqual([1_440_000, 60_000]);
});

test("the first timeout is 10 s", async () => {
  const context = new FakeContext({ world: new FakeWorld() });
  await toolsIn(context)("bash", { command: "true" });
  expect(context.record.operations[0]?.request).toContain('"timeoutMs":10000');
});

test("score and score_log answer what is visible, with clock times", async () => {
  const world = new FakeWorld({
    score: (_, scoring) =>
      scoring === 1
        ? { status: "scored", score: 0.5, normalized: 0.4, message: "12 ms" }
        : { status: "invalid", message: "wrong answer" },
  });
  const call = toolsIn(new FakeContext({ world, operationMs: 61_000 }));
  expect(await call("score")).toBe('{"status":"scored","score":0.5,"normalized":0.4,"message":"12 ms"}');
  expect(await call("score")).toBe('{"status":"invalid","message":"wrong answer"}');
  expect((await call("score_log")).split("\n")).toEqual([
    '{"index":0,"clock":"0 s","status":"scored","score":1,"normalized":0,"message":""}',
    '{"index":1,"clock":"1 min 1 s","status":"scored","score":0.5,"normalized":0.4,"message":"12 ms"}',
    '{"index":2,"clock":"2 min 2 s","status":"invalid","message":"wrong answer"}',
  ]);
});

test("score says nothing of a hidden result", async () => {
  const world = new FakeWorld({ score: () => ({ status: "recorded", message: "Recorded." }) });
  const task = {
    score: { name: "s", unit: "u", direction: "lower", final: "last", visible: false, mostRequests: 30 },
  } as const;
  expect(await toolsIn(new FakeContext({ world, task }))("score")).toBe(
    '{"status":"recorded","message":"Recorded."}',
  );
});

test("a tool of one's own is defined by one schema", async () => {
  const wait = defineTool({
    name: "wait",
    description: "Waits.",
    parameters: z.strictObject({ seconds: z.number() }),
    run: async ({ seconds }) => `waited ${seconds} s`,
  });
  expect(await toToolset([wait]).call({ id: "1", name: "wait", arguments: { seconds: 2 } })).toBe(
    "waited 2 s",
  );
});
