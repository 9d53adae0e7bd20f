import type { ServerResponse } from "node:http";
import { toAnthropicBody, toAnthropicErrorBody, toAnthropicEvents } from "../wire/anthropic-answer.ts";
import { toOpenAiBody, toOpenAiErrorBody, toOpenAiEvents } from "../wire/openai-answer.ts";
import type { WireAnswer } from "../wire/wire-answer.ts";
import type { GatewayExchange } from "./exchange.ts";
import type { ModelCall } from "./model-call.ts";
import { type Refusal, toErrorKind } from "./refusal.ts";

/** The words in which a program is answered; services speak as OpenAI does. */
export type Protocol = GatewayExchange["protocol"];

/** An answer ready to be sent: JSON, or the events of a stream. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The whole answer, written down before its first byte leaves. */
export function toAnswerReply(protocol: Protocol, answer: WireAnswer, call: ModelCall): Reply {
  if (!call.streaming) {
    return toJsonReply(200, protocol === "anthropic" ? toAnthropicBody(answer) : toOpenAiBody(answer));
  }
  const events =
    protocol === "anthropic"
      ? toAnthropicEvents(answer)
      : toOpenAiEvents(answer, { tellsUsage: call.tellsUsage });
  return {
    status: 200,
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
    body: events.join(""),
  };
}

/** An error of the class that the official client raises for it. */
export function toRefusalReply(protocol: Protocol, refusal: Refusal): Reply {
  const kind = toErrorKind(refusal.code);
  const body =
    protocol === "anthropic"
      ? toAnthropicErrorBody({ type: kind.anthropic, message: `${refusal.message} (${refusal.code})` })
      : toOpenAiErrorBody({
          message: refusal.message,
          type: kind.openai,
          code: refusal.code,
          param: refusal.parameter,
        });
  return { ...toJsonReply(kind.status, body), headers: { ...jsonHeaders, ...kind.headers } };
}

/** JSON with a status. */
export function toJsonReply(status: number, body: unknown): Reply {
  return { status, headers: jsonHeaders, body: JSON.stringify(body) };
}

/** Sends a reply; a client that has gone is no error. */
export function send(outgoing: ServerResponse, reply: Reply): void {
  if (outgoing.destroyed || outgoing.headersSent) return;
  const bytes = Buffer.from(reply.body);
  outgoing.writeHead(reply.status, { ...reply.headers, "content-length": String(bytes.byteLength) });
  outgoing.end(bytes);
}

const jsonHeaders: Readonly<Record<string, string>> = { "content-type": "application/json" };
