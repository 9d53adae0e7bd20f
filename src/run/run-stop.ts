import { runErrors } from "./errors.ts";
import type { EndReason } from "./events.ts";

/** The limits that end a run. */
export type LimitReason = Extract<EndReason, "time-limit" | "token-limit" | "cost-limit">;

/** Why an agent is to stop: a limit of the run, which ends it, or a person, after whom it can be resumed. */
export type StopCause =
  | { readonly kind: "limit"; readonly reason: LimitReason }
  | { readonly kind: "interrupted" };

/** Says stop once, to everyone who works for a run. */
export class RunStop {
  readonly #controller = new AbortController();
  readonly #stopped = new Promise((resolve) => {
    this.#controller.signal.addEventListener("abort", resolve, { once: true });
  });
  #cause: StopCause | null = null;

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isInterrupted(): boolean {
    return this.#cause?.kind === "interrupted";
  }

  /** The first cause counts, except that an interruption takes the place of a limit. */
  stop(cause: StopCause): void {
    if (this.#cause === null || cause.kind === "interrupted") this.#cause = cause;
    this.#controller.abort();
  }

  /** Waits for work that goes on when the run stops, but no longer than until then. @throws RUN_STOPPED */
  async orStopped<Value>(work: Promise<Value>): Promise<Value> {
    work.catch(() => {});
    await Promise.race([work, this.#stopped]);
    this.throwIfStopped();
    return work;
  }

  /** @throws RUN_STOPPED */
  throwIfStopped(): void {
    const cause = this.#cause;
    if (cause === null) return;
    throw runErrors.RUN_STOPPED({ reason: cause.kind === "limit" ? cause.reason : "interrupted" });
  }
}
