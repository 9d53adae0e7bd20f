import { isBetter } from "../../environment/index.ts";
import type { TaskView, VisibleScoreEntry } from "../../run/index.ts";
import { toDurationText, toScoreText } from "./quantities.ts";

/** One line about the score log as it stands: how many entries, the best and the newest, as visibility allows. */
export function scoreLine(log: readonly VisibleScoreEntry[], score: TaskView["score"]): string {
  const newest = log.at(-1);
  if (newest === undefined) return "Score log: empty.";
  const count = `${log.length} ${log.length === 1 ? "entry" : "entries"}`;
  if (!score.visible) return `Score log: ${count}; scores are recorded and not shown in this task.`;
  const best = bestEntry(log, score.direction);
  const bestText = best === null ? "none valid yet" : `best ${describeEntry(best)}`;
  return `Score log: ${count}, ${bestText}, newest ${describeEntry(newest)}.`;
}

/** The entry with the best raw score, the earliest on ties; null when none is scored. */
export function bestEntry(
  log: readonly VisibleScoreEntry[],
  direction: TaskView["score"]["direction"],
): VisibleScoreEntry | null {
  let best: { readonly entry: VisibleScoreEntry; readonly score: number } | null = null;
  for (const entry of log) {
    if (entry.reply.status !== "scored") continue;
    const { score } = entry.reply;
    const better = best === null || isBetter(score, best.score, direction);
    if (better) best = { entry, score };
  }
  return best?.entry ?? null;
}

function describeEntry(entry: VisibleScoreEntry): string {
  const which = entry.index === 0 ? "starting solution" : `entry ${entry.index}`;
  const when = `at ${toDurationText(entry.clockMs)}`;
  const value =
    entry.reply.status === "scored"
      ? `${toScoreText(entry.reply.score)} (normalized ${entry.reply.normalized.toFixed(3)})`
      : entry.reply.status;
  return `${value} (${which}, ${when})`;
}
