import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { ModelPrice } from "../prices.ts";
import { createFakeModel } from "../scripted/fake-model.ts";
import type { Script, ScriptedRequest } from "../scripted/script.ts";
import { openModelBudget } from "../with-budget.ts";
import { allowAll, type LocalGateway, openLocalGateway } from "./testing/local-gateway.ts";

const price: ModelPrice = {
  inputUsdPerMillion: 1,
  outputUsdPerMillion: 10,
  asOf: "2026-11-24",
  source: "this test",
};
const usage = { inputTokens: 60, outputTokens: 40 };
const question = { model: "small", messages: [{ role: "user", content: "Hello" }] };
const noWait = { sleep: async () => {}, random: () => 0 };

function modelOf(script: Script, change: Parameters<typeof allowAll>[1] = {}) {
  return new Map([["small", allowAll(createFakeModel(script, { price, tools: noWait }), change)]]);
}

async function post(
  gateway: LocalGateway,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
) {
  const response = await fetch(gateway.baseUrl + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

const chat = (gateway: LocalGateway, change: object = {}, headers: Record<string, string> = {}) =>
  post(gateway, "/v1/chat/completions", { ...question, ...change }, headers);
const messages = (gateway: LocalGateway, change: object = {}) =>
  post(gateway, "/v1/messages", { ...question, max_tokens: 100, ...change });

/** What the server says to raw bytes until it closes, or 300 ms. */
function raw(gateway: LocalGateway, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(gateway.port, "127.0.0.1", () => socket.write(text));
    let said = "";
    socket.on("data", (chunk) => {
      said += chunk.toString();
    });
    socket.on("error", () => {});
    socket.once("close", () => resolve(said));
    setTimeout(() => socket.destroy(), 300);
  });
}

describe("openGateway", () => {
  const call = { name: "look", arguments: { at: "é" } };

  test("answers OpenAI's chat completions and records the exchange", async () => {
    await using gateway = await openLocalGateway({
      models: modelOf({ steps: [{ text: "Yes", usage }] }),
      now: () => 5_000,
    });
    const answer = await chat(gateway);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({
      id: "chatcmpl_0",
      object: "chat.completion",
      created: 5,
      model: "small",
      choices: [{ index: 0, message: { role: "assistant", content: "Yes" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 60, completion_tokens: 40, total_tokens: 100 },
    });
    expect(gateway.exchanges).toMatchObject([
      {
        number: 0,
        protocol: "openai",
        name: "small",
        request: {
          kind: "model",
          request: { messages: [{ role: "user", text: "Hello" }], maxOutputTokens: 1_000 },
        },
        outcome: { status: "completed", answers: [{ message: { text: "Yes" }, finishReason: "stop" }] },
        completedCalls: 1,
        inputTokens: 60,
        outputTokens: 40,
        costUsd: 0.00046,
        failedAttempts: [],
        clientGone: false,
      },
    ]);
  });

  test("a header that asks for a feature of the provider's is refused", async () => {
    await using gateway = await openLocalGateway({ models: modelOf({ steps: [{ text: "Yes" }] }) });
    const answer = await post(
      gateway,
      "/v1/messages",
      { ...question, max_tokens: 9 },
      { "anthropic-beta": "web-fetch-2025-09-10" },
    );
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining("anthropic-beta") });
  });

  test("several answers are several calls, each charged", async () => {
    let number = 0;
    await using gateway = await openLocalGateway({
      models: modelOf(() => {
        number += 1;
        return { text: `answer ${number}`, usage };
      }),
    });
    const { choices, usage: used } = (await chat(gateway, { n: 3 })).json();
    expect(choices.map((choice: { message: { content: string } }) => choice.message.content).sort()).toEqual([
      "answer 1",
      "answer 2",
      "answer 3",
    ]);
    expect(used.total_tokens).toBe(300);
    expect(gateway.exchanges).toMatchObject([{ completedCalls: 3, inputTokens: 180, outputTokens: 120 }]);
  });

  test("streams carry the same answer as server-sent events that its text cannot break out of", async () => {
    const text = 'line\n\ndata: [DONE]\n\nevent: error\r\ndata: {"x":1}\n\n\u2028 😀';
    await using gateway = await openLocalGateway({
      models: modelOf(() => ({ text, toolCalls: [call], usage })),
    });
    const openai = await chat(gateway, { stream: true, stream_options: { include_usage: true } });
    expect(openai.headers.get("content-type")).toContain("text/event-stream");
    const events = openai.text.split("\n\n").slice(0, -1);
    expect(events.at(-1)).toBe("data: [DONE]");
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event.replace(/^data: /, "")));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe(text);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 100 } });

    const anthropic = await messages(gateway, { stream: true });
    const named = anthropic.text.split("\n\n").slice(0, -1);
    const parsed = named.map((event) => {
      const [first = "", second = "", ...others] = event.split("\n");
      expect(others).toEqual([]);
      const data = JSON.parse(second.replace(/^data: /, ""));
      expect(first).toBe(`event: ${data.type}`);
      return data;
    });
    expect(parsed.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1])).toEqual([
      "message_start",
      "ping",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "content_block_start",
      "content_block_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
    expect(parsed.map(({ delta }) => delta?.text ?? "").join("")).toBe(text);
  });

  test("tools and their results go through, in both protocols", async () => {
    const seen: ScriptedRequest[] = [];
    await using gateway = await openLocalGateway({
      models: modelOf((request) => {
        seen.push(request);
        return seen.length % 2 === 1 ? { toolCalls: [call], usage } : { text: "Seen", usage };
      }),
    });
    const tools = [{ type: "function", function: { name: "look", parameters: { type: "object" } } }];
    const first = (await chat(gateway, { tools, tool_choice: "required" })).json().choices[0].message;
    expect(first).toMatchObject({
      content: null,
      tool_calls: [{ type: "function", function: { name: "look", arguments: '{"at":"é"}' } }],
    });
    const result = { role: "tool", tool_call_id: first.tool_calls[0].id, content: "a wall" };
    await chat(gateway, { tools, messages: [...question.messages, first, result] });
    expect(seen[1]).toMatchObject({
      toolNames: ["look"],
      messages: [{}, { role: "assistant" }, { role: "tool", text: "a wall" }],
    });

    const anthropicTools = [{ name: "look", input_schema: { type: "object" } }];
    const block = (await messages(gateway, { tools: anthropicTools })).json();
    expect(block).toMatchObject({
      stop_reason: "tool_use",
      content: [{ type: "tool_use", input: { at: "é" } }],
    });
    const answered = await messages(gateway, {
      tools: anthropicTools,
      messages: [
        ...question.messages,
        { role: "assistant", content: block.content },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: block.content[0].id, content: "a wall", is_error: true },
          ],
        },
      ],
    });
    expect(answered.json().content).toEqual([{ type: "text", text: "Seen" }]);
    expect(seen[3]?.messages.at(-1)).toEqual({ role: "tool", text: "Error: a wall" });
  });

  test("lists and shows its models in a form that both clients read", async () => {
    await using gateway = await openLocalGateway({ models: modelOf({ steps: [{ text: "Yes" }] }) });
    const get = async (path: string) => {
      const response = await fetch(gateway.baseUrl + path);
      return { status: response.status, json: await response.json() };
    };
    expect(await get("/v1/models")).toMatchObject({
      json: { object: "list", has_more: false, data: [{ id: "small", object: "model", type: "model" }] },
    });
    expect(await get("/v1/models/small")).toMatchObject({ status: 200, json: { id: "small" } });
    for (const name of ["large", "__proto__", "constructor", "..%2f..%2fsmall", "small%2f", "Small"]) {
      expect((await get(`/v1/models/${name}`)).status).toBe(404);
    }
  });

  test.each([
    ["another model by body", { model: "openai/gpt-5" }, {}, 403, "model_not_allowed"],
    ["the prototype's names", { model: "__proto__" }, {}, 403, "model_not_allowed"],
    ["a path for a name", { model: "../small" }, {}, 403, "model_not_allowed"],
    ["another model by header", {}, { "x-model": "openai/gpt-5" }, 403, "model_not_allowed"],
    ["a temperature out of range", { temperature: 1.5 }, {}, 400, "parameter_not_allowed"],
    ["too much output", { max_completion_tokens: 1_001 }, {}, 400, "parameter_not_allowed"],
    [
      "too much input",
      { messages: [{ role: "user", content: "x".repeat(300) }] },
      {},
      400,
      "parameter_not_allowed",
    ],
    ["too many answers", { n: 5 }, {}, 400, "parameter_not_allowed"],
    ["no answers", { n: 0 }, {}, 400, "parameter_not_allowed"],
    ["log probabilities", { logprobs: true }, {}, 400, "parameter_not_allowed"],
    ["storing", { store: true }, {}, 400, "parameter_not_allowed"],
    ["an earlier response", { previous_response_id: "resp_1" }, {}, 400, "parameter_not_allowed"],
    ["a name for the provider", { user: "somebody" }, {}, 400, "parameter_not_allowed"],
    ["metadata", { metadata: { note: "x" } }, {}, 400, "parameter_not_allowed"],
    ["a web search", { web_search_options: {} }, {}, 400, "parameter_not_allowed"],
    ["a tool of the provider's", { tools: [{ type: "web_search" }] }, {}, 400, "parameter_not_allowed"],
    [
      "an image",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "http://x/" } }] }] },
      {},
      400,
      "parameter_not_allowed",
    ],
    [
      "a result without a call",
      { messages: [{ role: "tool", tool_call_id: "a", content: "" }] },
      {},
      400,
      "parameter_not_allowed",
    ],
    ["no messages", { messages: [] }, {}, 400, "parameter_not_allowed"],
  ])("refuses %s and asks nobody", async (_, change, headers, status, code) => {
    let asked = 0;
    await using gateway = await openLocalGateway({
      models: modelOf(
        () => {
          asked += 1;
          return { text: "Yes", usage };
        },
        { ranges: { temperature: [0, 1], inputCharacters: 300, maxOutputTokens: 1_000, answers: 4 } },
      ),
    });
    const answer = await chat(gateway, change, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("x-should-retry")).toBe("false");
    expect(answer.json()).toMatchObject({ error: { code, message: expect.stringMatching(/./) } });
    expect(answer.text.length).toBeLessThan(1_000);
    expect(asked).toBe(0);
    expect(gateway.exchanges).toMatchObject([
      { request: null, outcome: { status: "refused", code }, completedCalls: 0 },
    ]);
  });

  test.each([
    ["another model", { model: "claude-opus-5" }, 403, "permission_error"],
    ["too much output", { max_tokens: 1_001 }, 400, "invalid_request_error"],
    ["thinking", { thinking: { type: "enabled", budget_tokens: 2_000 } }, 400, "invalid_request_error"],
    [
      "a server's tool",
      { tools: [{ type: "web_search_20250305", name: "web_search" }] },
      400,
      "invalid_request_error",
    ],
    [
      "a remote tool server",
      { mcp_servers: [{ type: "url", url: "http://x/" }] },
      400,
      "invalid_request_error",
    ],
    [
      "a document by address",
      {
        messages: [
          { role: "user", content: [{ type: "document", source: { type: "url", url: "http://x/" } }] },
        ],
      },
      400,
      "invalid_request_error",
    ],
    ["a container", { container: "x" }, 400, "invalid_request_error"],
  ])("refuses %s of Anthropic's protocol", async (_, change, status, type) => {
    await using gateway = await openLocalGateway({ models: modelOf({ steps: [{ text: "Yes" }] }) });
    const answer = await messages(gateway, change);
    expect(answer.status).toBe(status);
    expect(answer.json()).toMatchObject({ type: "error", error: { type } });
  });

  test.each([
    ["no JSON", "{", "body_malformed"],
    ["deep nesting", `{"model":"small","messages":${"[".repeat(100_000)}`, "body_malformed"],
    ["deep nesting in a schema", JSON.stringify({ ...question, tools: nest(65) }), "body_malformed"],
    [
      "a key that is a prototype",
      '{"model":"small","messages":[{"role":"user","content":"x","__proto__":{}}]}',
      "body_malformed",
    ],
    [
      "the same, spelled otherwise",
      '{"model":"small","\\u005f_proto__":{"model":"large"},"messages":[]}',
      "body_malformed",
    ],
    ["far too many values", `{"messages":[${"0,".repeat(200_001)}0]}`, "body_malformed"],
    ["a body that is a list", "[]", "parameter_not_allowed"],
    [
      "a huge unknown key",
      `{"${"k".repeat(100_000)}":1,"model":"small","messages":[{"role":"user","content":""}]}`,
      "parameter_not_allowed",
    ],
    [
      "a huge name of a model",
      JSON.stringify({ ...question, model: "m".repeat(100_000) }),
      "model_not_allowed",
    ],
  ])("a body with %s gets a short refusal", async (_, body, code) => {
    await using gateway = await openLocalGateway({ models: modelOf({ steps: [{ text: "Yes" }] }) });
    const answer = await post(gateway, "/v1/chat/completions", body);
    expect(answer.json()).toMatchObject({ error: { code } });
    expect(answer.text.length).toBeLessThan(1_000);
    expect((gateway.exchanges[0]?.name ?? "").length).toBeLessThan(300);
  });

  test("of two models in one body the one that is checked is the one that is asked", async () => {
    const asked: string[] = [];
    await using gateway = await openLocalGateway({
      models: modelOf(({ messages }) => {
        asked.push(messages[0]?.text ?? "");
        return { text: "Yes" };
      }),
    });
    const twice = (first: string, second: string) =>
      post(
        gateway,
        "/v1/chat/completions",
        `{"model":"${first}","model":"${second}","messages":[{"role":"user","content":"x"}]}`,
      );
    expect((await twice("small", "large")).status).toBe(403);
    expect((await twice("large", "small")).json().model).toBe("small");
    expect(asked).toEqual(["x"]);
  });

  test("a body over the limit is refused, and memory for all of them is bounded", async () => {
    await using gateway = await openLocalGateway({
      models: modelOf({ steps: [{ text: "Yes" }] }),
      limits: { requestBytes: 10_000, allRequestsBytes: 15_000 },
    });
    const large = { messages: [{ role: "user", content: "x".repeat(20_000) }] };
    expect(await chat(gateway, large)).toMatchObject({ status: 413 });
    const half = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n${"x".repeat(8_500)}`;
    const holding = raw(gateway, half);
    await delay(50);
    const medium = { messages: [{ role: "user", content: "x".repeat(8_000) }] };
    expect(await chat(gateway, medium)).toMatchObject({ status: 429 });
    await holding;
    await expect.poll(async () => (await chat(gateway, medium)).status).toBe(200);
  });

  test("what the provider did wrong is retried, charged once and told in words of the gateway's own", async () => {
    let number = 0;
    await using gateway = await openLocalGateway({
      models: modelOf(() => {
        number += 1;
        return number % 2 === 1 ? { fault: "server-error" } : { text: "Yes", usage };
      }),
    });
    expect((await chat(gateway)).status).toBe(200);
    expect(gateway.exchanges).toMatchObject([
      { completedCalls: 1, inputTokens: 60, failedAttempts: [{ attempt: 1, fault: "server-error" }] },
    ]);
    await using broken = await openLocalGateway({ models: modelOf(() => ({ fault: "server-error" })) });
    const failed = await chat(broken);
    expect(failed).toMatchObject({ status: 502 });
    expect(failed.headers.get("x-should-retry")).toBe("false");
    expect(failed.text).not.toContain("scripted");
    expect(broken.exchanges).toMatchObject([
      { outcome: { status: "failed", fault: "server-error" }, completedCalls: 0, inputTokens: 0, costUsd: 0 },
    ]);
    await using rejecting = await openLocalGateway({ models: modelOf(() => ({ fault: "rejected" })) });
    const rejected = await messages(rejecting);
    expect(rejected).toMatchObject({ status: 400 });
    expect(rejected.text).not.toContain("scripted");
  });

  test("both budgets hold, and the model's own count of calls", async () => {
    const budgetOf = (tokens: number) => openModelBudget({ tokens: { limit: tokens, used: () => 0 } });
    for (const budgets of [
      [budgetOf(150), budgetOf(1e6)],
      [budgetOf(1e6), budgetOf(150)],
    ]) {
      await using gateway = await openLocalGateway({
        models: modelOf(() => ({ text: "Yes", usage })),
        budgets,
      });
      const answers = [await chat(gateway), await chat(gateway), await chat(gateway)];
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(answers[2]?.json().error).toMatchObject({ code: "budget_used_up", type: "insufficient_quota" });
      expect(answers[2]?.headers.get("x-should-retry")).toBe("false");
    }
    await using counted = await openLocalGateway({
      models: modelOf(() => ({ text: "Yes", usage }), { calls: { limit: 3, used: () => 1 } }),
    });
    expect((await chat(counted, { n: 2 })).status).toBe(200);
    expect((await messages(counted)).json()).toMatchObject({ error: { type: "rate_limit_error" } });
  });

  test("a dollar budget spans models of different prices", async () => {
    const dear = { ...price, outputUsdPerMillion: 1_000 };
    const script: Script = () => ({ text: "Yes", usage });
    await using gateway = await openLocalGateway({
      models: new Map([
        ["small", allowAll(createFakeModel(script, { price }))],
        ["dear", allowAll(createFakeModel(script, { price: dear }))],
      ]),
      budgets: [openModelBudget({ costUsd: { limit: 0.0401, used: () => 0 } })],
    });
    expect((await chat(gateway, { model: "dear" })).status).toBe(200);
    expect((await chat(gateway)).status).toBe(200);
    expect((await chat(gateway, { model: "dear" })).status).toBe(429);
  });

  test("a client that goes away is charged for the attempt under way and causes no other", async () => {
    const answering = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    let attempts = 0;
    await using gateway = await openLocalGateway({
      models: modelOf(async () => {
        attempts += 1;
        asked.resolve();
        await answering.promise;
        return attempts === 1 ? { text: "Too late", usage } : { fault: "server-error" };
      }),
    });
    const leave = async () => {
      const cancel = new AbortController();
      const gone = fetch(`${gateway.baseUrl}/v1/chat/completions`, {
        method: "POST",
        body: JSON.stringify(question),
        signal: cancel.signal,
      }).catch(() => "gone");
      await asked.promise;
      await delay(30);
      cancel.abort();
      await gone;
    };
    await leave();
    await delay(30);
    answering.resolve();
    expect(await gateway.recorded(1)).toMatchObject([
      { outcome: { status: "completed" }, outputTokens: 40, clientGone: true },
    ]);
  });

  test("a client that goes away while it waits asks nobody", async () => {
    const answering = Promise.withResolvers<void>();
    let asked = 0;
    await using gateway = await openLocalGateway({
      models: modelOf(async () => {
        asked += 1;
        await answering.promise;
        return { text: "Yes", usage };
      }),
      limits: { callsAtOnce: 1, callsWaiting: 1 },
    });
    const first = chat(gateway);
    await expect.poll(() => asked).toBe(1);
    const cancel = new AbortController();
    const second = fetch(`${gateway.baseUrl}/v1/chat/completions`, {
      method: "POST",
      body: JSON.stringify(question),
      signal: cancel.signal,
    }).catch(() => "gone");
    await expect.poll(async () => (await chat(gateway)).status).toBe(429);
    cancel.abort();
    await second;
    await expect
      .poll(() => gateway.exchanges.some(({ outcome }) => outcome.status === "cancelled"))
      .toBe(true);
    answering.resolve();
    expect((await first).status).toBe(200);
    expect(asked).toBe(1);
  });

  test("a full line is busy for now, and says so to clients that try again", async () => {
    await using gateway = await openLocalGateway({
      models: modelOf(() => ({ text: "Yes", usage, delayMs: 200 })),
      limits: { callsAtOnce: 1, callsWaiting: 1 },
    });
    const answers = await Promise.all([chat(gateway), chat(gateway), chat(gateway)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 429]);
    const busy = answers.find(({ status }) => status === 429);
    expect([busy?.headers.get("x-should-retry"), busy?.headers.get("retry-after")]).toEqual(["true", "1"]);
  });

  test("services answer JSON, refuse in their own words, and fail in ours", async () => {
    await using gateway = await openLocalGateway({
      services: new Map([
        ["double", { serve: async (value: unknown) => ({ status: "answered", answer: Number(value) * 2 }) }],
        ["strict", { serve: async () => ({ status: "refused", message: "give two texts" }) }],
        ["broken", { serve: async () => Promise.reject(new Error("secret path /judge/held-out")) }],
        [
          "once",
          {
            serve: async () => ({ status: "answered", answer: "only one" }),
            calls: { limit: 1, used: () => 0 },
          },
        ],
      ]),
    });
    const ask = (name: string, body: unknown) => post(gateway, `/v1/services/${name}`, body);
    expect((await ask("double", 21)).json()).toBe(42);
    expect(await ask("strict", {})).toMatchObject({
      status: 422,
      text: expect.stringContaining("give two texts"),
    });
    const failed = await ask("broken", {});
    expect(failed.status).toBe(500);
    expect(failed.text).not.toContain("secret");
    expect(gateway.exchanges.at(-1)?.outcome).toMatchObject({
      fault: "service-failed",
      message: expect.stringContaining("secret"),
    });
    const both = await Promise.all([ask("once", 1), ask("once", 2)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 429]);
    for (const name of ["none", "constructor"]) expect((await ask(name, {})).status).toBe(404);
  });

  test("what cannot be recorded is not answered", async () => {
    await using gateway = await openLocalGateway({
      models: modelOf(() => ({ text: "Yes", usage })),
      record: () => {
        throw new Error("the disk is full");
      },
    });
    await expect(chat(gateway)).rejects.toThrow();
    await expect(chat(gateway)).rejects.toThrow();
  });

  test("closing waits for a call under way, so that its cost is known, and lets no other begin", async () => {
    const answering = Promise.withResolvers<void>();
    let asked = 0;
    const gateway = await openLocalGateway({
      models: modelOf(async () => {
        asked += 1;
        await answering.promise;
        return { text: "Yes", usage };
      }),
      limits: { callsAtOnce: 1 },
    });
    const calls = [chat(gateway), chat(gateway)].map((call) => call.catch(() => "closed"));
    await expect.poll(() => asked).toBe(1);
    await delay(30);
    const closed = gateway[Symbol.asyncDispose]();
    setTimeout(() => answering.resolve(), 50);
    await closed;
    await Promise.all(calls);
    expect(asked).toBe(1);
    expect(gateway.exchanges.map(({ outcome }) => outcome.status).sort()).toEqual(["cancelled", "completed"]);
  });

  test("closing does not wait for ever, nor after its signal", async () => {
    const hanging = () => modelOf(() => ({ fault: "hang" }));
    const slow = await openLocalGateway({ models: hanging(), limits: { settleMs: 50 } });
    const stop = new AbortController();
    const stopped = await openLocalGateway({ models: hanging(), signal: stop.signal });
    for (const gateway of [slow, stopped]) {
      const call = chat(gateway).catch(() => "closed");
      await delay(50);
      if (gateway === stopped) stop.abort();
      await gateway[Symbol.asyncDispose]();
      await call;
      expect(gateway.exchanges).toMatchObject([{ outcome: { status: "cancelled" } }]);
    }
  });

  describe("as HTTP", () => {
    const open = (limits: Parameters<typeof openLocalGateway>[0]["limits"] = {}) =>
      openLocalGateway({ models: modelOf(() => ({ text: "Yes", usage })), limits });
    const body = JSON.stringify(question);

    test("a request that two readers could cut apart differently is closed unheard", async () => {
      await using gateway = await open();
      const both = await raw(
        gateway,
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n`,
      );
      const obfuscated = await raw(
        gateway,
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n",
      );
      const twice = await raw(
        gateway,
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      for (const said of [both, obfuscated, twice]) expect(said).not.toContain("200 OK");
      expect(gateway.exchanges).toEqual([]);
    });

    test("only the exact paths lead anywhere, and nothing is a proxy or a tunnel", async () => {
      await using gateway = await open();
      for (const [method, target] of [
        ["POST", "http://example.org/v1/chat/completions"],
        ["POST", "/v1/../v1/chat/completions"],
        ["POST", "//v1/chat/completions"],
        ["POST", "/v1/chat/completions/"],
        ["POST", "/v1/chat/completions?model=large"],
        ["POST", "/v1/messages?beta=true"],
        ["POST", "/v1/messages/batches"],
        ["POST", "/v1/responses"],
        ["POST", "/v1/embeddings"],
        ["POST", "/v1/services/../chat/completions"],
        ["GET", "/v1/chat/completions"],
      ]) {
        const said = await raw(
          gateway,
          `${method} ${target} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
        );
        expect(said).toMatch(/^HTTP\/1.1 404 /);
      }
      expect(await raw(gateway, "CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n")).toBe(
        "",
      );
      expect(gateway.exchanges).toEqual([]);
    });

    test("a client that sends its request drop by drop is closed", async () => {
      await using gateway = await open({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
      const closed = (begin: string) =>
        new Promise<string>((resolve) => {
          const socket = connect(gateway.port, "127.0.0.1", () => socket.write(begin));
          const drops = setInterval(() => socket.write("a"), 20);
          socket.on("error", () => {});
          socket.resume();
          socket.once("close", () => {
            clearInterval(drops);
            resolve("closed");
          });
        });
      expect(await closed("POST /v1/chat/completions HTTP/1.1\r\nx-slow: ")).toBe("closed");
      expect(
        await closed("POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n"),
      ).toBe("closed");
    });

    test("a client that says nothing at all is closed", async () => {
      await using gateway = await open({ headersTimeoutMs: 100 });
      const socket = connect(gateway.port, "127.0.0.1");
      socket.on("error", () => {}).resume();
      await new Promise<void>((resolve) => socket.once("close", () => resolve()));
    });

    test("a client that does not read its answer is closed, and its call is charged", async () => {
      const text = "x".repeat(20_000_000);
      await using gateway = await openLocalGateway({
        models: modelOf(() => ({ text, usage })),
        limits: { unreadTimeoutMs: 200, answerBytes: 1e9 },
      });
      const socket = connect(gateway.port, "127.0.0.1").on("error", () => {});
      const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`;
      socket.write(head + body);
      expect(await gateway.recorded(1)).toMatchObject([{ outcome: { status: "completed" } }]);
      await delay(1_000);
      let heard = 0;
      socket.on("data", (chunk) => {
        heard += chunk.length;
      });
      await new Promise<void>((resolve) => socket.once("close", () => resolve()));
      expect(heard).toBeLessThan(text.length);
    });

    test("an answer over the limit is refused and charged", async () => {
      await using gateway = await openLocalGateway({
        models: modelOf(() => ({ text: "x".repeat(10_000), usage })),
        limits: { answerBytes: 5_000 },
      });
      expect((await chat(gateway)).json()).toMatchObject({ error: { code: "answer_too_large" } });
      expect(gateway.exchanges).toMatchObject([
        { outcome: { status: "failed", fault: "answer-too-large" }, completedCalls: 1, outputTokens: 40 },
      ]);
    });

    test("many requests written at once on one connection are each answered, in order", async () => {
      await using gateway = await open();
      const one = `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
      const said = await raw(gateway, one.repeat(20));
      const ids = [...said.matchAll(/chatcmpl_(\d+)/g)].map(([, id]) => Number(id));
      expect(ids).toEqual(Array.from({ length: 20 }, (_, index) => index));
    });

    test("connections are bounded, and one that ends makes room", async () => {
      await using gateway = await open({ connections: 10 });
      const sockets = Array.from({ length: 30 }, () => connect(gateway.port, "127.0.0.1"));
      let closed = 0;
      for (const socket of sockets) {
        socket.on("error", () => {});
        socket.on("close", () => {
          closed += 1;
        });
        socket.resume();
      }
      await expect.poll(() => closed).toBe(20);
      for (const socket of sockets) socket.destroy();
      await expect.poll(async () => (await chat(gateway).catch(() => null))?.status).toBe(200);
    });

    test("headers tell nothing of who is behind it", async () => {
      await using gateway = await open();
      const { headers } = await chat(gateway, {}, { authorization: "Bearer anything" });
      expect([...headers.keys()].sort()).toEqual([
        "connection",
        "content-length",
        "content-type",
        "date",
        "keep-alive",
      ]);
    });
  });
});

function nest(levels: number): unknown {
  return levels === 0 ? 0 : [nest(levels - 1)];
}
