import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import type { GenerateResult } from "./language-model.ts";
import { openLanguageModel } from "./open-language-model.ts";
import { loadPriceTable } from "./prices.ts";
import { startScriptedServer } from "./scripted/scripted-server.ts";

const key = "sk-secret-0123456789";
const env = { ANTHROPIC_API_KEY: key, OPENAI_API_KEY: key, GOOGLE_GENERATIVE_AI_API_KEY: key };
const signal = new AbortController().signal;
const hello = { messages: [{ role: "user" as const, text: "Hello" }] };

/** A server of one's own behaviour, for what a script does not cover. */
async function serve(
  answer: (body: string, incoming: IncomingMessage, outgoing: ServerResponse) => void,
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  const server = createServer(async (incoming, outgoing) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    answer(body, incoming, outgoing);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function messageOf(result: GenerateResult): string {
  return result.status === "failed" ? result.message : `not failed but ${result.status}`;
}

describe("openLanguageModel", () => {
  test.each([
    ["anthropic/claude-x", {}, undefined, "MODEL_KEY_MISSING", 3, "ANTHROPIC_API_KEY"],
    ["openai/gpt-x", { OPENAI_API_KEY: "  " }, undefined, "MODEL_KEY_MISSING", 3, "OPENAI_API_KEY"],
    ["google/gemini-x", {}, undefined, "MODEL_KEY_MISSING", 3, "GOOGLE_GENERATIVE_AI_API_KEY"],
    ["nobody/x", env, undefined, "MODEL_UNKNOWN_PROVIDER", 2, "anthropic, openai, google, openai-compatible"],
    ["claude", env, undefined, "MODEL_ID_MALFORMED", 2, "claude"],
    ["openai/", env, undefined, "MODEL_ID_MALFORMED", 2, "openai/"],
    ["openai-compatible/x", env, undefined, "MODEL_BASE_URL_MISSING", 2, "openai-compatible/x"],
    ["openai-compatible/x", env, "localhost:8000", "MODEL_BASE_URL_INVALID", 2, "openai-compatible/x"],
    ["openai-compatible/x", env, "http://me:pw@host/v1", "MODEL_BASE_URL_INVALID", 2, "openai-compatible/x"],
  ])("%s with %j and base URL %s is %s", async (id, keys, baseUrl, code, exitCode, named) => {
    const opening = openLanguageModel(id, {
      env: keys,
      prices: {},
      ...(baseUrl === undefined ? {} : { baseUrl }),
    });
    await expect(opening).rejects.toMatchObject({ code, exitCode, message: expect.stringContaining(named) });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining("pw@") });
  });

  test("the price comes from the table, and a name may hold slashes", async () => {
    const prices = await loadPriceTable();
    expect((await openLanguageModel("openai/gpt-5", { env, prices })).price).toEqual(prices["openai/gpt-5"]);
    const baseUrl = "http://127.0.0.1:1/v1";
    const local = await openLanguageModel("openai-compatible/org/llama", { env: {}, prices, baseUrl });
    expect(local).toMatchObject({ id: "openai-compatible/org/llama", price: null });
  });

  test("a completed call of a model with a price says what it cost", async () => {
    await using server = await startScriptedServer({
      script: { steps: [{ text: "Yes", usage: { inputTokens: 1_000_000, outputTokens: 100_000 } }] },
    });
    const model = await openLanguageModel("openai/gpt-5", {
      env,
      prices: await loadPriceTable(),
      baseUrl: server.baseUrl,
    });
    expect(await model.generate(hello, { signal })).toMatchObject({ costUsd: 2.25 });
  });

  test("neither the key nor an address is in what a failure says, whatever the provider says", async () => {
    await using server = await serve((_, incoming, outgoing) => {
      const { authorization = "", host = "" } = incoming.headers;
      const message = `bad request from ${authorization} at http://${host}/v1, also sk-proj-abcdefghijkl`;
      outgoing.writeHead(400, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({ error: { message, type: "invalid_request_error" } }));
    });
    const model = await openLanguageModel("openai/gpt-x", { env, prices: {}, baseUrl: server.baseUrl });
    const message = messageOf(await model.generate(hello, { signal }));
    expect(message).toContain("bad request from");
    for (const secret of [key, "127.0.0.1", "sk-proj", "http:"]) expect(message).not.toContain(secret);
  });

  test("a server that is not there is a lost connection, without its address", async () => {
    const { baseUrl } = await serve(() => {}).then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    const model = await openLanguageModel("openai-compatible/x", {
      env: {},
      prices: {},
      baseUrl,
      limits: { maxAttempts: 1 },
    });
    const result = await model.generate(hello, { signal });
    expect(result).toMatchObject({ status: "failed", reason: "connection-lost" });
    expect(messageOf(result)).not.toContain("127.0.0.1");
  });

  test("a redirect is not followed, so the key stays where it was meant for", async () => {
    let reached = false;
    await using elsewhere = await serve((_, __, outgoing) => {
      reached = true;
      outgoing.end();
    });
    await using server = await serve((_, __, outgoing) => {
      outgoing.writeHead(307, { location: elsewhere.baseUrl });
      outgoing.end();
    });
    const model = await openLanguageModel("openai/gpt-x", { env, prices: {}, baseUrl: server.baseUrl });
    expect(await model.generate(hello, { signal })).toMatchObject({ status: "failed", reason: "rejected" });
    expect(reached).toBe(false);
  });

  test("an account without credit is not asked again", async () => {
    let asked = 0;
    await using server = await serve((_, __, outgoing) => {
      asked += 1;
      outgoing.writeHead(429, { "content-type": "application/json" });
      outgoing.end(JSON.stringify({ error: { message: "no credit", code: "insufficient_quota" } }));
    });
    const model = await openLanguageModel("openai/gpt-x", { env, prices: {}, baseUrl: server.baseUrl });
    expect(await model.generate(hello, { signal })).toMatchObject({ status: "failed", reason: "rejected" });
    expect(asked).toBe(1);
  });

  const anthropicStart =
    'event: message_start\ndata: {"type":"message_start","message":{"id":"m","model":"m","role":"assistant","content":[],"usage":{"input_tokens":1}}}\n\n';
  test.each([
    ["openai/x", "", { message: "busy", type: "server_error" }, "server-error"],
    ["openai/x", "", { message: "slow down", type: "requests", code: "rate_limit_exceeded" }, "rate-limited"],
    ["openai/x", "", { message: "too long", type: "invalid_request_error" }, "rejected"],
    ["anthropic/x", "", { type: "overloaded_error", message: "busy" }, "server-error"],
    ["anthropic/x", "", { type: "rate_limit_error", message: "slow down" }, "rate-limited"],
    ["anthropic/x", anthropicStart, { type: "overloaded_error", message: "busy" }, "server-error"],
    ["anthropic/x", anthropicStart, { type: "rate_limit_error", message: "slow down" }, "rate-limited"],
  ])("an error inside the stream of %s (after %j: %j) is %s", async (id, before, error, reason) => {
    await using server = await serve((_, __, outgoing) => {
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      outgoing.end(`${before}event: error\ndata: ${JSON.stringify({ type: "error", error })}\n\n`);
    });
    const model = await openLanguageModel(id, {
      env,
      prices: {},
      baseUrl: server.baseUrl,
      limits: { maxAttempts: 1 },
    });
    expect(await model.generate(hello, { signal })).toMatchObject({ status: "failed", reason });
  });

  test.each(["openai/x", "openai-compatible/x", "anthropic/x"])(
    "a stream of %s that closes in order but has no end was cut",
    async (id) => {
      const chunk = { id: "c", model: "m", choices: [{ index: 0, delta: { content: "Half an" } }] };
      await using server = await serve((_, __, outgoing) => {
        outgoing.writeHead(200, { "content-type": "text/event-stream" });
        outgoing.end(id === "anthropic/x" ? anthropicStart : `data: ${JSON.stringify(chunk)}\n\n`);
      });
      const model = await openLanguageModel(id, {
        env,
        prices: {},
        baseUrl: server.baseUrl,
        limits: { maxAttempts: 1 },
      });
      expect(await model.generate(hello, { signal })).toMatchObject({
        status: "failed",
        reason: "connection-lost",
      });
    },
  );

  test("options of the provider's own reach it, and a setting it drops is told with the answer", async () => {
    const bodies: string[] = [];
    await using server = await serve((body, _, outgoing) => {
      bodies.push(body);
      outgoing.writeHead(400).end();
    });
    const open = async (id: string, providerOptions: Record<string, string>) => {
      const { baseUrl } = server;
      return await openLanguageModel(id, { env, prices: {}, baseUrl, providerOptions });
    };
    const model = await open("openai/o3", { reasoningEffort: "high" });
    await model.generate({ ...hello, temperature: 0.5 }, { signal });
    await (await open("openai-compatible/x", { any_field: "kept" })).generate(hello, { signal });
    expect(bodies[0]).toContain('"reasoning_effort":"high"');
    expect(bodies[0]).not.toContain("temperature");
    expect(bodies[1]).toContain('"any_field":"kept"');
    await using scripted = await startScriptedServer({ script: () => ({ text: "Yes" }) });
    const warned = await openLanguageModel("openai/o3", {
      env,
      prices: {},
      baseUrl: scripted.baseUrl,
    });
    expect(await warned.generate({ ...hello, temperature: 0.5 }, { signal })).toMatchObject({
      status: "completed",
      warnings: [expect.stringMatching(/^temperature is not supported/)],
    });
  });

  test("a vendor's variables in this process are not looked at", async () => {
    await using stray = await serve((_, __, outgoing) => {
      outgoing.writeHead(200, { "content-type": "application/json" });
      outgoing.end("{}");
    });
    await using server = await startScriptedServer({ script: { steps: [{ text: "Yes" }] } });
    process.env.OPENAI_BASE_URL = stray.baseUrl;
    process.env.OPENAI_API_KEY = "another";
    try {
      const baseUrl = server.baseUrl;
      const model = await openLanguageModel("openai/scripted", { env, prices: {}, baseUrl });
      expect(await model.generate(hello, { signal })).toMatchObject({ message: { text: "Yes" } });
      await expect(openLanguageModel("openai/scripted", { env: {}, prices: {} })).rejects.toMatchObject({
        code: "MODEL_KEY_MISSING",
      });
    } finally {
      delete process.env.OPENAI_BASE_URL;
      delete process.env.OPENAI_API_KEY;
    }
  });

  test("what Anthropic signed goes back to the model that wrote it, and to no other", async () => {
    const bodies: string[] = [];
    await using scripted = await startScriptedServer({
      script: () => ({
        reasoning: "First look.",
        toolCalls: [{ name: "bash", arguments: { command: "ls" } }],
      }),
    });
    await using server = await serve((body, incoming, outgoing) => {
      bodies.push(body);
      void fetch(new URL(incoming.url ?? "", scripted.baseUrl), { method: "POST", body }).then(
        async (answer) =>
          outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text()),
      );
    });
    const open = (id: string) => openLanguageModel(id, { env, prices: {}, baseUrl: server.baseUrl });
    const model = await open("anthropic/one");
    const first = await model.generate(hello, { signal });
    if (first.status !== "completed") throw new Error(messageOf(first));
    const [call] = first.message.toolCalls;
    const request = {
      messages: [
        ...hello.messages,
        first.message,
        { role: "tool" as const, toolCallId: call?.id ?? "", toolName: "bash", text: "file" },
      ],
    };
    await model.generate(request, { signal });
    await (await open("anthropic/two")).generate(request, { signal });
    expect(JSON.parse(bodies[1] ?? "").messages[1].content[0]).toEqual({
      type: "thinking",
      thinking: "First look.",
      signature: "scripted-signature",
    });
    expect(bodies[2]).not.toContain("scripted-signature");
    // The conversation so far may be kept in the provider's cache.
    expect(bodies[1]).toContain('"cache_control":{"type":"ephemeral"}');
  });

  test("Google's answers are understood, and what it signed goes back", async () => {
    const bodies: string[] = [];
    const parts = [
      { text: "I look." },
      { functionCall: { name: "bash", args: { command: "ls" } }, thoughtSignature: "signed" },
    ];
    await using server = await serve((body, incoming, outgoing) => {
      bodies.push(`${incoming.headers["x-goog-api-key"]} ${incoming.url} ${body}`);
      outgoing.writeHead(200, { "content-type": "text/event-stream" });
      outgoing.end(
        `data: ${JSON.stringify({
          candidates: [{ content: { role: "model", parts }, finishReason: "STOP" }],
          usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 5, thoughtsTokenCount: 7 },
        })}\n\n`,
      );
    });
    const model = await openLanguageModel("google/gemini-x", { env, prices: {}, baseUrl: server.baseUrl });
    const first = await model.generate(hello, { signal });
    if (first.status !== "completed") throw new Error(messageOf(first));
    expect(first).toMatchObject({
      finishReason: "tool-calls",
      message: { text: "I look.", toolCalls: [{ name: "bash", arguments: { command: "ls" } }] },
      usage: { inputTokens: 20, outputTokens: 12 },
    });
    expect(bodies[0]).toMatch(new RegExp(`^${key} /v1/models/gemini-x:streamGenerateContent`));
    const [call] = first.message.toolCalls;
    await model.generate(
      {
        messages: [
          ...hello.messages,
          first.message,
          { role: "tool", toolCallId: call?.id ?? "", toolName: "bash", text: "file" },
        ],
      },
      { signal },
    );
    expect(bodies[1]).toContain('"thoughtSignature":"signed"');
  });

  test("memory stays flat over many long calls", { timeout: 60_000 }, async () => {
    await using server = await startScriptedServer({ script: () => ({ text: "Yes" }) });
    const model = await openLanguageModel("openai-compatible/scripted", {
      env: {},
      prices: {},
      baseUrl: server.baseUrl,
    });
    const ask = async (count: number) => {
      for (let call = 0; call < count; call += 1) {
        const text = `${call} ${"x".repeat(400_000)}`;
        const result = await model.generate({ messages: [{ role: "user", text }] }, { signal });
        expect(result.status).toBe("completed");
      }
    };
    await ask(20);
    const beforeBytes = await usedBytes();
    await ask(200);
    // 200 requests of 400 kB each would be 80 MB.
    expect((await usedBytes()) - beforeBytes).toBeLessThan(20e6);
    expect(server.records()).toEqual([]);
    expect(server.requestCount()).toBe(220);
  });
});

/** Memory in use after garbage is collected: twice, since buffers are only let go of between the two. */
async function usedBytes(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc");
  for (let round = 0; round < 2; round += 1) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
