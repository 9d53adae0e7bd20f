import type { GenerateRequest, GenerateResult, LanguageModel } from "../model/index.ts";
import type { RunSession } from "./run-session.ts";

/**
 * Keeps the provider's failures off the clock: a failed attempt is credited, the wait before the next one pauses
 * the clock. Both only while nothing but model calls that wait is going on, so that a run never gets free time for
 * what it does beside a waiting call.
 */
export class ProviderTime {
  readonly #session: RunSession;
  #calls = 0;
  #waiting = 0;

  constructor(session: RunSession) {
    this.#session = session;
  }

  async generate(
    model: LanguageModel,
    request: GenerateRequest,
    operation: number,
    signal: AbortSignal,
  ): Promise<GenerateResult> {
    this.#calls += 1;
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
          if (this.#calls === 1) {
            this.#session.append({
              type: "clock-credited",
              creditMs: failure.attemptMs,
              reason: "provider",
            });
          }
          setWaiting(failure.waitMs !== null);
        },
        onAttemptStarted: () => setWaiting(false),
      });
    } finally {
      setWaiting(false);
      this.#calls -= 1;
    }
  }

  #settle(): void {
    const paused = this.#session.state.clock.pauses.includes("provider");
    const pause = this.#waiting > 0 && this.#waiting === this.#calls;
    if (pause !== paused) {
      this.#session.append({ type: pause ? "clock-paused" : "clock-resumed", reason: "provider" });
    }
  }
}
