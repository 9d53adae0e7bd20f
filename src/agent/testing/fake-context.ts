import type { GivenSolution } from "../../environment/index.ts";
import { RebenchError } from "../../errors/index.ts";
import type { GenerateRequest } from "../../model/index.ts";
import type {
  AgentContext,
  AgentExecOptions,
  AgentGenerateResult,
  BudgetReading,
  Interrupted,
  SeededRandom,
  TaskView,
  VisibleScoreEntry,
} from "../../run/index.ts";
import type { ExecResult, ReadFileResult, WriteFileResult } from "../../sandbox/index.ts";
import type { ScoreReply } from "../../scoring/index.ts";
import type { FakeWorld } from "./fake-world.ts";

interface Answers {
  readonly exec: ExecResult | Interrupted;
  readonly readFile: ReadFileResult;
  readonly writeFile: WriteFileResult;
  readonly score: ScoreReply;
  readonly generate: AgentGenerateResult;
  readonly note: null;
  readonly installSolution: ExecResult | null;
}
type Kind = keyof Answers;

/** One operation of an agent: what it asked, and the clock and tokens when it was answered. */
export interface Operation {
  readonly kind: Kind;
  /** The arguments as JSON. */
  readonly request: string;
  readonly usedMs: number;
  readonly usedTokens: number;
}

/** Operations and their answers: what a run's events hold for an agent. */
export class FakeRecord {
  readonly operations: Operation[] = [];
  readonly answers: { readonly [Each in Kind]: Map<number, Answers[Each]> } = {
    exec: new Map(),
    readFile: new Map(),
    writeFile: new Map(),
    score: new Map(),
    generate: new Map(),
    note: new Map(),
    installSolution: new Map(),
  };
}

/** What a fake context is made of. */
export interface FakeContextInit {
  readonly world: FakeWorld;
  /** Answers what it already holds, and grows with every new operation; a new one when left out. */
  readonly record?: FakeRecord;
  readonly task?: Partial<TaskView>;
  readonly limits?: { readonly timeMs?: number; readonly tokens?: number; readonly costUsd?: number };
  readonly seed?: number;
  /** Clock each operation takes, in milliseconds; 1,000 unless said otherwise. */
  readonly operationMs?: number;
  /** The run stops when this many operations are recorded. */
  readonly stopAfter?: number;
  /** What entry 0 says; a score of 1, normalized 0, unless said otherwise. */
  readonly startReply?: ScoreReply;
}

/**
 * An {@link AgentContext} in memory with the semantics of the real one: operations are recorded before they are
 * answered, a record given at the start is replayed first and must match, the budget is as of the last operation,
 * the time limit stops the run, and a stopped run rejects everything with `RUN_STOPPED`.
 */
export class FakeContext implements AgentContext {
  readonly task: TaskView;
  readonly options: Readonly<Record<string, string>> = {};
  readonly random: SeededRandom;
  readonly record: FakeRecord;
  readonly world: FakeWorld;
  readonly notes: string[] = [];
  readonly #init: FakeContextInit;
  readonly #log: VisibleScoreEntry[] = [];
  #position = 0;
  #usedMs = 0;
  #usedTokens = 0;

  constructor(init: FakeContextInit) {
    this.#init = init;
    this.world = init.world;
    this.record = init.record ?? new FakeRecord();
    this.random = createRandom(init.seed ?? 1);
    this.task = {
      environmentId: "example",
      title: "Example",
      instructions: "Make the number smaller.",
      scale: "laptop",
      score: {
        name: "time",
        unit: "ms",
        direction: "lower",
        final: "best",
        visible: true,
        mostRequests: null,
      },
      solutionFiles: ["solution.py"],
      solutionCommand: null,
      workspace: "/workspace",
      resources: { cpuCores: 2, memoryBytes: 4 * 2 ** 30, diskBytes: 2 ** 30 },
      ...init.task,
    };
    const start: ScoreReply = { status: "scored", score: 1, normalized: 0, message: "" };
    this.#log.push({ index: 0, clockMs: 0, reply: init.startReply ?? start });
  }

  exec(argv: readonly [string, ...string[]], options: AgentExecOptions): Promise<ExecResult | Interrupted> {
    return this.#operate("exec", { argv, ...options }, () => this.world.exec(argv, options));
  }

  readFile(path: string, options: { readonly maxBytes?: number } = {}): Promise<ReadFileResult> {
    return this.#operate("readFile", { path, ...options }, () =>
      this.world.readFile(path, options.maxBytes ?? Number.POSITIVE_INFINITY),
    );
  }

  writeFile(path: string, content: string): Promise<WriteFileResult> {
    return this.#operate("writeFile", { path, content }, () => this.world.writeFile(path, content));
  }

  async score(): Promise<ScoreReply> {
    const reply = await this.#operate("score", {}, async () => this.world.score());
    this.#log.push({ index: this.#log.length, clockMs: this.#usedMs, reply });
    return reply;
  }

  scoreLog(): readonly VisibleScoreEntry[] {
    return [...this.#log];
  }

  generate(request: GenerateRequest): Promise<AgentGenerateResult> {
    return this.#operate("generate", request, async () => this.world.generate(request));
  }

  async note(text: string): Promise<void> {
    await this.#operate("note", { text }, async () => null);
    this.notes.push(text);
  }

  budget(): BudgetReading {
    const { limits } = this.#init;
    return {
      time: { usedMs: this.#usedMs, limitMs: limits?.timeMs ?? 3_600_000 },
      tokens: { used: this.#usedTokens, limit: limits?.tokens ?? null },
      costUsd: { used: null, limit: limits?.costUsd ?? null },
    };
  }

  installSolution(which: GivenSolution): Promise<ExecResult | null> {
    return this.#operate("installSolution", { which }, async () => this.world.installSolution(which));
  }

  async #operate<Each extends Kind>(
    kind: Each,
    request: unknown,
    perform: () => Promise<Answers[Each]>,
  ): Promise<Answers[Each]> {
    const position = this.#position++;
    const text = JSON.stringify(request);
    const recorded = this.record.operations[position];
    const answer = this.record.answers[kind].get(position);
    if (recorded !== undefined && answer !== undefined) {
      if (recorded.request !== text) {
        throw new Error(`operation ${position} was ${recorded.request} and is ${text} now`);
      }
      this.#usedMs = recorded.usedMs;
      this.#usedTokens = recorded.usedTokens;
      return answer;
    }
    if (recorded !== undefined)
      throw new Error(`operation ${position} was ${recorded.kind} and is ${kind} now`);
    if (position >= (this.#init.stopAfter ?? Number.POSITIVE_INFINITY) || this.#isOutOfTime()) {
      throw stopped();
    }
    const performed = await perform();
    this.#usedMs += this.#init.operationMs ?? 1_000;
    this.#usedTokens += tokensOf(performed);
    this.record.operations.push({ kind, request: text, usedMs: this.#usedMs, usedTokens: this.#usedTokens });
    this.record.answers[kind].set(position, performed);
    return performed;
  }

  #isOutOfTime(): boolean {
    const { time } = this.budget();
    return time.usedMs >= time.limitMs;
  }
}

/** The error a real run rejects with; agents know it by its code alone. */
function stopped(): RebenchError {
  return new RebenchError({
    code: "RUN_STOPPED",
    fault: "caller",
    exitCode: 4,
    message: "the run is over",
    remedy: "nothing",
  });
}

/** The multiplicative generator of Park and Miller: enough for tests. */
function createRandom(seed: number): SeededRandom {
  const modulus = 2 ** 31 - 1;
  let state = (seed % (modulus - 1)) + 1;
  const next = (): number => {
    state = (state * 48_271) % modulus;
    return state / modulus;
  };
  return { next, integer: (bound) => Math.floor(next() * bound) };
}

function tokensOf(answer: Answers[Kind]): number {
  if (answer === null || answer.status !== "completed") return 0;
  return (answer.usage.inputTokens ?? 0) + (answer.usage.outputTokens ?? 0);
}
