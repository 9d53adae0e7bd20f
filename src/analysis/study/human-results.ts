import { mean } from "../statistics/across-environments.ts";
import { type Share, shareAboveStart, shareAtReference } from "../statistics/shares.ts";
import type { Scores } from "./scores.ts";
import type { Study } from "./study.ts";

/** What humans did in one environment. */
export interface HumanResult {
  readonly environment: string;
  readonly title: string;
  readonly n: number;
  readonly mean: number;
  readonly above: Share;
  readonly atReference: Share;
}

/** Humans over all environments, in the two ways a mean can be taken. */
export interface HumanResults {
  readonly timeMs: number;
  readonly rows: readonly HumanResult[];
  readonly n: number;
  /** Mean of all attempts: environments with more of them weigh more. */
  readonly pooledMean: number;
  /** Mean over environments, each weighing the same. */
  readonly equalMean: ReturnType<Scores["atK"]>;
  readonly above: Share;
  readonly atReference: Share;
  /** Attempts that were not of 7 to 10 hours. */
  readonly others: number;
}

/** The paper's numbers for its 71 attempts of 8 hours. @see arXiv 2411.15114 */
export const paperHumans = { attempts: 71, experts: 61, mean: 0.64, above: 0.82, atReference: 0.24 } as const;

/** Null where no human attempt counts. Humans with several time limits are told by the longest. */
export function toHumanResults(study: Study, scores: Scores): HumanResults | null {
  const group = study.groups.filter(({ isHuman }) => isHuman).toSorted((a, b) => b.timeMs - a.timeMs)[0];
  if (group === undefined) return null;
  const rows = group.arm.cells.flatMap(({ environment, values }): readonly HumanResult[] => {
    if (values.length === 0) return [];
    const title = study.environments.find(({ id }) => id === environment)?.title ?? environment;
    const above = shareAboveStart(values);
    const atReference = shareAtReference(values);
    return [{ environment, title, n: values.length, mean: mean(values), above, atReference }];
  });
  const all = group.arm.cells.flatMap(({ values }) => values);
  return {
    timeMs: group.timeMs,
    rows,
    n: all.length,
    pooledMean: mean(all),
    equalMean: scores.atK(group, 1),
    above: shareAboveStart(all),
    atReference: shareAtReference(all),
    others: study.otherAttempts.length,
  };
}
