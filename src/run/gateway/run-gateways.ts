import type { Gateway, OpenModelBudget } from "../../model/index.ts";
import type { AcceptConnection } from "../../sandbox/index.ts";
import type { RunSession } from "../run-session.ts";
import { GatewayRecorder } from "./gateway-recorder.ts";
import { nothingAskedYet } from "./gateway-usage.ts";
import type { EnvironmentGatewayOptions } from "./open-environment-gateway.ts";

/** Opens the gateway of a run's environment; null where it has none. */
export type OpenRunGateway = (
  parts: Pick<EnvironmentGatewayOptions, "record" | "budgets" | "used" | "signal">,
) => Gateway | null;

/**
 * The gateways of one run, one after the other behind the one way in that its sandbox has: while the starting solution
 * is made, which is not at the agent's cost, and in the agent's time.
 */
export class RunGateways implements AsyncDisposable {
  readonly #open: OpenRunGateway;
  readonly #session: RunSession;
  readonly #budget: OpenModelBudget;
  readonly #signal: AbortSignal;
  #current: { readonly gateway: Gateway; readonly recorder: GatewayRecorder } | null = null;

  /** @param budget - The run's own, which the agent's calls share. */
  constructor(open: OpenRunGateway, session: RunSession, budget: OpenModelBudget, signal: AbortSignal) {
    this.#open = open;
    this.#session = session;
    this.#budget = budget;
    this.#signal = signal;
    this.#begin("start");
  }

  /** For the sandbox, once and for all; null where the environment has no gateway. */
  get accept(): AcceptConnection | null {
    if (this.#current === null) return null;
    return (connection) => {
      if (this.#current === null) connection.destroy();
      else this.#current.gateway.accept(connection);
    };
  }

  /** From here on calls are at the agent's cost. */
  async beginAgentTime(): Promise<void> {
    if (this.#current === null) return;
    await this.close();
    this.#begin("agent");
  }

  /** Lets no further call begin, and waits for those under way. */
  async close(): Promise<void> {
    const closing = this.#current;
    this.#current = null;
    await closing?.gateway[Symbol.asyncDispose]();
    closing?.recorder.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(phase: "start" | "agent"): void {
    const recorder = new GatewayRecorder(this.#session, phase);
    const isAgent = phase === "agent";
    const gateway = this.#open({
      record: (exchange) => recorder.record(exchange),
      budgets: isAgent ? [this.#budget] : [],
      used: () => (isAgent ? this.#session.state.usage.gateway : nothingAskedYet),
      signal: this.#signal,
    });
    this.#current = gateway === null ? null : { gateway, recorder };
  }
}
