import { isDeepStrictEqual } from "node:util";
import type { Environment, GivenSolution, ScaleName } from "../environment/index.ts";
import type { RunPaths, RunSummary } from "../run/index.ts";
import { type FinalScore, toFinalScore } from "../scoring/index.ts";

/** The agents that show both ends of every environment's scale. */
export const baselineAgents = [
  "solution:starting",
  "solution:reference",
] as const satisfies readonly `solution:${GivenSolution}`[];

/** One run of the baseline: to be made, to be gone on with, or there already. */
export type BaselineStep = {
  readonly environment: Environment;
  readonly agentId: (typeof baselineAgents)[number];
} & (
  | { readonly kind: "new" }
  | { readonly kind: "resume"; readonly paths: RunPaths }
  | { readonly kind: "done"; readonly paths: RunPaths }
);

/**
 * What is left to do of a baseline: start and reference in every environment, one run of each.
 *
 * @param found - Runs that are there. Those of this very environment and scale are taken: whole ones as they are, and
 *   ones that were stopped to be resumed. A run that ended without a score of its own is made anew.
 * @param modelsOf - Ids of the real models that programs are to ask, by the name that those ask for: runs with others
 *   are not taken.
 */
export function planBaseline(
  environments: readonly Environment[],
  scale: ScaleName,
  found: readonly RunSummary[],
  modelsOf: (environment: Environment) => Readonly<Record<string, string>>,
): readonly BaselineStep[] {
  return environments.flatMap((environment) =>
    baselineAgents.map((agentId): BaselineStep => {
      const step = { environment, agentId };
      const own = found.filter(
        ({ record }) =>
          record.environment.sha256 === environment.sha256 &&
          record.environment.id === environment.manifest.id &&
          record.environment.scale === scale &&
          record.agent.id === agentId &&
          isDeepStrictEqual(toModelIds(record), modelsOf(environment)),
      );
      const whole = own.findLast(
        (summary) => isEnded(summary.state) && toBaselineScore(summary).kind === "entry",
      );
      if (whole !== undefined) return { ...step, kind: "done", paths: whole.paths };
      const stopped = own.findLast(({ state }) => !isEnded(state));
      return stopped === undefined
        ? { ...step, kind: "new" }
        : { ...step, kind: "resume", paths: stopped.paths };
    }),
  );
}

/** What a run of a given solution scored; entry 0, which every run begins with, does not stand in for it. */
export function toBaselineScore({ record, state }: RunSummary): FinalScore["logged"] {
  const { final, direction } = record.environment.score;
  const own = state.entries.filter(({ index }) => index > 0);
  return toFinalScore(own, final, direction).logged;
}

function toModelIds({ gatewayModels }: RunSummary["record"]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(gatewayModels).map(([name, { id }]) => [name, id]));
}

function isEnded({ phase }: RunSummary["state"]): boolean {
  return phase === "ended";
}
