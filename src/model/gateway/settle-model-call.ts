import type { IncomingHttpHeaders } from "node:http";
import { assertNever } from "../../errors/index.ts";
import type { GenerateRequest, GenerateResult, Usage } from "../language-model.ts";
import type { PricedLanguageModel } from "../retrying-model.ts";
import type { WireAnswer, WireChoice } from "../wire/wire-answer.ts";
import type { Admission } from "./admission.ts";
import { parseAnthropicRequest } from "./anthropic-request.ts";
import { askModel, type CallSignals } from "./ask-model.ts";
import { toCharge } from "./charge.ts";
import type { ExchangeOutcome } from "./exchange.ts";
import { type GatewayRanges, toAllowedRequest } from "./gateway-model.ts";
import type { ModelCall } from "./model-call.ts";
import { parseOpenAiRequest } from "./openai-request.ts";
import { parseBody } from "./parse-json.ts";
import { quoted, type Refusal, refuse } from "./refusal.ts";
import { type Reply, toAnswerReply, toRefusalReply } from "./respond.ts";
import { type Settled, settleRefused } from "./settled.ts";

/** A model that is held to all its budgets. */
export interface HeldModel {
  readonly model: PricedLanguageModel;
  readonly ranges: GatewayRanges;
}

/** What answers the requests for models. */
export interface ModelDesk {
  readonly models: ReadonlyMap<string, HeldModel>;
  readonly admission: Admission;
  /** Largest answer, in bytes as it is sent. */
  readonly answerBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** One request for a model, as it came in. */
export interface ModelRequest {
  readonly protocol: "openai" | "anthropic";
  readonly number: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Uint8Array;
}

type Completed = Extract<GenerateResult, { status: "completed" }>;

/** Checks a request, has it answered as often as it asks for, and says what came of it. */
export async function settleModelCall(
  incoming: ModelRequest,
  desk: ModelDesk,
  signals: CallSignals,
): Promise<Settled> {
  const { protocol } = incoming;
  const parsed = parseBody(incoming.bytes);
  if ("refusal" in parsed) return settleRefused(protocol, null, parsed.refusal);
  const read = protocol === "openai" ? parseOpenAiRequest(parsed.body) : parseAnthropicRequest(parsed.body);
  if ("refusal" in read) return settleRefused(protocol, null, read.refusal);
  const { call } = read;
  const found = findModel(call, incoming.headers, desk.models);
  if ("refusal" in found) return settleRefused(protocol, call.model, found.refusal);
  const allowed = toAllowedRequest(call, found.held.ranges);
  if ("refusal" in allowed) return settleRefused(protocol, call.model, allowed.refusal);
  if (!desk.admission.tryEnter(call.answers)) {
    return settleRefused(
      protocol,
      call.model,
      refuse("busy", "too many calls are waiting; try again in a moment"),
    );
  }
  try {
    return await ask(incoming, call, allowed.request, found.held.model, desk, signals);
  } finally {
    desk.admission.leave(call.answers);
  }
}

async function ask(
  { protocol, number }: ModelRequest,
  call: ModelCall,
  request: GenerateRequest,
  model: PricedLanguageModel,
  desk: ModelDesk,
  signals: CallSignals,
): Promise<Settled> {
  const asked = await Promise.all(
    Array.from({ length: call.answers }, () => askModel(model, request, desk.admission, signals)),
  );
  const results = asked.map(({ result }) => result);
  const failure = results.find((result) => result.status !== "completed");
  const end: { outcome: ExchangeOutcome; reply: Reply } =
    failure === undefined
      ? toEnd(
          results.filter((result) => result.status === "completed"),
          protocol,
          number,
          call,
          desk,
        )
      : {
          outcome: toFailedOutcome(failure),
          reply: toRefusalReply(protocol, toFailureRefusal(failure)),
        };
  return {
    exchange: {
      name: call.model,
      request: end.outcome.status === "refused" ? null : { kind: "model", request, answers: call.answers },
      outcome: end.outcome,
      ...toCharge(results),
      failedAttempts: asked.flatMap(({ failedAttempts }) => failedAttempts),
    },
    reply: end.reply,
  };
}

function findModel(
  call: ModelCall,
  headers: IncomingHttpHeaders,
  models: ReadonlyMap<string, HeldModel>,
): { readonly held: HeldModel } | { readonly refusal: Refusal } {
  const known = [...models.keys()].join(", ") || "none";
  const notAllowed = (name: string) => ({
    refusal: refuse(
      "model_not_allowed",
      `the model ${quoted(name)} is not allowed here; allowed: ${known}`,
      "model",
    ),
  });
  const held = models.get(call.model);
  if (held === undefined) return notAllowed(call.model);
  // No header chooses anything here; one that tries to is told, rather than left to believe that it did.
  if (headers["anthropic-beta"] !== undefined) {
    return {
      refusal: refuse(
        "parameter_not_allowed",
        "anthropic-beta: no feature is turned on by a header here",
        "anthropic-beta",
      ),
    };
  }
  for (const [name, value] of Object.entries(headers)) {
    if (name.includes("model") && String(value) !== call.model) return notAllowed(String(value));
  }
  return { held };
}

function toEnd(
  results: readonly Completed[],
  protocol: "openai" | "anthropic",
  number: number,
  call: ModelCall,
  desk: ModelDesk,
): { outcome: ExchangeOutcome; reply: Reply } {
  const [first, ...others] = results.map(toChoice);
  if (first === undefined) throw new Error("a call asks for at least one answer");
  const answer: WireAnswer = {
    id: `${protocol === "openai" ? "chatcmpl" : "msg"}_${number}`,
    model: call.model,
    createdAt: Math.floor(desk.now() / 1_000),
    choices: [first, ...others],
    usage: toWireUsage(results.map(({ usage }) => usage)),
  };
  const reply = toAnswerReply(protocol, answer, call);
  if (Buffer.byteLength(reply.body) > desk.answerBytes) {
    const message = `the answer is larger than ${desk.answerBytes} bytes`;
    return {
      outcome: { status: "failed", fault: "answer-too-large", message },
      reply: toRefusalReply(protocol, refuse("answer_too_large", message)),
    };
  }
  const answers = results.map(({ message, finishReason, servedModel }) => ({
    message,
    finishReason,
    servedModel,
  }));
  return { outcome: { status: "completed", answers }, reply };
}

/** What a model thought before it wrote stays with the record: neither protocol has it without being asked. */
function toChoice({ message, finishReason }: Completed): WireChoice {
  return {
    text: message.text,
    reasoning: "",
    toolCalls: message.toolCalls.map(({ id, name, arguments: given }) => ({
      id,
      name,
      argumentsText: typeof given === "string" ? given : JSON.stringify(given),
    })),
    finishReason,
  };
}

function toWireUsage(usages: readonly Usage[]): WireAnswer["usage"] {
  let sum = { input: 0, output: 0, cachedInput: 0 };
  for (const { inputTokens, outputTokens, cachedInputTokens } of usages) {
    if (inputTokens === null || outputTokens === null) return null;
    sum = {
      input: sum.input + inputTokens,
      output: sum.output + outputTokens,
      cachedInput: sum.cachedInput + (cachedInputTokens ?? 0),
    };
  }
  return sum;
}

type Failed = Exclude<GenerateResult, { status: "completed" }>;

function toFailedOutcome(result: Failed): ExchangeOutcome {
  switch (result.status) {
    case "refused":
      return { status: "refused", code: "budget_used_up", message: result.message };
    case "failed":
      return { status: "failed", fault: result.reason, message: result.message };
    case "cancelled":
      return { status: "cancelled" };
    default:
      return assertNever(result);
  }
}

/** The same for the program: not one word of a provider's. */
function toFailureRefusal(result: Failed): Refusal {
  switch (result.status) {
    case "refused":
      return refuse("budget_used_up", `budget used up: ${result.message}`);
    case "failed":
      return result.reason === "rejected"
        ? refuse(
            "request_not_accepted",
            "the provider of this model does not take this request; it may be too long, or hold a schema or an order of messages that it does not know",
          )
        : refuse(
            "call_failed",
            "the model could not be reached, however often it was tried; try again later",
          );
    case "cancelled":
      return refuse("gateway_failed", "the gateway was closed");
    default:
      return assertNever(result);
  }
}
