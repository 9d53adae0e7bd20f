import type { GatewayExchange } from "../../model/index.ts";
import type { RunSession } from "../run-session.ts";

/** Refusals that get an event of their own; further ones are only counted, for nothing else bounds their number. */
const recordedRefusals = 1_000;

/** Writes what programs ask of the gateway into the record of a run. */
export class GatewayRecorder {
  readonly #session: RunSession;
  readonly #phase: "start" | "agent";
  #refusals = 0;

  constructor(session: RunSession, phase: "start" | "agent") {
    this.#session = session;
    this.#phase = phase;
  }

  /** @throws RUN_UNWRITABLE, and the program is then not answered. */
  record(exchange: GatewayExchange): void {
    const { protocol, name, outcome, completedCalls, inputTokens, outputTokens, costUsd, clientGone } =
      exchange;
    const isFree = outcome.status === "refused" && completedCalls === 0;
    if (isFree) this.#refusals += 1;
    if (isFree && this.#refusals > recordedRefusals) return;
    const { blobs } = this.#session;
    this.#session.append({
      type: "gateway-exchange",
      phase: this.#phase,
      protocol,
      name,
      status: outcome.status,
      request: blobs.toPayload(JSON.stringify(exchange.request)),
      result: blobs.toPayload(JSON.stringify({ outcome, failedAttempts: exchange.failedAttempts })),
      completedCalls,
      inputTokens,
      outputTokens,
      costUsd,
      durationMs: Math.max(0, exchange.endedMs - exchange.arrivedMs),
      clientGone,
    });
  }

  /** Says how many refusals are not in the record. */
  close(): void {
    const unrecordedRefusals = Math.max(0, this.#refusals - recordedRefusals);
    this.#refusals = 0;
    if (unrecordedRefusals > 0) this.#session.append({ type: "gateway-closed", unrecordedRefusals });
  }
}
