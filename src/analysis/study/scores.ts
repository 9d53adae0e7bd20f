import { type AcrossEnvironments, scoreAtKAcross } from "../statistics/across-environments.ts";
import { type Allocation, findBestAllocation } from "../statistics/allocation.ts";
import { type BootstrapOptions, defaultBootstrap } from "../statistics/bootstrap.ts";
import type { Cell } from "../statistics/cells.ts";
import type { Group } from "./study.ts";

/** Asks for score@k of groups; what was asked before is not computed again. */
export interface Scores {
  readonly bootstrap: BootstrapOptions;
  /** Mean over the group's environments. */
  readonly atK: (group: Group, k: number) => AcrossEnvironments;
  /** One environment alone, with an interval of its own. */
  readonly inEnvironment: (group: Group, environment: string, k: number) => AcrossEnvironments;
  /** The best way to spend a budget among groups; null where none fits in it. */
  readonly best: (groups: readonly Group[], budgetMs: number) => Allocation | null;
}

/** @param options - Of every interval; the default draws 10,000 resamples. */
export function createScores(options: Partial<BootstrapOptions> = {}): Scores {
  const bootstrap = { ...defaultBootstrap, ...options };
  const asked = new Map<readonly Cell[], Map<string, AcrossEnvironments>>();
  const ask = (cells: readonly Cell[], environment: string, k: number): AcrossEnvironments => {
    const own = asked.get(cells) ?? new Map<string, AcrossEnvironments>();
    asked.set(cells, own);
    const key = `${environment} ${k}`;
    const known = own.get(key);
    if (known !== undefined) return known;
    const wanted = environment === "" ? cells : cells.filter((cell) => cell.environment === environment);
    const score = scoreAtKAcross(wanted, k, "with-replacement", bootstrap);
    own.set(key, score);
    return score;
  };
  return {
    bootstrap,
    atK: ({ arm }, k) => ask(arm.cells, "", k),
    inEnvironment: ({ arm }, environment, k) => ask(arm.cells, environment, k),
    best: (groups, budgetMs) => {
      const found = findBestAllocation(
        groups.map(({ arm }) => arm),
        budgetMs,
        bootstrap,
      );
      return found.kind === "allocated" ? found.best : null;
    },
  };
}

/** Runs of one limit that a budget pays for, at least 1; null where not even one. */
export function toRunsFor(budgetMs: number, timeMs: number): number | null {
  const k = Math.floor(budgetMs / timeMs + 1e-9);
  return k >= 1 ? k : null;
}
