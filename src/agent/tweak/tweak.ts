import { isBetter } from "../../environment/index.ts";
import { type Agent, type AgentContext, findCommandProblem } from "../../run/index.ts";
import type { ScoreReply } from "../../scoring/index.ts";
import { bestEntry } from "../prompt/index.ts";
import { applyMove, describeMove, type Move, MoveSource } from "./moves.ts";
import { readWorkspaceFiles } from "./workspace-files.ts";

/** A gain in normalized score that is believed at once: three of the largest spread an environment may have. */
const clearGain = 0.15;
/** Steps in a row that say nothing (the judge failed or was too slow, a file could not be written) after which it gives up. */
const unansweredAllowed = 10;

type Scored = Extract<ScoreReply, { status: "scored" }>;

/**
 * Changes one named numeric constant of the workspace at a time, runs the environment's solution command where there
 * is one, scores, keeps what helps and takes back what does not: a seeded hill climb without a model.
 *
 * - A gain of more than 0.15 is kept at once; a smaller one is scored a second time and kept if it is better again,
 *   at the worse of both scores, so that noise is not climbed.
 * - Where scores are hidden each change is scored once and taken back: the starting values stay in place, and the
 *   record shows what the changes were worth.
 * - Where the last entry counts, it stops when less than two steps' time is left. Whenever it stops by itself, it makes
 *   the solution of the kept values again, so that it is what is scored last.
 *
 * Ends by the clock, or with a note when there is nothing (more) to try.
 */
export function createTweak(): Agent {
  return { id: "tweak", version: "1", needsModel: false, run: (context) => new Tweak(context).run() };
}

class Tweak {
  readonly #context: AgentContext;
  readonly #moves: MoveSource;
  #files: ReadonlyMap<string, string> = new Map();
  #best: Scored | null = null;
  /** The solution files were made from values that have been taken back since. */
  #isStale = false;
  #unanswered = 0;
  /** Clock that the longest step so far took, in milliseconds. */
  #longestStepMs = 0;

  constructor(context: AgentContext) {
    this.#context = context;
    this.#moves = new MoveSource(context.random);
  }

  async run(): Promise<void> {
    this.#files = await readWorkspaceFiles(this.#context);
    const start = bestEntry(this.#context.scoreLog(), this.#context.task.score.direction)?.reply;
    this.#best = start?.status === "scored" ? start : null;
    while (this.#unanswered < unansweredAllowed) {
      if (this.#lastEntryAtRisk()) return this.#stop("stopping while there is time to score what was kept");
      const move = this.#moves.next(this.#files);
      if (move === null) return this.#stop("there is nothing (more) to tweak in the workspace");
      const before = this.#context.budget().time.usedMs;
      await this.#try(move);
      this.#longestStepMs = Math.max(this.#longestStepMs, this.#context.budget().time.usedMs - before);
    }
    await this.#stop(`giving up: ${unansweredAllowed} steps in a row gave no result`);
  }

  async #stop(why: string): Promise<void> {
    const failure = this.#isStale ? await this.#make() : null;
    if (failure !== null) await this.#context.note(`the kept values could not be made again: ${failure}`);
    await this.#context.note(why);
  }

  async #try(move: Move): Promise<void> {
    const changed = applyMove(this.#files, move);
    const what = describeMove(move);
    const problem = await this.#write(changed);
    if (problem !== null) {
      await this.#takeBack(changed);
      this.#unanswered += 1;
      await this.#context.note(`${what}: could not be written (${problem})`);
      return;
    }
    const failure = await this.#make();
    if (failure !== null) {
      this.#moves.wasInvalid(move);
      await this.#takeBack(changed);
      await this.#context.note(`${what}: ${failure}, taken back`);
      return;
    }
    const { best, verdict } = await this.#judge(move);
    if (best === null) {
      await this.#takeBack(changed);
    } else {
      this.#best = best;
      this.#files = new Map([...this.#files, ...changed]);
      this.#moves.kept(move);
    }
    await this.#context.note(`${what}: ${verdict}`);
  }

  /** Scores a change: the score it is kept at, or null, and a reason for the transcript. */
  async #judge(move: Move): Promise<{ readonly best: Scored | null; readonly verdict: string }> {
    const reply = await this.#score();
    if (reply.status === "recorded" || reply.status === "refused")
      return { best: null, verdict: `${reply.status}, taken back (scores are hidden)` };
    if (reply.status === "invalid") {
      this.#moves.wasInvalid(move);
      return { best: null, verdict: "invalid, taken back" };
    }
    if (reply.status === "not-scored") return { best: null, verdict: "not scored, taken back" };
    const before = this.#best;
    const change = `${before === null ? "no valid score" : toText(before)} → ${toText(reply)}`;
    if (!this.#isBetter(reply)) return { best: null, verdict: `${change}, taken back` };
    if (before === null || reply.normalized - before.normalized > clearGain) {
      return { best: reply, verdict: `${change}, kept` };
    }
    const again = await this.#score();
    if (again.status !== "scored")
      return { best: null, verdict: `${change}, then ${again.status}, taken back` };
    const both = `${change}, then ${toText(again)}`;
    if (!this.#isBetter(again)) return { best: null, verdict: `${both}, taken back as noise` };
    return { best: this.#worse(reply, again), verdict: `${both}, kept` };
  }

  async #score(): Promise<ScoreReply> {
    const reply = await this.#context.score();
    this.#unanswered = reply.status === "not-scored" ? this.#unanswered + 1 : 0;
    return reply;
  }

  #isBetter(reply: Scored): boolean {
    return this.#best === null || (reply !== this.#best && this.#worse(reply, this.#best) === this.#best);
  }

  /** The worse of two by raw score; the first on ties. */
  #worse(a: Scored, b: Scored): Scored {
    return isBetter(a.score, b.score, this.#context.task.score.direction) ? b : a;
  }

  #lastEntryAtRisk(): boolean {
    const { usedMs, limitMs } = this.#context.budget().time;
    return this.#context.task.score.final === "last" && limitMs - usedMs < 2 * this.#longestStepMs;
  }

  /** Runs the solution command, if there is one. Returns what went wrong, or null. */
  async #make(): Promise<string | null> {
    const { solutionCommand, workspace } = this.#context.task;
    this.#isStale = false;
    if (solutionCommand === null) return null;
    const { limitMs, usedMs } = this.#context.budget().time;
    const timeoutMs = Math.max(1_000, limitMs - usedMs);
    const result = await this.#context.exec(solutionCommand, { timeoutMs, cwd: workspace });
    return result.status === "interrupted" ? "interrupted" : findCommandProblem(result);
  }

  /** Returns what went wrong, or null. */
  async #write(files: ReadonlyMap<string, string>): Promise<string | null> {
    for (const [path, text] of files) {
      const written = await this.#context.writeFile(`${this.#context.task.workspace}/${path}`, text);
      if (written.status === "failed") return written.reason;
    }
    return null;
  }

  async #takeBack(changed: ReadonlyMap<string, string>): Promise<void> {
    this.#isStale = this.#context.task.solutionCommand !== null;
    const before = [...changed.keys()].map((path): [string, string] => [path, this.#files.get(path) ?? ""]);
    const problem = await this.#write(new Map(before));
    if (problem !== null) await this.#context.note(`a change could not be taken back (${problem})`);
  }
}

function toText(reply: Scored): string {
  return reply.normalized.toFixed(3);
}
