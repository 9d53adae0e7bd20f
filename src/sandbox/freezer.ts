import type { ControlGroup } from "./control-group.ts";
import { sandboxErrors } from "./errors.ts";
import { freezeBySignals, thawBySignals } from "./process-control.ts";
import type { ProcessRecord } from "./process-table.ts";
import type { DriverName } from "./sandbox.ts";

/** Stops and continues all that runs in a sandbox: by its control group where that can, else by signals. */
export class Freezer {
  readonly #driver: DriverName;
  readonly #group: ControlGroup;
  readonly #list: () => readonly ProcessRecord[];
  /** Pids that were running when signals stopped them; null while nothing is stopped. */
  #stopped: readonly number[] | null = null;

  /** @param list - What runs inside now. */
  constructor(driver: DriverName, group: ControlGroup, list: () => readonly ProcessRecord[]) {
    this.#driver = driver;
    this.#group = group;
    this.#list = list;
  }

  /** @throws SANDBOX_LOST when the group does not come to a standstill */
  async freeze(): Promise<void> {
    if (this.#group.canFreeze) {
      if (await this.#group.freeze()) return;
      const reason = "it did not freeze within 10 seconds";
      throw sandboxErrors.SANDBOX_LOST({ driver: this.#driver, reason });
    }
    this.#stopped ??= await freezeBySignals(this.#list);
  }

  async thaw(): Promise<void> {
    if (this.#group.canFreeze) return this.#group.thaw();
    const stopped = this.#stopped ?? [];
    this.#stopped = null;
    thawBySignals(stopped);
  }
}
