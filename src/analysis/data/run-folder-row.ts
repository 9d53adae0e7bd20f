import type { ScoreDirection } from "../../environment/index.ts";
import { type RunEvent, type RunRecord, type RunState, toConfirmation } from "../../run/index.ts";
import { type Choice, normalize, type ScoreEntry, toFinalScore } from "../../scoring/index.ts";
import { analysisErrors } from "../errors.ts";
import { toOutcome } from "../score-over-time/rows.ts";
import type { Generation, RunFlag, RunRow, RunScore, ScorePoint, Usage } from "./run-row.ts";

type UsageMark = NonNullable<ScorePoint["usage"]>;

/** What a row needs of the events beyond the run's state: usage at each scoring and time spent waiting. */
export class EventTally {
  readonly #usageAt = new Map<number, UsageMark>();
  readonly #open = new Set<number>();
  readonly #askedFor = new Set<number>();
  #waitingMs = 0;
  #lastClockMs = 0;

  /** @param state - The run after this event. */
  add(event: RunEvent, state: RunState): void {
    const clockMs = state.clock.elapsedMs;
    if (this.#open.size > 0) this.#waitingMs += clockMs - this.#lastClockMs;
    this.#lastClockMs = clockMs;
    switch (event.type) {
      case "model-requested":
        this.#open.add(event.operation);
        return;
      case "model-responded":
        this.#open.delete(event.operation);
        return;
      case "run-resumed":
      case "clock-stopped":
        this.#open.clear();
        return;
      case "score-requested":
        if (event.operation !== null) this.#askedFor.add(event.entry);
        this.#usageAt.set(event.entry, {
          totalTokens: state.usage.inputTokens + state.usage.outputTokens,
          costUsd: state.usage.costUsd,
        });
        return;
      default:
    }
  }

  usageAt(entry: number): UsageMark | null {
    return this.#usageAt.get(entry) ?? null;
  }

  isAskedFor(entry: number): boolean {
    return this.#askedFor.has(entry);
  }

  get waitingMs(): number {
    return Math.max(0, this.#waitingMs);
  }
}

/**
 * One row from what a run folder says.
 *
 * @throws RUN_SCORES_INCONSISTENT when a normalized score is not what its raw score and the anchors give; a chain
 *   that was written anew from the start would hold.
 */
export function toRunFolderRow(run: {
  readonly record: RunRecord;
  readonly state: RunState;
  readonly tally: EventTally;
  readonly head: string;
  readonly folder: string;
  readonly isTorn: boolean;
}): RunRow {
  const { record, state, tally } = run;
  const { environment, budget, model } = record;
  const { final, direction } = environment.score;
  const { logged, withFlagged, underReview } = toFinalScore(state.entries, final, direction);
  assertNormalized(state.entries, record, run.folder);
  const { log, backwards } = toLog(state.entries, tally);
  return {
    runId: record.runId,
    environment: environment.id,
    scale: environment.scale,
    actor: record.actor,
    agent: record.agent.id,
    model: model?.id ?? null,
    timeLimitMs: budget.timeMs,
    timeUsedMs: state.clock.elapsedMs,
    finalRule: final,
    anchors: { start: environment.anchors.start.raw, reference: environment.anchors.reference.raw },
    log,
    logged: toScore(logged, state.entries),
    loggedWithFlagged: toScore(withFlagged, state.entries),
    confirmed: toConfirmed(state, direction),
    usage: toUsage(state),
    generation: toGeneration(state, tally),
    flags: toFlags(state, underReview, backwards, run.isTorn),
    provenance: { source: "run-folder", file: run.folder, line: null, chainHead: run.head },
  };
}

function assertNormalized(entries: readonly ScoreEntry[], record: RunRecord, path: string): void {
  const { anchors, score } = record.environment;
  for (const { index, result } of entries) {
    if (result.result !== "scored") continue;
    const { raw, normalized } = result;
    const expected = normalize(raw, anchors, score.direction);
    if (Math.abs(expected - normalized) > 1e-9 * Math.max(1, expected)) {
      throw analysisErrors.RUN_SCORES_INCONSISTENT({ path, entry: index, normalized, expected });
    }
  }
}

function toLog(
  entries: readonly ScoreEntry[],
  tally: EventTally,
): { readonly log: readonly ScorePoint[]; readonly backwards: readonly number[] } {
  const backwards: number[] = [];
  let latestMs = 0;
  const log = entries.map((entry): ScorePoint => {
    const statedMs = entry.index === 0 ? 0 : entry.clockMs;
    if (statedMs < latestMs) backwards.push(entry.index);
    latestMs = Math.max(latestMs, statedMs);
    const scored = entry.result.result === "scored" ? entry.result : null;
    return {
      entry: entry.index,
      clockMs: latestMs,
      askedFor: tally.isAskedFor(entry.index),
      outcome: toOutcome(entry),
      raw: scored?.raw ?? null,
      normalized: scored?.normalized ?? null,
      usage: tally.usageAt(entry.index),
    };
  });
  return { log, backwards };
}

function toScore(choice: Choice, entries: readonly ScoreEntry[]): RunScore {
  if (choice.kind === "entry") {
    const { normalized, raw } = choice.entry.result;
    return { kind: "scored", normalized, raw };
  }
  if (entries.length === 0) return { kind: "none", fault: "platform", reason: "nothing was scored" };
  const failed = entries.filter(({ result }) => result.result !== "invalid" && result.result !== "scored");
  if (failed.length > 0) {
    const reason = `no entry counts, and ${failed.length} of ${entries.length} scorings failed or timed out`;
    return { kind: "none", fault: "platform", reason };
  }
  const flagged = entries.filter(({ result }) => result.result === "scored").length;
  return flagged > 0
    ? { kind: "none", fault: "platform", reason: `all ${flagged} scores of the run are under review` }
    : { kind: "none", fault: "agent", reason: `all ${entries.length} entries are invalid` };
}

function toConfirmed(state: RunState, direction: ScoreDirection): RunScore | null {
  const confirmation = toConfirmation(state, direction)?.confirmation;
  if (confirmation?.kind !== "confirmed") return null;
  const { median } = confirmation;
  return median.kind === "score"
    ? { kind: "scored", normalized: median.normalized, raw: median.raw }
    : { kind: "none", fault: "agent", reason: "the median of the fresh scorings is invalid" };
}

function toUsage({ usage }: RunState): Usage {
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    totalTokens: usage.inputTokens + usage.outputTokens,
    costUsd: usage.costUsd,
  };
}

function toGeneration(state: RunState, tally: EventTally): Generation | null {
  if (state.usage.modelCalls === 0) return null;
  return {
    waitingMs: tally.waitingMs,
    clockMs: state.clock.elapsedMs,
    modelCalls: state.usage.modelCalls,
    outputTokens: state.usage.outputTokens,
  };
}

function toFlags(
  state: RunState,
  underReview: readonly number[],
  backwards: readonly number[],
  isTorn: boolean,
): readonly RunFlag[] {
  const flags: RunFlag[] = [];
  if (state.phase !== "ended")
    flags.push({ kind: "unfinished", detail: `the run is ${state.phase}, not ended` });
  else if (state.ending?.reason === "platform-failed")
    flags.push({ kind: "platform-failed", detail: state.ending.message });
  if (underReview.length > 0)
    flags.push({
      kind: "flagged-entries",
      detail: `entries ${underReview.join(", ")} beat the plausible limit`,
    });
  if (backwards.length > 0)
    flags.push({
      kind: "clock-backwards",
      detail: `entries ${backwards.join(", ")} say an earlier clock than the entry before`,
    });
  if (isTorn) flags.push({ kind: "torn-log", detail: "the last line of the event log is not whole" });
  return flags;
}
