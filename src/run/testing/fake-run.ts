import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Environment } from "../../environment/index.ts";
import type { PricedLanguageModel } from "../../model/index.ts";
import type { ExecOptions, ExecResult, Sandbox } from "../../sandbox/index.ts";
import type { ScoringResult, SnapshotRef } from "../../scoring/index.ts";
import type { Agent } from "../agent-contract.ts";
import type { RunEvent } from "../events.ts";
import { executeRun, type RunDependencies, type RunOutcome } from "../execute.ts";
import { createRunDirectory, loadRunRecord, type RunPaths } from "../run-directory.ts";
import type { RunRecord } from "../run-record.ts";
import type { RunScorer } from "../score-keeper.ts";

/** A run record for tests: five seconds, visible score, lower is better, anchors 10 and 0. */
export function createTestRecord(change: Partial<RunRecord> = {}): RunRecord {
  return {
    schemaVersion: 1,
    runId: "test-run",
    createdAt: "2026-01-01T00:00:00.000Z",
    environment: {
      id: "test",
      title: "Test",
      sha256: "0".repeat(64),
      scale: "laptop",
      score: { name: "time", unit: "s", direction: "lower", final: "best", visible: true },
      parameters: {},
      anchors: {
        start: { raw: 10, n: 1, standardDeviation: null },
        reference: { raw: 0, n: 1, standardDeviation: null },
        provenance: { kind: "published", source: "a test" },
      },
      assets: { key: "none", sha256: "0".repeat(64) },
      scoringTimeoutSeconds: 10,
      solutionFiles: ["solution.py"],
      solutionCommand: null,
      instructions: "Be quick.",
    },
    actor: "agent",
    agent: { id: "test", version: "1", options: {} },
    model: null,
    gatewayModels: {},
    budget: { timeMs: 5_000, tokens: null, costUsd: null },
    scoringTime: "charged",
    snapshotPolicy: "all",
    seed: "seed",
    sandbox: {
      driver: "host",
      network: "none",
      limits: {
        memoryBytes: 2 ** 30,
        processes: 100,
        cpuCores: 1,
        diskBytes: 2 ** 30,
        openFiles: 100,
        outputBytes: 2 ** 20,
      },
    },
    machine: {},
    versions: {},
    ...change,
  };
}

/** A sandbox in memory: commands are answered by a function, the workspace is one string. */
export class FakeSandbox implements Sandbox {
  readonly isolation = {
    driver: "host",
    network: "none",
    limits: {
      memoryBytes: "none",
      processes: "none",
      cpuCores: "none",
      diskBytes: "none",
      openFiles: "none",
      outputBytes: "none",
    },
    freeze: "signals",
    hidesHostPaths: false,
    caveats: [],
  } as const;
  readonly workspaceOnHost = "/nowhere";
  readonly workspaceInside = "/workspace";
  readonly files = new Map<string, string>();
  readonly commands: (readonly string[])[] = [];
  isFrozen = false;
  /** Answers `sleep N` by waiting N milliseconds, anything else at once. */
  async exec(argv: readonly [string, ...string[]], options: ExecOptions): Promise<ExecResult> {
    if (this.isFrozen) throw new Error("a command was started in a frozen sandbox");
    this.commands.push(argv);
    const [program, argument = "0"] = argv;
    const startedAt = performance.now();
    let cancelled = false;
    if (program === "sleep") {
      await sleep(
        Number(argument),
        undefined,
        options.signal === undefined ? {} : { signal: options.signal },
      ).catch(() => {
        cancelled = true;
      });
    }
    const text = program === "echo" ? argument : "";
    return {
      ...(cancelled ? { status: "cancelled" } : { status: "exited", exitCode: program === "false" ? 1 : 0 }),
      stdout: { text, totalBytes: text.length, truncated: false },
      stderr: { text: "", totalBytes: 0, truncated: false },
      durationMs: performance.now() - startedAt,
      stillRunning: [],
    };
  }
  async readFile(path: string) {
    const content = this.files.get(path);
    if (content === undefined) return { status: "failed", reason: "no such file" } as const;
    const bytes = new TextEncoder().encode(content);
    return { status: "read", content: bytes, totalBytes: bytes.length } as const;
  }
  async writeFile(path: string, content: string | Uint8Array) {
    this.files.set(path, typeof content === "string" ? content : new TextDecoder().decode(content));
    return { status: "written" } as const;
  }
  async processes() {
    return [];
  }
  async freeze() {
    this.isFrozen = true;
  }
  async thaw() {
    this.isFrozen = false;
  }
  async destroy() {}
  async [Symbol.asyncDispose]() {}
}

/** Scores by a list of raw scores, one for each scoring; the last repeats. A string is an `invalid` reason. */
export class FakeScorer implements RunScorer {
  readonly #raws: readonly (number | string)[];
  readonly #delayMs: number;
  scorings = 0;
  snapshots = 0;

  constructor(raws: readonly (number | string)[], delayMs = 0) {
    this.#raws = raws;
    this.#delayMs = delayMs;
  }

  async takeSnapshot(): Promise<SnapshotRef> {
    this.snapshots += 1;
    return { treeSha256: this.snapshots.toString(16).padStart(64, "0"), files: 1, sizeBytes: 1 };
  }

  async score(_snapshot: SnapshotRef, signal: AbortSignal) {
    await sleep(this.#delayMs, undefined, { signal });
    const raw = this.#raws[Math.min(this.scorings, this.#raws.length - 1)] ?? 10;
    this.scorings += 1;
    const result: ScoringResult =
      typeof raw === "string"
        ? { result: "invalid", reason: raw, message: raw, details: {} }
        : {
            result: "scored",
            raw,
            normalized: Math.max(0, (10 - raw) / 10),
            flag: null,
            message: "",
            details: {},
          };
    return { result, seed: "00", log: "" };
  }
}

/** A run in a temporary folder that can be executed again and again, as after crashes. */
export class FakeRun {
  readonly paths: RunPaths;
  readonly sandbox = new FakeSandbox();
  readonly events: RunEvent[] = [];
  scorer: RunScorer = new FakeScorer([10]);
  model: PricedLanguageModel | null = null;

  private constructor(paths: RunPaths) {
    this.paths = paths;
  }

  static async create(change: Partial<RunRecord> = {}): Promise<FakeRun> {
    const runsDirectory = mkdtempSync(join(tmpdir(), "fake-run-"));
    return new FakeRun(await createRunDirectory(runsDirectory, createTestRecord(change), async () => {}));
  }

  execute(run: Agent["run"], change: Partial<RunDependencies> = {}): Promise<RunOutcome> {
    const base = Date.now() - performance.now();
    return executeRun({
      paths: this.paths,
      record: loadRunRecord(this.paths),
      environment: fakeEnvironment,
      agent: { id: "test", version: "1", needsModel: false, run },
      model: this.model,
      openSandbox: async () => this.sandbox,
      scorer: this.scorer,
      now: () => base + performance.now(),
      signal: new AbortController().signal,
      onEvent: (event) => this.events.push(event),
      ...change,
    });
  }

  get types(): readonly string[] {
    return this.events.map(({ type }) => type).filter((type) => type !== "clock-ticked");
  }
}

const resources = { cpus: 1, memoryGib: 1, diskGib: 1, gpus: 0 };
const scale: Environment["manifest"]["scales"]["laptop"] = {
  resources,
  timeLimitMinutes: 1,
  scoringTimeoutSeconds: 10,
  prepareTimeoutMinutes: 1,
  parameters: {},
  anchors: { kind: "measured-here" },
};
const fakeEnvironment: Environment = {
  manifest: {
    schemaVersion: 1,
    id: "test",
    title: "Test",
    question: "Is it quick?",
    score: { name: "time", unit: "s", direction: "lower", final: "best", visible: true },
    network: "none",
    solution: { files: ["solution.py"] },
    scales: { laptop: scale, paper: scale },
  },
  directory: "/nowhere",
  sha256: "0".repeat(64),
};
