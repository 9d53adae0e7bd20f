import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type OpenModelBudget, openModelBudget } from "../with-budget.ts";
import { Admission } from "./admission.ts";
import { announceFirstAttempt } from "./ask-model.ts";
import type { GatewayExchange } from "./exchange.ts";
import type { GatewayModel } from "./gateway-model.ts";
import { type HttpLimits, openHttpServer } from "./http-server.ts";
import { BodyReader } from "./read-body.ts";
import { quoted, refuse } from "./refusal.ts";
import { type Protocol, send, toJsonReply, toRefusalReply } from "./respond.ts";
import { type HeldModel, settleModelCall } from "./settle-model-call.ts";
import { CountedService, type GatewayService, settleServiceCall } from "./settle-service-call.ts";
import { type Settled, settleRefused } from "./settled.ts";

/** Bounds on what programs may do to the gateway itself; money and tokens are the budgets' matter. */
export interface GatewayLimits extends HttpLimits {
  /** Calls of models and services under way at the same time. */
  readonly callsAtOnce: number;
  /** Calls that may wait for others to end; one more is refused as `busy`. */
  readonly callsWaiting: number;
  readonly requestBytes: number;
  /** Bytes of all requests under way. */
  readonly allRequestsBytes: number;
  readonly answerBytes: number;
  /** How long closing waits for calls under way, so that what they cost is known, in milliseconds. */
  readonly settleMs: number;
}

/** Limits where a caller names none. */
export const defaultGatewayLimits: GatewayLimits = {
  connections: 512,
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  idleTimeoutMs: 30_000,
  unreadTimeoutMs: 60_000,
  callsAtOnce: 32,
  callsWaiting: 512,
  requestBytes: 1024 * 1024,
  allRequestsBytes: 64 * 1024 * 1024,
  answerBytes: 4 * 1024 * 1024,
  settleMs: 60_000,
};

/** For what we did not foresee: one request fails, and no other. */
const failed = refuse("gateway_failed", "the gateway failed; this is not your program's fault");

/** What programs may reach, and within which bounds. */
export interface GatewayOptions {
  /** By the name that programs ask for. */
  readonly models: ReadonlyMap<string, GatewayModel>;
  /** By the name after `/v1/services/`. */
  readonly services: ReadonlyMap<string, GatewayService>;
  /** Every call has to fit into all of them: the environment's and the run's. */
  readonly budgets: readonly OpenModelBudget[];
  readonly limits?: Partial<GatewayLimits>;
  /** Takes down an exchange before the program is answered. Where it throws, the gateway answers nobody any more. */
  readonly record: (exchange: GatewayExchange) => void;
  /** Aborts to end calls under way at once; what they cost is then not known. */
  readonly signal: AbortSignal;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A gateway at work. Dispose of it before what it records to is closed; safe to do twice. */
export interface Gateway extends AsyncDisposable {
  /** Takes over a connection of a program and speaks HTTP on it. */
  readonly accept: (connection: Socket) => void;
}

/**
 * Opens the way by which programs in a sandbox reach models: OpenAI's chat completions, Anthropic's messages and
 * services of the environment, over HTTP on connections that are handed in. It has no address of its own, so nobody
 * can find it who is not let in. Nothing a program sends reaches a provider but text, its own tools, and parameters
 * within their ranges; nothing of a provider reaches a program but the text and the tool calls of an answer.
 *
 * @throws MODEL_PRICE_UNKNOWN when a budget is in dollars and a model has no known price.
 */
export function openGateway(options: GatewayOptions): Gateway {
  const limits = { ...defaultGatewayLimits, ...options.limits };
  const admission = new Admission({ atOnce: limits.callsAtOnce, waiting: limits.callsWaiting });
  const bodies = new BodyReader({ oneBytes: limits.requestBytes, allBytes: limits.allRequestsBytes });
  const models = new Map(
    [...options.models].map(([name, model]) => [name, holdToBudgets(model, options.budgets)]),
  );
  const services = new Map(
    [...options.services].map(([name, service]) => [name, new CountedService(service)]),
  );
  const desk = { models, admission, answerBytes: limits.answerBytes, now: options.now };
  const stop = new AbortController();
  /** One for each exchange under way; a long-lived signal that all of them followed would hold on to them. */
  const interests = new Set<AbortController>();
  let isClosing = false;
  const endAll = () => {
    isClosing = true;
    for (const interest of interests) interest.abort();
    stop.abort();
  };
  options.signal.addEventListener("abort", endAll, { once: true });
  if (options.signal.aborted) endAll();
  const underWay = new Set<Promise<void>>();
  let count = 0;
  let isBroken = false;

  /** One request that is to be recorded, from its first byte to its answer. */
  async function exchange(
    protocol: Protocol,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    settle: (bytes: Uint8Array, number: number, gone: AbortSignal) => Promise<Settled>,
  ): Promise<void> {
    const number = count++;
    const arrivedMs = options.now();
    const interest = new AbortController();
    let clientGone = false;
    outgoing.once("close", () => {
      if (outgoing.writableFinished) return;
      clientGone = true;
      interest.abort();
    });
    const body = await bodies.read(incoming);
    if (body === null) return;
    if ("refusal" in body) return finish(settleRefused(protocol, null, body.refusal));
    interests.add(interest);
    try {
      finish(
        await settle(body.bytes, number, interest.signal).catch(() => settleRefused(protocol, null, failed)),
      );
    } finally {
      interests.delete(interest);
      body.release();
    }

    function finish({ exchange, reply }: Settled): void {
      const endedMs = options.now();
      options.record({ number, protocol, ...exchange, arrivedMs, endedMs, clientGone });
      send(outgoing, reply);
    }
  }

  function toModel(protocol: "openai" | "anthropic", incoming: IncomingMessage, outgoing: ServerResponse) {
    return exchange(protocol, incoming, outgoing, (bytes, number, gone) =>
      settleModelCall({ protocol, number, headers: incoming.headers, bytes }, desk, {
        gone,
        stop: stop.signal,
      }),
    );
  }

  function toService(name: string, incoming: IncomingMessage, outgoing: ServerResponse) {
    return exchange("service", incoming, outgoing, async (bytes, _, gone) => {
      const service = services.get(name);
      if (service === undefined) {
        return settleRefused(
          "service",
          name,
          refuse("not_found", `there is no service ${quoted(name)} here`),
        );
      }
      return settleServiceCall({ name, bytes }, service, desk, { gone, stop: stop.signal });
    });
  }

  /** Routes by the exact path, so that no two ways of writing it mean the same. */
  async function route(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [path = "", query] = (incoming.url ?? "").split("?", 2);
    const { method } = incoming;
    const isPost = method === "POST" && query === undefined;
    if (isPost && path === "/v1/chat/completions") return await toModel("openai", incoming, outgoing);
    if (isPost && path === "/v1/messages") return await toModel("anthropic", incoming, outgoing);
    const service = /^\/v1\/services\/([a-z][a-z0-9-]{0,63})$/.exec(path)?.[1];
    if (isPost && service !== undefined) return await toService(service, incoming, outgoing);
    incoming.resume();
    if (method === "GET" && path === "/v1/models")
      return send(outgoing, toJsonReply(200, toModelList(models)));
    const model = method === "GET" ? /^\/v1\/models\/(.{1,600})$/.exec(path)?.[1] : undefined;
    if (model !== undefined) {
      const name = [...models.keys()].find((known) => model === known || model === encodeURIComponent(known));
      if (name !== undefined) return send(outgoing, toJsonReply(200, toModelEntry(name)));
    }
    const place = quoted(`${method} ${incoming.url}`);
    send(outgoing, toRefusalReply("openai", refuse("not_found", `there is nothing at ${place} here`)));
  }

  const server = openHttpServer(limits, (incoming, outgoing) => {
    if (isBroken || isClosing) {
      outgoing.destroy();
      return;
    }
    const handled = route(incoming, outgoing).catch(() => {
      // What could not be recorded must not be used: nobody is answered any more.
      isBroken = true;
      outgoing.destroy();
    });
    underWay.add(handled);
    void handled.finally(() => underWay.delete(handled));
  });

  async function close(): Promise<void> {
    isClosing = true;
    for (const interest of interests) interest.abort();
    const settled = Promise.all(underWay);
    const patience = new AbortController();
    await Promise.race([
      settled,
      delay(limits.settleMs, undefined, { signal: patience.signal }).catch(() => {}),
    ]);
    patience.abort();
    options.signal.removeEventListener("abort", endAll);
    stop.abort();
    await server[Symbol.asyncDispose]();
    await settled;
  }

  let closed: Promise<void> | null = null;
  return {
    accept: server.accept,
    [Symbol.asyncDispose]: () => {
      closed ??= close();
      return closed;
    },
  };
}

function holdToBudgets(
  { model, ranges, calls }: GatewayModel,
  budgets: readonly OpenModelBudget[],
): HeldModel {
  const own = openModelBudget(calls === undefined ? {} : { calls });
  const held = [own, ...budgets].reduce((inner, budget) => budget.limit(inner), announceFirstAttempt(model));
  return { model: held, ranges };
}

/** A list that both official clients read. */
function toModelList(models: ReadonlyMap<string, unknown>) {
  const data = [...models.keys()].map(toModelEntry);
  return {
    object: "list",
    data,
    has_more: false,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  };
}

function toModelEntry(id: string) {
  return {
    id,
    object: "model",
    created: 0,
    owned_by: "rebench",
    type: "model",
    display_name: id,
    created_at: "1970-01-01T00:00:00Z",
  };
}
