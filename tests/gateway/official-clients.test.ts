import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupDevelopmentTools } from "../../src/machine/index.ts";
import {
  type GatewayExchange,
  type GatewayModel,
  openGateway,
  openLanguageModel,
  openModelBudget,
  startScriptedServer,
} from "../../src/model/index.ts";
import { bubblewrapDriver } from "../../src/sandbox/index.ts";

/** Secrets that must not be seen inside, and what would give the provider away. */
const key = "sk-test-this-key-stays-outside";

/** Plays every part of the provider: `broken` always fails, `rejecting` rejects, `tools` looks before it speaks. */
const script = ({ model, messages }: { model: string; messages: readonly { readonly role: string }[] }) => {
  if (model === "upstream-broken") return { fault: "server-error" } as const;
  if (model === "upstream-rejecting") return { fault: "rejected" } as const;
  const usage = { inputTokens: 60, outputTokens: 40 };
  const looks = model === "upstream-tools" && messages.at(-1)?.role === "user" && messages.length < 3;
  return looks
    ? { toolCalls: [{ name: "look", arguments: { at: "é" } }], usage }
    : { text: "Good 😀 day", usage };
};

describe("the official clients in a sandbox, unmodified", () => {
  let printed: string;
  let heard: { openai: object; anthropic: object; refusals: Record<string, unknown[]>; many: number };
  const exchanges: GatewayExchange[] = [];
  let upstreamRequests = 0;
  const folder = mkdtempSync(join(tmpdir(), "rebench-clients-"));

  beforeAll(async () => {
    const { python, toolchain } = await setupDevelopmentTools();
    const version = /python3\.\d+/.exec(readFileSync(join(python, "../../pyvenv.cfg"), "utf8"))?.[0];
    await using upstream = await startScriptedServer({ script });
    const toModel = async (name: string): Promise<GatewayModel> => ({
      model: await openLanguageModel(`openai/upstream-${name}`, {
        env: { OPENAI_API_KEY: key },
        prices: {},
        baseUrl: upstream.baseUrl,
        limits: { maxAttempts: 2, firstWaitMs: 1 },
      }),
      ranges: { temperature: [0, 1], inputCharacters: 10_000, maxOutputTokens: 1_000, answers: 4 },
      ...(name === "spent" ? { calls: { limit: 5, used: () => 5 } } : {}),
    });
    const names = ["small", "tools", "broken", "rejecting", "spent"];
    const models = new Map<string, GatewayModel>();
    for (const name of names) models.set(name, await toModel(name));
    await using gateway = openGateway({
      models,
      services: new Map(),
      budgets: [openModelBudget({ tokens: { limit: 1e6, used: () => 0 } })],
      record: (exchange) => exchanges.push(exchange),
      signal: new AbortController().signal,
      now: () => Date.now(),
    });
    await using sandbox = await bubblewrapDriver.openSandbox({
      workspace: folder,
      mounts: [
        ...toolchain.mounts,
        { source: join(python, "../../lib", version ?? "python3", "site-packages"), target: "/clients" },
      ],
      env: { ...toolchain.env, PYTHONPATH: "/clients", HOME: "/root", LANG: "C.UTF-8" },
      network: "gateway",
      gateway: gateway.accept,
      devices: [],
      limits: {
        memoryBytes: 2 ** 30,
        processes: 200,
        cpuCores: 2,
        diskBytes: 2 ** 28,
        openFiles: 500,
        outputBytes: 2 ** 22,
      },
    });
    await sandbox.writeFile("clients.py", readFileSync(join(import.meta.dirname, "clients.py")));
    const ended = await sandbox.exec(["python3", "clients.py"], { timeoutMs: 120_000 });
    printed = ended.stdout.text + ended.stderr.text;
    expect(ended.stderr.text).toBe("");
    heard = JSON.parse(ended.stdout.text);
    upstreamRequests = upstream.requestCount();
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("openai: whole, several, streamed, tools, models", () => {
    expect(heard.openai).toEqual({
      text: "Good 😀 day",
      usage: 100,
      several: ["Good 😀 day", "Good 😀 day", "Good 😀 day"],
      streamed: "Good 😀 day",
      streamedUsage: 100,
      helped: "Good 😀 day",
      call: ["look", { at: "é" }, null],
      afterCall: "Good 😀 day",
      streamedCall: { at: "é" },
      models: ["broken", "rejecting", "small", "spent", "tools"],
      model: "small",
    });
  });

  test("anthropic: whole, streamed, tools, models", () => {
    expect(heard.anthropic).toEqual({
      text: "Good 😀 day",
      usage: 100,
      stop: "end_turn",
      events: [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
      ],
      helped: "Good 😀 day",
      helpedUsage: 40,
      call: ["look", { at: "é" }, "tool_use"],
      afterCall: "Good 😀 day",
      streamedCall: { at: "é" },
      models: ["broken", "rejecting", "small", "spent", "tools"],
    });
  });

  test("refusals raise the class that the client has for them, and say why", () => {
    const kinds = Object.fromEntries(
      Object.entries(heard.refusals).map(([name, [type, status, code]]) => [name, [type, status, code]]),
    );
    expect(kinds).toEqual({
      openaiModel: ["PermissionDeniedError", 403, "model_not_allowed"],
      openaiHeader: ["PermissionDeniedError", 403, "model_not_allowed"],
      openaiRange: ["BadRequestError", 400, "parameter_not_allowed"],
      openaiImage: ["BadRequestError", 400, "parameter_not_allowed"],
      openaiBroken: ["InternalServerError", 502, "call_failed"],
      openaiRejected: ["BadRequestError", 400, "request_not_accepted"],
      openaiBudget: ["RateLimitError", 429, "budget_used_up"],
      openaiStreamBudget: ["RateLimitError", 429, "budget_used_up"],
      openaiResponses: ["NotFoundError", 404, "not_found"],
      openaiUnknown: ["NotFoundError", 404, "not_found"],
      anthropicModel: ["PermissionDeniedError", 403, "permission_error"],
      anthropicRange: ["BadRequestError", 400, "invalid_request_error"],
      anthropicBroken: ["InternalServerError", 502, "api_error"],
      anthropicBudget: ["RateLimitError", 429, "rate_limit_error"],
      anthropicBeta: ["BadRequestError", 400, "invalid_request_error"],
    });
    expect(heard.refusals.openaiModel?.[3]).toContain('the model "gpt-5" is not allowed here');
    expect(heard.refusals.anthropicBudget?.[3]).toContain("budget used up");
  });

  test("no refusal is tried again, and the provider hears only what was let through, twice where it fails", () => {
    const refused = exchanges.filter(({ outcome }) => outcome.status === "refused");
    const failed = exchanges.filter(({ outcome }) => outcome.status === "failed");
    const completed = exchanges.reduce((sum, { completedCalls }) => sum + completedCalls, 0);
    expect(refused.length).toBe(10);
    expect(failed.map(({ failedAttempts }) => failedAttempts.length)).toEqual([2, 1, 2]);
    expect(heard.many).toBe(40);
    expect(completed).toBe(40 + 9 + 6);
    expect(upstreamRequests).toBe(completed + 5);
  });

  test("neither key nor address nor words of the provider are seen inside", () => {
    expect(printed).not.toContain(key);
    expect(printed).not.toContain("upstream");
    expect(printed).not.toContain("scripted");
  });
});
