import type { Environment, GivenSolution } from "../environment/index.ts";
import { isRebenchError } from "../errors/index.ts";
import type { GenerateRequest, LanguageModel } from "../model/index.ts";
import type { ExecResult, ReadFileResult, Sandbox, WriteFileResult } from "../sandbox/index.ts";
import { hiddenScoreReply, type ScoreReply, toRefusedReply, toScoreReply } from "../scoring/index.ts";
import type {
  AgentContext,
  AgentExecOptions,
  AgentGenerateResult,
  BudgetReading,
  Interrupted,
  SeededRandom,
  TaskView,
  VisibleScoreEntry,
} from "./agent-contract.ts";
import { type BudgetMark, toBudgetReading } from "./budget.ts";
import { runErrors } from "./errors.ts";
import { mostHiddenRequests } from "./hidden-scorings.ts";
import type { OperationKind } from "./journal.ts";
import { ProviderTime } from "./provider-time.ts";
import {
  execResultSchema,
  generateResultSchema,
  readFileRecordSchema,
  toReadFileRecord,
  toReadFileResult,
  writeFileResultSchema,
} from "./recorded-results.ts";
import { RequestShortener } from "./request-log.ts";
import type { RunSession } from "./run-session.ts";
import type { RunStop } from "./run-stop.ts";
import { createSeededRandom } from "./seeded-random.ts";
import { installSolution, toCommand } from "./solution.ts";

const interrupted: Interrupted = {
  status: "interrupted",
  message:
    "The harness was stopped while this ran and has been started again in a fresh sandbox: the workspace is as it was, processes are gone, and how far this operation came is not known.",
};

/** Answers an agent's operations: from the record while there is one, for real after it. */
export class LiveContext implements AgentContext {
  readonly task: TaskView;
  readonly options: Readonly<Record<string, string>>;
  readonly random: SeededRandom;
  readonly #session: RunSession;
  readonly #sandbox: Sandbox;
  readonly #environment: Environment;
  readonly #model: LanguageModel | null;
  readonly #stop: RunStop;
  readonly #score: (operation: number) => Promise<void>;
  readonly #providerTime: ProviderTime;
  readonly #visibleEntries: VisibleScoreEntry[] = [];
  readonly #requests = new RequestShortener();
  #nextOperation = 0;
  #mark: BudgetMark;
  #closed = false;

  constructor(init: {
    readonly session: RunSession;
    readonly sandbox: Sandbox;
    readonly environment: Environment;
    readonly model: LanguageModel | null;
    readonly stop: RunStop;
    /** Freezes, takes the snapshot, and has it judged where the agent is told its scores. */
    readonly score: (operation: number) => Promise<void>;
  }) {
    const { record } = init.session;
    this.#session = init.session;
    this.#sandbox = init.sandbox;
    this.#environment = init.environment;
    this.#model = init.model;
    this.#stop = init.stop;
    this.#score = init.score;
    this.#providerTime = new ProviderTime(init.session, init.sandbox);
    this.#mark = init.session.journal.startMark ?? init.session.mark;
    this.options = record.agent.options;
    this.random = createSeededRandom(record.seed);
    this.task = {
      environmentId: record.environment.id,
      title: record.environment.title,
      instructions: record.environment.instructions,
      scale: record.environment.scale,
      score: { ...record.environment.score, mostRequests: mostHiddenRequests(record) },
      solutionFiles: record.environment.solutionFiles,
      solutionCommand: toCommand(record.environment.solutionCommand),
      workspace: init.sandbox.workspaceInside,
      resources: record.sandbox.limits,
    };
    this.#show(0);
  }

  async exec(
    argv: readonly [string, ...string[]],
    options: AgentExecOptions,
  ): Promise<ExecResult | Interrupted> {
    const { stdin, ...rest } = options;
    const request = JSON.stringify({
      argv,
      ...rest,
      ...(stdin === undefined
        ? {}
        : { stdin: typeof stdin === "string" ? stdin : Buffer.from(stdin).toString("base64") }),
    });
    return this.#operate({
      kind: "command",
      request,
      perform: () => this.#sandbox.exec(argv, { ...options, signal: this.#stop.signal }),
      write: (operation, result) =>
        this.#session.append({ type: "command-finished", operation, result: this.#keep(result) }),
      read: (text) => execResultSchema.parse(JSON.parse(text)),
    });
  }

  async readFile(path: string, options: { readonly maxBytes?: number } = {}): Promise<ReadFileResult> {
    return this.#operateAtOnce({
      kind: "file-read",
      request: JSON.stringify({ path, ...options }),
      perform: () => this.#sandbox.readFile(path, options),
      toRecord: toReadFileRecord,
      read: (text) => toReadFileResult(readFileRecordSchema.parse(JSON.parse(text))),
    });
  }

  async writeFile(path: string, content: string): Promise<WriteFileResult> {
    return this.#operateAtOnce({
      kind: "file-written",
      request: JSON.stringify({ path, content }),
      perform: () => this.#sandbox.writeFile(path, content),
      toRecord: (result) => result,
      read: (text) => writeFileResultSchema.parse(JSON.parse(text)),
    });
  }

  async installSolution(which: GivenSolution): Promise<ExecResult | null> {
    const { agent } = this.#session.record;
    if (!agent.id.startsWith("solution:")) throw runErrors.SOLUTION_NOT_GRANTED({ agent: agent.id });
    return this.#operateAtOnce({
      kind: "solution-installed",
      request: JSON.stringify({ which }),
      perform: () => installSolution(this.#environment, which, this.#sandbox, this.#stop.signal),
      toRecord: (result) => result,
      read: (text) => execResultSchema.nullable().parse(JSON.parse(text)),
    });
  }

  async note(text: string): Promise<void> {
    const operation = this.#nextOperation++;
    const request = this.#session.blobs.toPayload(text);
    const recorded = this.#session.journal.find(operation, "note-added", request);
    if (recorded?.answer != null) return this.#see(recorded.answer.mark);
    this.#stop.throwIfStopped();
    this.#session.append({ type: "note-added", operation, request });
    this.#see(this.#session.mark);
  }

  async generate(request: GenerateRequest): Promise<AgentGenerateResult> {
    const model = this.#model;
    if (model === null) throw runErrors.MODEL_MISSING({ agent: this.#session.record.agent.id });
    const result = await this.#operate<AgentGenerateResult>({
      kind: "model",
      request: (operation) => this.#requests.shorten(request, operation),
      perform: (operation) => this.#ask(model, request, operation),
      write: (operation, answer) => {
        const completed = answer.status === "completed" ? answer : null;
        this.#session.append({
          type: "model-responded",
          operation,
          result: this.#keep(answer),
          inputTokens: completed === null ? 0 : completed.usage.inputTokens,
          outputTokens: completed === null ? 0 : completed.usage.outputTokens,
          costUsd: completed === null ? 0 : completed.costUsd,
        });
      },
      read: (text) => generateResultSchema.parse(JSON.parse(text)),
    });
    if (result.status === "interrupted")
      throw new Error("a model call is repeated on resume, never interrupted");
    return result;
  }

  /** @throws PROVIDER_FAILED, which leaves the operation open: resume asks again */
  async #ask(
    model: LanguageModel,
    request: GenerateRequest,
    operation: number,
  ): Promise<AgentGenerateResult> {
    const result = await this.#providerTime.generate(model, request, operation, this.#stop.signal);
    if (result.status === "failed") throw runErrors.PROVIDER_FAILED(result);
    if (result.status === "cancelled") throw runErrors.RUN_STOPPED({ reason: "cancelled" });
    return result;
  }

  async score(): Promise<ScoreReply> {
    const operation = this.#nextOperation++;
    const answered = () => this.#session.journal.find(operation, "score", null)?.answer ?? null;
    if (answered() === null) {
      this.#stop.throwIfStopped();
      await this.#stop.orStopped(this.#providerTime.during(() => this.#score(operation)));
    }
    const answer = answered();
    const most = this.task.score.mostRequests;
    if (answer?.kind === "refused" && most !== null) {
      this.#see(answer.mark);
      return toRefusedReply(most);
    }
    if (answer?.kind !== "entry") throw new Error(`scoring ${operation} left no entry`);
    this.#see(answer.mark);
    return this.#show(answer.entry);
  }

  scoreLog(): readonly VisibleScoreEntry[] {
    return [...this.#visibleEntries];
  }

  budget(): BudgetReading {
    return toBudgetReading(this.#mark, this.#session.record.budget);
  }

  /** The agent's time is over: whatever it still has under way is neither recorded nor answered. */
  close(): void {
    this.#closed = true;
  }

  #throwIfClosed(): void {
    if (this.#closed || this.#stop.isInterrupted) throw runErrors.RUN_STOPPED({ reason: "ended" });
  }

  #show(index: number): ScoreReply {
    const { entries, pending } = this.#session.state;
    const entry = entries[index] ?? pending.find((candidate) => candidate.index === index);
    if (entry === undefined) throw new Error(`score entry ${index} is missing`);
    const reply = "result" in entry ? toScoreReply(entry.result, this.task.score.visible) : hiddenScoreReply;
    this.#visibleEntries.push({ index, clockMs: entry.clockMs, reply });
    return reply;
  }

  /** An operation with a beginning and an end of its own in the record. */
  async #operate<Result>(init: {
    readonly kind: "command" | "model";
    readonly request: string | ((operation: number) => string);
    readonly perform: (operation: number) => Promise<Result>;
    readonly write: (operation: number, result: Result) => void;
    readonly read: (text: string) => Result;
  }): Promise<Result | Interrupted> {
    const operation = this.#nextOperation++;
    const text = typeof init.request === "string" ? init.request : init.request(operation);
    const request = this.#session.blobs.toPayload(text);
    const recorded = this.#session.journal.find(operation, init.kind, request);
    if (recorded?.answer?.kind === "interrupted") {
      this.#see(recorded.answer.mark);
      return interrupted;
    }
    if (recorded?.answer?.kind === "result" && recorded.answer.result !== null) {
      this.#see(recorded.answer.mark);
      return init.read(this.#session.blobs.read(recorded.answer.result));
    }
    this.#stop.throwIfStopped();
    if (recorded === undefined) {
      this.#session.append({
        type: init.kind === "command" ? "command-started" : "model-requested",
        operation,
        request,
      });
    }
    const result = await this.#perform(() => init.perform(operation));
    // After an interruption the operation stays open in the record: resume tells the agent, or does it again.
    this.#throwIfClosed();
    init.write(operation, result);
    this.#see(this.#session.mark);
    this.#stop.throwIfStopped();
    return result;
  }

  /** An operation that can be done twice without harm, recorded once when it is done. */
  async #operateAtOnce<Result>(init: {
    readonly kind: Extract<OperationKind, "file-read" | "file-written" | "solution-installed">;
    readonly request: string;
    readonly perform: () => Promise<Result>;
    readonly toRecord: (result: Result) => unknown;
    readonly read: (text: string) => Result;
  }): Promise<Result> {
    const operation = this.#nextOperation++;
    const request = this.#session.blobs.toPayload(init.request);
    const recorded = this.#session.journal.find(operation, init.kind, request);
    if (recorded?.answer?.kind === "result" && recorded.answer.result !== null) {
      this.#see(recorded.answer.mark);
      return init.read(this.#session.blobs.read(recorded.answer.result));
    }
    this.#stop.throwIfStopped();
    const result = await this.#perform(init.perform);
    this.#throwIfClosed();
    this.#session.append({ type: init.kind, operation, request, result: this.#keep(init.toRecord(result)) });
    this.#see(this.#session.mark);
    this.#stop.throwIfStopped();
    return result;
  }

  /** Does an operation for real. What fails in it is ours: an agent must not be blamed for it. */
  async #perform<Result>(perform: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#providerTime.during(perform);
    } catch (error) {
      if (isRebenchError(error)) throw error;
      const detail = error instanceof Error ? error.message : String(error);
      throw runErrors.OPERATION_FAILED({ detail }, error);
    }
  }

  #keep(result: unknown): ReturnType<RunSession["blobs"]["toPayload"]> {
    return this.#session.blobs.toPayload(JSON.stringify(result));
  }

  #see(mark: BudgetMark): void {
    if (mark.events > this.#mark.events) this.#mark = mark;
  }
}
