import type { GivenSolution, ScaleName, ScoreDirection } from "../environment/index.ts";
import type { GenerateRequest, GenerateResult } from "../model/index.ts";
import type { ExecOptions, ExecResult, ReadFileResult, WriteFileResult } from "../sandbox/index.ts";
import type { FinalRule, ScoreReply } from "../scoring/index.ts";

/** What the agent may know of the task. */
export interface TaskView {
  readonly environmentId: string;
  readonly title: string;
  /** Instructions exactly as rendered for this scale and visibility. */
  readonly instructions: string;
  readonly scale: ScaleName;
  readonly score: {
    readonly name: string;
    readonly unit: string;
    readonly direction: ScoreDirection;
    readonly final: FinalRule;
    readonly visible: boolean;
    /** Scorings that may be asked for where they are hidden, and so cost no time on the clock; null for any number. */
    readonly mostRequests: number | null;
  };
  /** Files the agent is to leave behind, relative to the workspace. */
  readonly solutionFiles: readonly string[];
  /** Program and arguments that make the solution files from the rest of the workspace, run in it; null where none is needed. */
  readonly solutionCommand: readonly [string, ...string[]] | null;
  /** Path of the workspace inside the sandbox. */
  readonly workspace: string;
  /** What the sandbox may use. */
  readonly resources: {
    readonly cpuCores: number;
    readonly memoryBytes: number;
    readonly diskBytes: number;
  };
}

/** What of the budget is used; a null limit is no limit. */
export interface BudgetReading {
  readonly time: { readonly usedMs: number; readonly limitMs: number };
  readonly tokens: { readonly used: number; readonly limit: number | null };
  /** `used` is null when the price of the model is not known. */
  readonly costUsd: { readonly used: number | null; readonly limit: number | null };
}

/** A score log entry as the agent may see it. */
export interface VisibleScoreEntry {
  readonly index: number;
  readonly clockMs: number;
  readonly reply: ScoreReply;
}

/**
 * What a model answered, or that the budget let no call through. A provider that fails for good interrupts the run,
 * which can be resumed; agents never see it.
 */
export type AgentGenerateResult = Extract<GenerateResult, { status: "completed" | "refused" }>;

/** An operation the harness could not finish because it was itself stopped and resumed. */
export interface Interrupted {
  readonly status: "interrupted";
  readonly message: string;
}

/** Numbers from the run's seed: the same on every replay. */
export interface SeededRandom {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
}

/**
 * All that an agent can see and do. Every operation is recorded before it is answered; on `resume` the agent
 * function runs again from its first line and the operations it already made are answered from the record, so an
 * agent's state is a function of the events. For that an agent must take time and chance from here only, and start
 * its operations in an order that depends on nothing else.
 *
 * Every operation rejects with `RUN_STOPPED` once the run is over; agents let it pass.
 */
export interface AgentContext {
  readonly task: TaskView;
  /** Options given on the command line as `--agent-option name=value`. */
  readonly options: Readonly<Record<string, string>>;
  readonly random: SeededRandom;

  /** Runs a command in the sandbox. */
  exec(argv: readonly [string, ...string[]], options: AgentExecOptions): Promise<ExecResult | Interrupted>;
  readFile(path: string, options?: { readonly maxBytes?: number }): Promise<ReadFileResult>;
  writeFile(path: string, content: string): Promise<WriteFileResult>;
  /**
   * Freezes the workspace, has it scored, and answers what visibility allows. One at a time, in order. Past
   * `task.score.mostRequests` the answer is `refused` and nothing is recorded.
   */
  score(): Promise<ScoreReply>;
  /** Entries made so far, entry 0 (the starting solution) included. */
  scoreLog(): readonly VisibleScoreEntry[];
  /** Asks the run's model. @throws MODEL_MISSING when the run has none. */
  generate(request: GenerateRequest): Promise<AgentGenerateResult>;
  /** Writes one line of the agent's own into the transcript. */
  note(text: string): Promise<void>;
  /** As of the last recorded event. */
  budget(): BudgetReading;
  /**
   * Puts the starting or the reference solution into the workspace and runs the environment's solution command.
   * Granted to the built-in agent `solution` alone.
   *
   * @throws SOLUTION_NOT_GRANTED to any other agent.
   */
  installSolution(which: GivenSolution): Promise<ExecResult | null | Interrupted>;
}

/** `exec` options an agent may set; the run adds the signal that ends commands at its limits. */
export type AgentExecOptions = Omit<ExecOptions, "signal" | "onOutput">;

/** What acts. */
export interface Agent {
  /** As on the command line, e.g. `modular` or `solution:reference`. */
  readonly id: string;
  /** Changes whenever the same answers could lead to other operations. */
  readonly version: string;
  readonly needsModel: boolean;
  /**
   * Acts until it has nothing left to do; the clock may end the run earlier.
   * Anything it throws but `RUN_STOPPED` ends the run as `agent-failed`.
   */
  run(context: AgentContext): Promise<void>;
}
