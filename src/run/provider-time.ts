import type { AttemptFailure, GenerateRequest, GenerateResult, LanguageModel } from "../model/index.ts";
import type { Sandbox } from "../sandbox/index.ts";
import type { RunSession } from "./run-session.ts";

/**
 * Keeps the provider's failures off the clock, and gives no run free time to compute in. The wait before another
 * attempt pauses the clock and freezes the sandbox, while no other operation of the run is under way. The failed
 * attempt itself is credited when in addition no process was left in the sandbox as it began, so that nothing can
 * have worked meanwhile; never for a request the provider refused as it stood.
 */
export class ProviderTime {
  readonly #session: RunSession;
  readonly #sandbox: Sandbox;
  #operations = 0;
  #waiting = 0;
  #settled: Promise<void> = Promise.resolve();

  constructor(session: RunSession, sandbox: Sandbox) {
    this.#session = session;
    this.#sandbox = sandbox;
  }

  /** Counts an operation as under way while it lasts. */
  async during<Value>(perform: () => Promise<Value>): Promise<Value> {
    this.#operations += 1;
    this.#settle();
    try {
      return await perform();
    } finally {
      this.#operations -= 1;
      this.#settle();
    }
  }

  /** One model call; counted by {@link during} like any operation. */
  async generate(
    model: LanguageModel,
    request: GenerateRequest,
    operation: number,
    signal: AbortSignal,
  ): Promise<GenerateResult> {
    // With no other operation under way, what is not there when the call begins cannot come to be during it.
    const isIdle = this.#operations === 1 && (await this.#sandbox.processes()).length === 0;
    let waits = false;
    const setWaiting = (now: boolean): void => {
      if (waits === now) return;
      waits = now;
      this.#waiting += now ? 1 : -1;
      this.#settle();
    };
    try {
      return await model.generate(request, {
        signal,
        onAttemptFailed: (failure) => {
          this.#session.append({ type: "model-attempt-failed", operation, ...failure });
          if (isIdle) this.#credit(failure);
          setWaiting(failure.waitMs !== null);
        },
        onAttemptStarted: () => setWaiting(false),
      });
    } finally {
      setWaiting(false);
      await this.#settled;
    }
  }

  #credit({ fault, attemptMs }: AttemptFailure): void {
    if (fault === "rejected" || this.#operations !== 1) return;
    this.#session.append({ type: "clock-credited", creditMs: attemptMs, reason: "provider" });
  }

  #settle(): void {
    const paused = this.#session.state.clock.pauses.includes("provider");
    const pause = this.#waiting > 0 && this.#waiting === this.#operations;
    if (pause === paused || this.#session.state.ending !== null) return;
    this.#session.append({ type: pause ? "clock-paused" : "clock-resumed", reason: "provider" });
    this.#settled = this.#settled.then(() => (pause ? this.#sandbox.freeze() : this.#sandbox.thaw()));
    this.#settled.catch(() => {});
  }
}
