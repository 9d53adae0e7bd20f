import { setTimeout as delay } from "node:timers/promises";
import { assertNever } from "../../errors/index.ts";
import type { Attempt, AttemptOutcome } from "../attempt.ts";
import type { GenerateRequest, ProviderFault } from "../language-model.ts";
import { parseArguments } from "../parse-arguments.ts";
import type { ModelPrice } from "../prices.ts";
import {
  createRetryingModel,
  type PricedLanguageModel,
  type RetryLimits,
  type RetryTools,
} from "../retrying-model.ts";
import type { Script, ScriptedFault, ScriptedRequest, ScriptedTurn } from "./script.ts";
import { createScriptPlayer } from "./script-player.ts";
import { toScriptedAnswer } from "./scripted-answer.ts";

/** How a fake model behaves besides its script. */
export interface FakeModelOptions {
  readonly id?: string;
  readonly price?: ModelPrice;
  readonly limits?: Partial<RetryLimits>;
  readonly tools?: Partial<RetryTools>;
}

/**
 * A scripted model in this process: the same scripts as the scripted server, the same retries as a real provider, no
 * HTTP. Passes the contract suite of language models.
 */
export function createFakeModel(script: Script, options: FakeModelOptions = {}): PricedLanguageModel {
  const id = options.id ?? "fake/scripted";
  const play = createScriptPlayer(script);
  let number = 0;

  const attempt: Attempt = async (request, signal) => {
    const scripted = toScriptedRequest(request, id, number);
    number += 1;
    const step = await play(scripted);
    if (step.kind === "fault") return await failAs(step.fault, signal);
    if (step.turn.delayMs !== undefined) await delay(step.turn.delayMs, undefined, { signal });
    return toOutcome(step.turn, scripted);
  };

  return createRetryingModel({
    id,
    attempt,
    price: options.price ?? null,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.tools === undefined ? {} : { tools: options.tools }),
  });
}

function toScriptedRequest(request: GenerateRequest, id: string, number: number): ScriptedRequest {
  return {
    number,
    model: id.slice(id.indexOf("/") + 1),
    messages: request.messages.map((message) => ({ role: message.role, text: message.text })),
    toolNames: (request.tools ?? []).map((tool) => tool.name),
    temperature: request.temperature ?? null,
    maxOutputTokens: request.maxOutputTokens ?? null,
    streaming: false,
  };
}

function toOutcome(turn: ScriptedTurn, request: ScriptedRequest): AttemptOutcome {
  const answer = toScriptedAnswer(turn, request);
  return {
    status: "completed",
    message: {
      role: "assistant",
      text: answer.text,
      ...(answer.reasoning === "" ? {} : { reasoning: answer.reasoning }),
      toolCalls: answer.toolCalls.map(({ id, name, argumentsText }) => ({
        id,
        name,
        arguments: parseArguments(argumentsText),
      })),
    },
    finishReason: answer.finishReason,
    usage: {
      inputTokens: answer.usage?.input ?? null,
      outputTokens: answer.usage?.output ?? null,
      cachedInputTokens: answer.usage?.cachedInput ?? null,
    },
    cacheWriteTokens: 0,
    servedModel: answer.model,
  };
}

async function failAs(fault: ScriptedFault, signal: AbortSignal): Promise<AttemptOutcome> {
  if (fault.fault === "hang") return await neverUntil(signal);
  if (fault.delayMs !== undefined) await delay(fault.delayMs, undefined, { signal });
  switch (fault.fault) {
    case "rate-limit":
      return failed("rate-limited", retryAfterMs(fault));
    case "server-error":
      return failed("server-error");
    case "rejected":
      return failed("rejected");
    case "connection-lost":
    case "cut-stream":
      return failed("connection-lost");
    case "malformed-json":
      return failed("malformed-answer");
    default:
      return assertNever(fault);
  }
}

function failed(fault: ProviderFault, waitMs: number | null = null): AttemptOutcome {
  return { status: "failed", fault, message: `scripted fault: ${fault}`, retryAfterMs: waitMs };
}

function retryAfterMs(fault: Extract<ScriptedFault, { fault: "rate-limit" }>): number | null {
  if (fault.retryAfterMs !== undefined) return fault.retryAfterMs;
  const seconds = fault.retryAfterSeconds ?? fault.retryAfterDateSeconds;
  return seconds === undefined ? null : seconds * 1000;
}

function neverUntil(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
