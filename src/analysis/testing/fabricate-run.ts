import { createHash } from "node:crypto";
import { type RunRecord, type RunSummary, toRunPaths } from "../../run/index.ts";
import { normalize, type ScoreEntry, type ScoringResult, toFinalScore } from "../../scoring/index.ts";

/** Anchors of every fabricated run: raw 10 is normalized 0, raw 2 is normalized 1, lower is better. */
export const fabricatedAnchors: RunRecord["environment"]["anchors"] = {
  start: { raw: 10, n: 20, standardDeviation: 0.1 },
  reference: { raw: 2, n: 20, standardDeviation: 0.02 },
  provenance: { kind: "measured", machine: "2 cores, no GPU", measuredAt: "2025-11-01T09:00:00.000Z" },
};

/** What a test says about one scoring: a raw score, or how it came to none. */
export type FabricatedScoring =
  | { readonly minutes: number; readonly raw: number; readonly flagged?: boolean; readonly message?: string }
  | {
      readonly minutes: number;
      readonly failure: "invalid" | "timed-out" | "judge-failed";
      readonly message?: string;
    };

/** What a test says about a run; all else is filled in. */
export interface FabricatedRun {
  readonly agent: string;
  readonly model?: string;
  readonly runId?: string;
  readonly scorings: readonly FabricatedScoring[];
  /** Clock of the run; 2 minutes by default. */
  readonly elapsedMinutes?: number;
  readonly limitMinutes?: number;
  readonly final?: "best" | "last";
  readonly visible?: boolean;
  readonly state?: Partial<RunSummary["state"]>;
  readonly record?: Partial<RunRecord>;
}

/** A run that never was, for tests of what is made from runs. */
export function fabricateRun(run: FabricatedRun): RunSummary {
  const runId =
    run.runId ?? `20251101-090000-optimize-kernel-${run.agent.replace(/[^a-z0-9]/g, "-")}-0a1b2c3d`;
  const final = run.final ?? "best";
  const entries = run.scorings.map(toEntry);
  const record: RunRecord = {
    schemaVersion: 1,
    runId,
    createdAt: "2025-11-01T09:00:00.000Z",
    environment: {
      id: "optimize-kernel",
      title: "Optimize a Kernel",
      sha256: hash("environment"),
      scale: "laptop",
      score: {
        name: "runtime",
        unit: "ln(milliseconds)",
        direction: "lower",
        final,
        visible: run.visible ?? true,
      },
      parameters: { rows: 4096 },
      anchors: fabricatedAnchors,
      assets: { key: "optimize-kernel-laptop", sha256: hash("assets") },
      scoringTimeoutSeconds: 60,
      solutionFiles: ["solution.py"],
      solutionCommand: null,
      instructions: "Make it fast.",
    },
    actor: "agent",
    agent: { id: run.agent, version: "1", options: {} },
    gatewayModels: {},
    model: run.model === undefined ? null : { id: run.model, baseUrl: null, price: null },
    budget: { timeMs: (run.limitMinutes ?? 2) * 60_000, tokens: null, costUsd: null },
    scoringTime: "charged",
    snapshotPolicy: "all",
    seed: "seed",
    sandbox: {
      driver: "bubblewrap",
      network: "none",
      limits: {
        memoryBytes: 4 * 2 ** 30,
        processes: 2_048,
        cpuCores: 2,
        diskBytes: 4 * 2 ** 30,
        openFiles: 8_192,
        outputBytes: 64 * 2 ** 20,
      },
    },
    machine: { cpu: "Example CPU", cores: 2 },
    versions: { rebench: "0.1.0", node: "24.21.0", python: "3.11.2", torch: "2.13.0" },
    ...run.record,
  };
  return {
    paths: toRunPaths(`/runs/${runId}`),
    record,
    state: {
      phase: "ended",
      clock: {
        phase: "stopped",
        pauses: [],
        elapsedMs: (run.elapsedMinutes ?? 2) * 60_000,
        asOf: Date.parse("2025-11-01T09:05:00.000Z"),
      },
      usage: {
        inputTokens: 0,
        outputTokens: 0,
        gateway: { calls: {}, inputTokens: 0, outputTokens: 0, costUsd: 0 },
        modelCalls: 0,
        costUsd: 0,
      },
      entries,
      pending: [],
      rescorings: [],
      finalRequested: true,
      interruption: null,
      ending: { reason: "time-limit", message: "the time limit was reached" },
      startedAt: Date.parse("2025-11-01T09:00:00.000Z"),
      lastEventAt: Date.parse("2025-11-01T09:05:00.000Z"),
      events: 40,
      ...run.state,
    },
    head: hash(`head of ${runId}`),
    final: toFinalScore(entries, final, record.environment.score.direction),
  };
}

function toEntry(scoring: FabricatedScoring, index: number): ScoreEntry {
  return {
    index,
    clockMs: scoring.minutes * 60_000,
    snapshot: { treeSha256: hash(`snapshot ${index}`), files: 3, sizeBytes: 2_048 },
    result: toResult(scoring),
    durationMs: 1_500,
  };
}

function toResult(scoring: FabricatedScoring): ScoringResult {
  if ("raw" in scoring) {
    return {
      result: "scored",
      raw: scoring.raw,
      normalized: normalize(scoring.raw, fabricatedAnchors, "lower"),
      flag: scoring.flagged === true ? "implausible" : null,
      message: scoring.message ?? "scored",
      details: {},
    };
  }
  const message = scoring.message ?? scoring.failure;
  switch (scoring.failure) {
    case "invalid":
      return { result: "invalid", reason: "wrong-answer", message, details: {} };
    case "timed-out":
      return { result: "timed-out", limitSeconds: 60, message };
    case "judge-failed":
      return { result: "judge-failed", reason: "no-answer", message };
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
