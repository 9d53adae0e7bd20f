import { setTimeout as sleep } from "node:timers/promises";

/** The moment something must be done by, unless its caller gives up earlier. */
export class Deadline implements Disposable {
  /** Resolves when time is up or the caller gives up; then see {@link passed}. */
  readonly reached: Promise<void>;
  /** True once time was up; stays false when the caller gave up. */
  passed = false;
  readonly #timer: NodeJS.Timeout;
  readonly #caller: AbortSignal;
  readonly #giveUp: () => void;

  constructor(limitMs: number, caller: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.reached = promise;
    this.#caller = caller;
    this.#giveUp = () => resolve();
    this.#timer = setTimeout(() => {
      this.passed = true;
      resolve();
    }, limitMs);
    caller.addEventListener("abort", this.#giveUp);
    if (caller.aborted) resolve();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener("abort", this.#giveUp);
  }
}

/** Waits for some work, but no longer than this. Leaves no timer behind. */
export async function waitAtMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  const elapsed = sleep(limitMs, undefined, { signal: timer.signal }).catch(() => {});
  await Promise.race([work, elapsed]);
  timer.abort();
}
