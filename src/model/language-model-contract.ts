import { describe, expect, test } from "vitest";
import type { AttemptFailure, GenerateRequest, GenerateResult, LanguageModel } from "./language-model.ts";
import type { RetryLimits, RetryTools } from "./retrying-model.ts";
import type { Script, ScriptedRequest, ScriptStep } from "./scripted/script.ts";

/** A model whose provider plays the given script. */
export interface ContractModel extends AsyncDisposable {
  readonly model: LanguageModel;
}

/** Limits, time and chance of the model under test. */
export interface ContractOptions {
  readonly limits: Partial<RetryLimits>;
  readonly tools: Partial<RetryTools>;
}

/** What a protocol, rather than a provider's code, cannot carry. */
export interface ContractTraits {
  readonly reportsReasoning: boolean;
  readonly reportsMissingUsage: boolean;
  /** False for Anthropic without streaming, whose arguments are part of the JSON around them. */
  readonly carriesBrokenArguments: boolean;
}

/** Events of one call, in order, as its hooks and its waits see them. */
type Trace = (string | AttemptFailure)[];

const hello: GenerateRequest = { messages: [{ role: "user", text: "Hello" }] };
const bash = { name: "bash", description: "Runs a command.", parameters: { type: "object", properties: {} } };

/** Every provider, over HTTP, and the fake model pass this. */
export function languageModelContract(
  name: string,
  traits: ContractTraits,
  open: (script: Script, options: ContractOptions) => Promise<ContractModel>,
): void {
  async function ask(
    script: Script,
    options: {
      readonly request?: GenerateRequest;
      readonly limits?: Partial<RetryLimits>;
      readonly signal?: AbortSignal;
      readonly onSleep?: () => void;
    } = {},
  ): Promise<{ result: GenerateResult; trace: Trace }> {
    const trace: Trace = [];
    await using opened = await open(script, {
      limits: options.limits ?? {},
      tools: {
        random: () => 0.5,
        sleep: async (ms, signal) => {
          trace.push(`wait ${ms}`);
          options.onSleep?.();
          signal.throwIfAborted();
        },
      },
    });
    const result = await opened.model.generate(options.request ?? hello, {
      signal: options.signal ?? new AbortController().signal,
      onAttemptFailed: (failure) => trace.push(failure),
      onAttemptStarted: (attempt) => trace.push(`start ${attempt}`),
    });
    return { result, trace };
  }

  function steps(...list: ScriptStep[]): Script {
    return { steps: list };
  }

  const failure = (attempt: number, fault: string, waitMs: number | null) => ({
    attempt,
    fault,
    message: expect.any(String),
    attemptMs: expect.any(Number),
    waitMs,
  });

  describe(`LanguageModel contract: ${name}`, () => {
    test("an answer carries text, reason, usage, the served model and how long it took", async () => {
      const { result, trace } = await ask(
        steps({
          text: "Good day to you",
          usage: { inputTokens: 12, outputTokens: 5, cachedInputTokens: 4 },
        }),
      );
      expect(result).toMatchObject({
        status: "completed",
        message: { role: "assistant", text: "Good day to you", toolCalls: [] },
        finishReason: "stop",
        usage: { inputTokens: 12, outputTokens: 5, cachedInputTokens: 4 },
        costUsd: null,
        durationMs: expect.any(Number),
        servedModel: "scripted",
      });
      expect(trace).toEqual([]);
    });

    test("an answer cut at its longest says so", async () => {
      const { result } = await ask(steps({ text: "and so", finishReason: "length" }));
      expect(result).toMatchObject({ status: "completed", finishReason: "length" });
    });

    if (traits.reportsReasoning)
      test("reasoning is kept apart from the text", async () => {
        const { result } = await ask(steps({ reasoning: "Let me think.", text: "Yes" }));
        expect(result).toMatchObject({ message: { text: "Yes", reasoning: "Let me think." } });
      });

    if (traits.reportsMissingUsage)
      test("usage that is not reported is null, not 0", async () => {
        const { result } = await ask(steps({ text: "Yes", usage: null }));
        expect(result).toMatchObject({
          usage: { inputTokens: null, outputTokens: null, cachedInputTokens: null },
        });
      });

    test("tool calls come with names and parsed arguments, in order, each with its own id", async () => {
      const { result } = await ask(
        steps({
          text: "Two things",
          toolCalls: [
            { name: "bash", arguments: { command: "ls", nested: { deep: [1, null, "é"] } } },
            { name: "score", arguments: {} },
          ],
        }),
        { request: { ...hello, tools: [bash, { ...bash, name: "score" }] } },
      );
      expect(result).toMatchObject({ status: "completed", finishReason: "tool-calls" });
      if (result.status !== "completed") return;
      expect(result.message.text).toBe("Two things");
      expect(result.message.toolCalls.map((call) => [call.name, call.arguments])).toEqual([
        ["bash", { command: "ls", nested: { deep: [1, null, "é"] } }],
        ["score", {}],
      ]);
      expect(new Set(result.message.toolCalls.map((call) => call.id)).size).toBe(2);
    });

    test("a tool nobody offered comes through", async () => {
      const { result } = await ask(steps({ fault: "wrong-tool-call", wrong: "unknown-tool" }), {
        request: { ...hello, tools: [bash] },
      });
      expect(result).toMatchObject({ message: { toolCalls: [{ name: "no_such_tool" }] } });
    });

    if (traits.carriesBrokenArguments)
      test("arguments that are no JSON come as written", async () => {
        const { result } = await ask(steps({ fault: "wrong-tool-call", wrong: "arguments-not-json" }), {
          request: { ...hello, tools: [bash] },
        });
        expect(result).toMatchObject({
          message: { toolCalls: [{ name: "bash", arguments: '{"command": "true' }] },
        });
      });

    test("the whole request reaches the provider", async () => {
      const seen: ScriptedRequest[] = [];
      await ask(
        (request) => {
          seen.push(request);
          return { text: "Yes" };
        },
        {
          request: {
            messages: [
              { role: "system", text: "Be brief." },
              { role: "user", text: "List the files" },
            ],
            tools: [bash],
            toolChoice: "required",
            temperature: 0.25,
            maxOutputTokens: 77,
          },
        },
      );
      expect(seen).toMatchObject([
        {
          model: "scripted",
          messages: [
            { role: "system", text: "Be brief." },
            { role: "user", text: "List the files" },
          ],
          toolNames: ["bash"],
          temperature: 0.25,
          maxOutputTokens: 77,
        },
      ]);
    });

    test("a conversation with calls, results, broken arguments and an empty answer can go on", async () => {
      const { result } = await ask(steps({ text: "0" }, { text: "1" }, { text: "2" }), {
        request: {
          tools: [bash],
          messages: [
            { role: "user", text: "Go" },
            {
              role: "assistant",
              text: "",
              toolCalls: [
                { id: "a", name: "bash", arguments: { command: "ls" } },
                { id: "b", name: "bash", arguments: '{"command": ' },
              ],
            },
            { role: "tool", toolCallId: "a", toolName: "bash", text: "file" },
            { role: "tool", toolCallId: "b", toolName: "bash", text: "error: not JSON" },
            { role: "assistant", text: "", toolCalls: [] },
            { role: "user", text: "Go on" },
          ],
        },
      });
      expect(result).toMatchObject({ message: { text: "2" } });
    });

    test.each([
      ["seconds", { fault: "rate-limit", retryAfterSeconds: 7 }, 7000],
      ["milliseconds", { fault: "rate-limit", retryAfterMs: 1234 }, 1234],
      ["a date", { fault: "rate-limit", retryAfterDateSeconds: 30 }, 30_000],
      ["more than the cap", { fault: "rate-limit", retryAfterSeconds: 86_400 }, 300_000],
      ["nothing", { fault: "rate-limit" }, 750],
    ] as const)("after a rate limit that names %s the wait is that, or our own", async (_, fault, waitMs) => {
      const { result, trace } = await ask(steps(fault, { text: "Yes" }));
      expect(result).toMatchObject({ status: "completed", message: { text: "Yes" } });
      expect(trace).toEqual([failure(1, "rate-limited", waitMs), `wait ${waitMs}`, "start 2"]);
    });

    test.each([
      [{ fault: "server-error" }, "server-error"],
      [{ fault: "server-error", status: 503 }, "server-error"],
      [{ fault: "server-error", status: 529 }, "server-error"],
      [{ fault: "connection-lost" }, "connection-lost"],
      [{ fault: "cut-stream" }, "connection-lost"],
      [{ fault: "malformed-json" }, "malformed-answer"],
      [{ fault: "malformed-json", midAnswer: true }, "malformed-answer"],
    ] as const)("%j is told to the hooks and tried again", async (fault, expected) => {
      const { result, trace } = await ask(steps(fault, fault, { text: "Yes" }));
      expect(result).toMatchObject({ status: "completed", message: { text: "Yes" } });
      expect(trace).toEqual([
        failure(1, expected, 750),
        "wait 750",
        "start 2",
        failure(2, expected, 1500),
        "wait 1500",
        "start 3",
      ]);
    });

    test.each([{ fault: "hang" }, { fault: "hang", midAnswer: true }] as const)(
      "%j ends at the limit of the attempt and is tried again",
      async (fault) => {
        const { result, trace } = await ask(steps(fault, { text: "Yes" }), {
          limits: { attemptTimeoutMs: 400 },
        });
        expect(result).toMatchObject({ status: "completed", message: { text: "Yes" } });
        expect(trace).toEqual([failure(1, "timed-out", 750), "wait 750", "start 2"]);
      },
    );

    test("when every attempt fails the call fails, and no wait follows the last", async () => {
      const { result, trace } = await ask(() => ({ fault: "server-error" }), { limits: { maxAttempts: 3 } });
      expect(result).toEqual({
        status: "failed",
        reason: "server-error",
        message: expect.any(String),
        attempts: 3,
      });
      expect(trace).toEqual([
        failure(1, "server-error", 750),
        "wait 750",
        "start 2",
        failure(2, "server-error", 1500),
        "wait 1500",
        "start 3",
        failure(3, "server-error", null),
      ]);
    });

    test.each([400, 401, 403, 404])("a request rejected with %i is not tried again", async (status) => {
      const { result, trace } = await ask(steps({ fault: "rejected", status }, { text: "Yes" }));
      expect(result).toEqual({
        status: "failed",
        reason: "rejected",
        message: expect.any(String),
        attempts: 1,
      });
      expect(trace).toEqual([failure(1, "rejected", null)]);
    });

    test("a call cancelled before it starts asks nobody", async () => {
      let asked = 0;
      const { result } = await ask(
        () => {
          asked += 1;
          return { text: "Yes" };
        },
        { signal: AbortSignal.abort() },
      );
      expect(result).toEqual({ status: "cancelled" });
      expect(asked).toBe(0);
    });

    test.each([false, true])(
      "a call cancelled while the provider hangs (mid-answer: %s) ends",
      async (midAnswer) => {
        const cancel = new AbortController();
        const { result, trace } = await ask(
          () => {
            setTimeout(() => cancel.abort(), 50);
            return { fault: "hang", midAnswer };
          },
          { signal: cancel.signal },
        );
        expect(result).toEqual({ status: "cancelled" });
        expect(trace).toEqual([]);
      },
    );

    test("a call cancelled while it waits ends without another attempt", async () => {
      const cancel = new AbortController();
      const { result, trace } = await ask(steps({ fault: "rate-limit" }, { text: "Yes" }), {
        signal: cancel.signal,
        onSleep: () => cancel.abort(),
      });
      expect(result).toEqual({ status: "cancelled" });
      expect(trace).toEqual([failure(1, "rate-limited", 750), "wait 750"]);
    });

    test("calls that overlap do not mix", async () => {
      const echo: Script = (request) => ({ text: request.messages.at(-1)?.text ?? "" });
      await using opened = await open(echo, { limits: {}, tools: {} });
      const texts = ["one", "two", "three", "four", "five"];
      const results = await Promise.all(
        texts.map((text) =>
          opened.model.generate(
            { messages: [{ role: "user", text }] },
            { signal: new AbortController().signal },
          ),
        ),
      );
      expect(results).toMatchObject(texts.map((text) => ({ message: { text } })));
    });
  });
}
