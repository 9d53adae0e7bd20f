/** How many may work and how many may wait. */
export interface AdmissionLimits {
  readonly atOnce: number;
  readonly waiting: number;
}

/** A bounded line before a bounded number of places, first come, first served. */
export class Admission {
  readonly #limits: AdmissionLimits;
  readonly #line = new Set<() => void>();
  #admitted = 0;
  #taken = 0;

  constructor(limits: AdmissionLimits) {
    this.#limits = limits;
  }

  /** @returns False, and nothing changes, when so many more would not find room even in the line. */
  tryEnter(count: number): boolean {
    if (this.#admitted + count > this.#limits.atOnce + this.#limits.waiting) return false;
    this.#admitted += count;
    return true;
  }

  leave(count: number): void {
    this.#admitted -= count;
  }

  /** Waits for a place. @returns What gives it back; null when the signal fired first. */
  async takePlace(signal: AbortSignal): Promise<(() => void) | null> {
    if (signal.aborted) return null;
    if (this.#taken < this.#limits.atOnce) this.#taken += 1;
    else if (!(await this.#wait(signal))) return null;
    return () => this.#giveBack();
  }

  #giveBack(): void {
    const [next] = this.#line;
    // The place passes on as it is.
    if (next === undefined) this.#taken -= 1;
    else next();
  }

  #wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (has: boolean) => {
        this.#line.delete(take);
        signal.removeEventListener("abort", giveUp);
        resolve(has);
      };
      const take = () => end(true);
      const giveUp = () => end(false);
      this.#line.add(take);
      signal.addEventListener("abort", giveUp);
    });
  }
}
