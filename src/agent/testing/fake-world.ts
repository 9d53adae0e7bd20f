import type { GivenSolution } from "../../environment/index.ts";
import type { GenerateRequest, Usage } from "../../model/index.ts";
import type { AgentExecOptions, AgentGenerateResult, Interrupted } from "../../run/index.ts";
import type { ExecResult, ReadFileResult, WriteFileResult } from "../../sandbox/index.ts";
import type { ScoreReply } from "../../scoring/index.ts";

/** Answers a command. */
export type Exec = (
  argv: readonly [string, ...string[]],
  options: AgentExecOptions,
) => Promise<ExecResult | Interrupted>;

/** What a fake run happens in: files in memory, a scripted model, commands and scores by function. */
export interface FakeWorldInit {
  /** Absolute path → text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Answers of the model in order, or a function of the request and the number of the call, from 0. */
  readonly model?:
    | readonly AgentGenerateResult[]
    | ((request: GenerateRequest, call: number) => AgentGenerateResult);
  readonly exec?: Exec;
  readonly score?: (files: ReadonlyMap<string, string>, scoring: number) => ScoreReply;
  readonly installSolution?: (files: Map<string, string>, which: GivenSolution) => ExecResult | null;
}

/** The outside of a fake run; it lives on when a context is stopped and another one resumes. */
export class FakeWorld {
  readonly files: Map<string, string>;
  /** Every request the model got. */
  readonly requests: GenerateRequest[] = [];
  readonly #init: FakeWorldInit;
  #scorings = 0;

  constructor(init: FakeWorldInit = {}) {
    this.#init = init;
    this.files = new Map(Object.entries(init.files ?? {}));
  }

  async exec(
    argv: readonly [string, ...string[]],
    options: AgentExecOptions,
  ): Promise<ExecResult | Interrupted> {
    return this.#init.exec === undefined ? toExecResult({}) : this.#init.exec(argv, options);
  }

  async readFile(path: string, maxBytes: number): Promise<ReadFileResult> {
    const text = this.files.get(path);
    if (text === undefined) return { status: "failed", reason: "there is no such file" };
    const content = new TextEncoder().encode(text);
    return { status: "read", content: content.slice(0, maxBytes), totalBytes: content.byteLength };
  }

  async writeFile(path: string, content: string): Promise<WriteFileResult> {
    this.files.set(path, content);
    return { status: "written" };
  }

  score(): ScoreReply {
    this.#scorings += 1;
    return (
      this.#init.score?.(this.files, this.#scorings) ?? {
        status: "scored",
        score: 1,
        normalized: 0,
        message: "",
      }
    );
  }

  generate(request: GenerateRequest): AgentGenerateResult {
    const call = this.requests.length;
    this.requests.push(request);
    const { model } = this.#init;
    if (typeof model === "function") return model(request, call);
    return model?.[call] ?? { status: "refused", reason: "over-budget", message: "the script has ended" };
  }

  installSolution(which: GivenSolution): ExecResult | null {
    return this.#init.installSolution?.(this.files, which) ?? null;
  }
}

/** A finished command; exit code 0 and no output unless said otherwise. */
export function toExecResult(init: {
  readonly exitCode?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}): ExecResult {
  const captured = (text: string) => ({ text, totalBytes: Buffer.byteLength(text), truncated: false });
  return {
    status: "exited",
    exitCode: init.exitCode ?? 0,
    stdout: captured(init.stdout ?? ""),
    stderr: captured(init.stderr ?? ""),
    durationMs: 1,
    stillRunning: [],
  };
}

/** A completed model call: text and tool calls `[name, arguments]`. */
export function toCompletion(init: {
  readonly text?: string;
  readonly calls?: readonly (readonly [name: string, given: Record<string, string | number> | string])[];
  readonly finishReason?: "stop" | "length";
  readonly usage?: Partial<Usage>;
  /** Makes call ids differ between turns. */
  readonly turn?: number;
}): AgentGenerateResult {
  const calls = init.calls ?? [];
  return {
    status: "completed",
    message: {
      role: "assistant",
      text: init.text ?? "",
      toolCalls: calls.map(([name, given], index) => ({
        id: `${init.turn ?? 0}-${index}`,
        name,
        arguments: given,
      })),
    },
    finishReason: init.finishReason ?? (calls.length > 0 ? "tool-calls" : "stop"),
    usage: { inputTokens: null, outputTokens: null, cachedInputTokens: null, ...init.usage },
    costUsd: null,
    durationMs: 1,
    servedModel: null,
  };
}
