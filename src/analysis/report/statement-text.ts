import type { Pair, Statement, Verdict } from "../study/statements.ts";
import { toEstimateText, toIntervalText, toScoreText, toTimeText } from "../study/words.ts";
import type { ReportContent } from "./report.ts";

export const verdictWords: Readonly<Record<Verdict, string>> = {
  supported: "supported",
  "in-part": "supported in part",
  contradicted: "contradicted",
  undecided: "not decided",
  untestable: "cannot be tested with these data",
};

/** What the data say to a statement: the leading agent in all environments, and the best of the others. */
export function toFindings({ reason, pairs, best, budgetMs }: Statement): readonly string[] {
  const leader = pairs.find(({ isComplete }) => isComplete);
  const partial = pairs.find(({ isComplete }) => !isComplete);
  return [
    ...(reason === null ? [] : [`${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`]),
    ...(leader !== undefined || best === null
      ? []
      : [
          `The best agent in every environment after ${toTimeText(budgetMs)} is ${best.agent}, ${toEstimateText(best.value, best.interval)} (best of ${best.agentRuns} × ${toTimeText(best.agentTimeMs)}).`,
        ]),
    ...(leader === undefined
      ? []
      : [`Over all ${leader.environments.length} environments the best agent is ${toPairText(leader)}`]),
    ...(partial === undefined
      ? []
      : [
          `Over the ${partial.environments.length} environments it has enough runs in, ${toPairText(partial)}`,
        ]),
  ];
}

function toPairText(pair: Pair): string {
  const { agent, agentRuns, agentTimeMs, humanRuns, human, agentScore, difference, ratio } = pair;
  const ratioText =
    ratio === null
      ? ""
      : `, ratio ${toScoreText(ratio)}${pair.ratioInterval === null ? "" : toIntervalText(pair.ratioInterval)}`;
  const humans = humanRuns === 1 ? "humans" : `humans (best of ${humanRuns})`;
  const low = pair.isAgentLow ? " (low: best of more runs than some environment has)" : "";
  return `${agent} (best of ${agentRuns} × ${toTimeText(agentTimeMs)}): ${humans} ${toScoreText(human)}, agent ${toScoreText(agentScore)}${low}; humans minus agent ${toEstimateText(difference, pair.differenceInterval)}${ratioText}.`;
}

/** Where humans overtake the leading agent, as one sentence. */
export function toCrossingText(found: ReportContent["crossing"]): string {
  if ("kind" in found) return `Where humans overtake agents cannot be said: ${found.reason}.`;
  const { agent, crossing } = found;
  switch (crossing.kind) {
    case "refused":
      return `Where humans overtake ${agent} cannot be said: ${crossing.reason}.`;
    case "crosses": {
      const { interval } = crossing;
      const end = (ms: number | null, otherwise: string) => (ms === null ? otherwise : toTimeText(ms));
      const range =
        interval.kind === "refused"
          ? ""
          : ` (95 % interval from ${end(interval.lowMs, "before the first budget known")} to ${end(interval.highMs, "past the last")})`;
      return `Humans overtake ${agent} at ${toTimeText(crossing.atMs)} in all${range}.`;
    }
    case "no-crossing": {
      const ahead = crossing.ahead === "humans" ? "Humans are" : `${agent} is`;
      const behind = crossing.ahead === "humans" ? agent : "humans";
      const share =
        crossing.shares === null
          ? ""
          : `, as in ${toShareText(crossing.ahead === "humans" ? crossing.shares.humansAheadThroughout : crossing.shares.agentsAheadThroughout)} of resamples`;
      return `${ahead} ahead of ${behind} at every budget that both cover, ${toTimeText(crossing.fromMs)} to ${toTimeText(crossing.toMs)}${share}, so the curves do not cross there.`;
    }
  }
}

function toShareText(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
