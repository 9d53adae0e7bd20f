import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadScript, type Script, type ScriptedRequest } from "./script.ts";
import { createScriptPlayer } from "./script-player.ts";
import { startScriptedServer } from "./scripted-server.ts";

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: "POST", body: JSON.stringify(body) });
}

/** A request whose history holds so many answers of the assistant. */
function requestAfter(answers: number): ScriptedRequest {
  return {
    number: 0,
    model: "scripted",
    messages: Array.from({ length: answers }, () => ({ role: "assistant", text: "" })),
    toolNames: [],
    temperature: null,
    maxOutputTokens: null,
    streaming: false,
  };
}

async function playAll(script: Script, histories: readonly number[]): Promise<string[]> {
  const play = createScriptPlayer(script);
  const played: string[] = [];
  for (const answers of histories) {
    const step = await play(requestAfter(answers));
    played.push(step.kind === "turn" ? (step.turn.text ?? "") : step.fault.fault);
  }
  return played;
}

describe("createScriptPlayer", () => {
  const steps = [
    { text: "a" },
    { fault: "rate-limit" },
    { fault: "server-error" },
    { text: "b" },
    { text: "c" },
  ] as const;

  test("by history, a request gets the turn that stands at its number of answers, faults once before it", async () => {
    expect(await playAll({ steps }, [0, 0, 1, 1, 1, 1, 2, 0, 3])).toEqual([
      "a",
      "a",
      "rate-limit",
      "server-error",
      "b",
      "b",
      "c",
      "a",
      "rejected",
    ]);
  });

  test("in order, each request gets the next step whatever it holds", async () => {
    expect(await playAll({ steps, select: "in-order" }, [5, 0, 0, 9, 0, 0])).toEqual([
      "a",
      "rate-limit",
      "server-error",
      "b",
      "c",
      "rejected",
    ]);
  });

  test("past its end a script repeats its last turn or starts over where it says so", async () => {
    const short = [{ text: "a" }, { text: "b" }];
    expect(await playAll({ steps: short, atEnd: "repeat-last" }, [0, 1, 2, 7])).toEqual(["a", "b", "b", "b"]);
    expect(await playAll({ steps: short, atEnd: "start-over" }, [0, 1, 2, 7])).toEqual(["a", "b", "a", "b"]);
  });
});

describe("startScriptedServer", () => {
  const call = { name: "bash", arguments: { command: "ls" } };

  test("speaks OpenAI's chat completions, whole", async () => {
    await using server = await startScriptedServer({
      script: { steps: [{ text: "Yes", toolCalls: [call] }] },
    });
    const answer = await post(`${server.baseUrl}/chat/completions`, {
      model: "m",
      messages: [{ role: "user", content: "Hi" }],
    });
    expect(await answer.json()).toMatchObject({
      object: "chat.completion",
      model: "m",
      choices: [
        {
          message: {
            role: "assistant",
            content: "Yes",
            tool_calls: [
              {
                id: "call_0_0",
                type: "function",
                function: { name: "bash", arguments: '{"command":"ls"}' },
              },
            ],
          },
          finish_reason: "tool_calls",
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 6, total_tokens: 7 },
    });
  });

  test("speaks Anthropic's messages, whole", async () => {
    await using server = await startScriptedServer({
      script: { steps: [{ text: "Yes", toolCalls: [call] }] },
    });
    const answer = await post(`${server.baseUrl}/messages`, {
      model: "m",
      max_tokens: 9,
      messages: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    });
    expect(await answer.json()).toMatchObject({
      type: "message",
      content: [
        { type: "text", text: "Yes" },
        { type: "tool_use", id: "call_0_0", name: "bash", input: { command: "ls" } },
      ],
      stop_reason: "tool_use",
      usage: { input_tokens: 1, output_tokens: 6 },
    });
  });

  test("lists its model, and says what is not there or not a request", async () => {
    await using server = await startScriptedServer({ script: { steps: [{ text: "Yes" }] } });
    expect(await (await fetch(`${server.baseUrl}/models`)).json()).toMatchObject({
      data: [{ id: "scripted" }],
    });
    expect((await fetch(`${server.baseUrl}/nothing`)).status).toBe(404);
    expect((await post(`${server.baseUrl}/chat/completions`, { model: 1 })).status).toBe(400);
    expect(server.requestCount()).toBe(0);
  });

  test("records requests with the time they came and ended, when asked to", async () => {
    let nowMs = 0;
    await using server = await startScriptedServer({
      script: { steps: [{ fault: "rate-limit", retryAfterSeconds: 3 }, { text: "Yes" }] },
      record: true,
      now: () => {
        nowMs += 10;
        return nowMs;
      },
    });
    const body = { model: "m", messages: [{ role: "user", content: "Hi" }] };
    const limited = await post(`${server.baseUrl}/chat/completions`, body);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "3"]);
    await limited.text();
    await (await post(`${server.baseUrl}/chat/completions`, body)).text();
    await expect.poll(() => server.records().at(-1)?.endedMs).toBeTypeOf("number");
    expect(server.records()).toMatchObject([
      { protocol: "openai", request: { number: 0 }, step: { kind: "fault" }, arrivedMs: 10, endedMs: 20 },
      { request: { number: 1, messages: [{ role: "user", text: "Hi" }] }, arrivedMs: 30, endedMs: 40 },
    ]);
  });

  test("closing it ends a connection that hangs", async () => {
    const server = await startScriptedServer({ script: () => ({ fault: "hang" }), record: true });
    const hanging = post(`${server.baseUrl}/chat/completions`, { model: "m", messages: [] });
    const ended = expect(hanging).rejects.toThrow();
    await expect.poll(() => server.records().length).toBe(1);
    expect(server.records()[0]?.endedMs).toBeNull();
    await server[Symbol.asyncDispose]();
    await ended;
  });

  test("a port that is taken is an error", async () => {
    await using first = await startScriptedServer({ script: { steps: [{ text: "Yes" }] } });
    await expect(
      startScriptedServer({ script: { steps: [{ text: "Yes" }] }, port: first.port }),
    ).rejects.toMatchObject({ code: "EADDRINUSE" });
  });
});

describe("loadScript", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rebench-script-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function write(name: string, text: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }

  test("reads JSON and YAML alike", async () => {
    const expected = {
      schemaVersion: 1,
      select: "by-history",
      atEnd: "reject",
      steps: [{ text: "Hi", toolCalls: [{ name: "bash", arguments: { command: "ls" } }] }, { fault: "hang" }],
    };
    const json = await write("a.json", JSON.stringify({ schemaVersion: 1, steps: expected.steps }));
    const yaml = await write(
      "a.yaml",
      "schemaVersion: 1\nsteps:\n  - text: Hi\n    toolCalls:\n      - name: bash\n        arguments: {command: ls}\n  - fault: hang\n",
    );
    expect(await loadScript(json)).toEqual(expected);
    expect(await loadScript(yaml)).toEqual(expected);
  });

  test.each([
    [
      "an unknown fault",
      '{"schemaVersion": 1, "steps": [{"fault": "explode"}]}',
      "SCRIPT_INVALID",
      /steps\[0\]/,
    ],
    ["an unknown key", '{"schemaVersion": 1, "steps": [{"txt": "Hi"}]}', "SCRIPT_INVALID", /steps\[0\]/],
    ["no steps", '{"schemaVersion": 1, "steps": []}', "SCRIPT_INVALID", /steps/],
    ["a newer version", '{"schemaVersion": 2, "steps": [{}]}', "SCRIPT_INVALID", /schemaVersion/],
    ["torn text", '{"schemaVersion": ', "SCRIPT_UNREADABLE", /script\.json/],
  ])("%s is an error that names the file and the place", async (_, text, code, place) => {
    await expect(loadScript(await write("script.json", text))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(place),
    });
  });

  test("a missing file is an error that names it", async () => {
    await expect(loadScript(join(folder, "none.json"))).rejects.toMatchObject({
      code: "SCRIPT_UNREADABLE",
      message: expect.stringContaining("none.json"),
    });
  });
});
