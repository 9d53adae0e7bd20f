import { z } from "zod";
import type { UsageLimit } from "../with-budget.ts";
import type { Admission } from "./admission.ts";
import type { CallSignals } from "./ask-model.ts";
import type { Json } from "./exchange.ts";
import { parseBody } from "./parse-json.ts";
import { refuse } from "./refusal.ts";
import { toJsonReply, toRefusalReply } from "./respond.ts";
import { nothingUsed, type Settled, settleRefused } from "./settled.ts";

/** What a service makes of a request. Both texts reach the program. */
export type ServiceAnswer =
  | { readonly status: "answered"; readonly answer: Json }
  | { readonly status: "refused"; readonly message: string };

/** A service of the environment: JSON in, JSON out. */
export interface GatewayService {
  /** Whatever it throws is ours: the program is told that the service failed and no more. */
  readonly serve: (request: Json, signal: AbortSignal) => Promise<ServiceAnswer>;
  /** Requests that were served; absent is no limit. */
  readonly calls?: UsageLimit<number>;
}

/** What answers the requests for services. */
export interface ServiceDesk {
  readonly admission: Admission;
  readonly answerBytes: number;
}

/** A service with a count of its own beside that of the record, which learns of a call a moment later. */
export class CountedService {
  readonly #service: GatewayService;
  readonly #atOpen: number;
  #served = 0;
  #underWay = 0;

  constructor(service: GatewayService) {
    this.#service = service;
    this.#atOpen = service.calls?.used() ?? 0;
  }

  /** @returns Null when a call now could pass the limit. */
  async serve(request: Json, signal: AbortSignal): Promise<ServiceAnswer | null> {
    const { calls } = this.#service;
    if (calls !== undefined) {
      const used = Math.max(calls.used(), this.#atOpen + this.#served);
      if (used + this.#underWay >= calls.limit) return null;
    }
    this.#underWay += 1;
    try {
      const answer = await this.#service.serve(request, signal);
      this.#served += 1;
      return answer;
    } finally {
      this.#underWay -= 1;
    }
  }
}

/** Has one request served and says what came of it. */
export async function settleServiceCall(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  service: CountedService,
  desk: ServiceDesk,
  signals: CallSignals,
): Promise<Settled> {
  const parsed = parseBody(bytes);
  if ("refusal" in parsed) return settleRefused("service", name, parsed.refusal);
  const request = z.json().parse(parsed.body);
  if (!desk.admission.tryEnter(1)) {
    return settleRefused(
      "service",
      name,
      refuse("busy", "too many calls are waiting; try again in a moment"),
    );
  }
  // Whatever stops the gateway also ends the interest in every answer.
  const signal = signals.gone;
  try {
    const giveBack = await desk.admission.takePlace(signal);
    if (giveBack === null) return settleEnd(name, request, { status: "cancelled" });
    try {
      return settleEnd(name, request, await serve(service, request, signal), desk.answerBytes);
    } finally {
      giveBack();
    }
  } finally {
    desk.admission.leave(1);
  }
}

type ServiceEnd =
  | ServiceAnswer
  | { readonly status: "used-up" }
  | { readonly status: "cancelled" }
  | { readonly status: "failed"; readonly message: string };

async function serve(service: CountedService, request: Json, signal: AbortSignal): Promise<ServiceEnd> {
  try {
    return (await service.serve(request, signal)) ?? { status: "used-up" };
  } catch (error) {
    if (signal.aborted) return { status: "cancelled" };
    return { status: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

function settleEnd(name: string, asked: Json, end: ServiceEnd, answerBytes = 0): Settled {
  const settled = (outcome: Settled["exchange"]["outcome"], reply: Settled["reply"]): Settled => ({
    exchange: { name, request: { kind: "service", request: asked }, outcome, ...nothingUsed },
    reply,
  });
  const failed = (message: string) =>
    settled(
      { status: "failed", fault: "service-failed", message },
      toRefusalReply(
        "service",
        refuse("service_failed", "the service failed; this is not your program's fault"),
      ),
    );
  switch (end.status) {
    case "answered": {
      const reply = toJsonReply(200, end.answer);
      if (Buffer.byteLength(reply.body) > answerBytes)
        return failed(`its answer is larger than ${answerBytes} bytes`);
      return settled({ status: "served", answer: end.answer }, reply);
    }
    case "refused": {
      const refusal = refuse("service_refused", end.message.slice(0, 500));
      return settled(
        { status: "refused", code: refusal.code, message: refusal.message },
        toRefusalReply("service", refusal),
      );
    }
    case "used-up":
      return settleRefused(
        "service",
        name,
        refuse("budget_used_up", `budget used up: no more calls of ${name} are allowed`),
      );
    case "cancelled":
      return settled(
        { status: "cancelled" },
        toRefusalReply("service", refuse("gateway_failed", "the gateway was closed")),
      );
    case "failed":
      return failed(end.message);
  }
}
