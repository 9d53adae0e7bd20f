import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Anchors,
  type Environment,
  isBetter,
  type ScaleName,
  type ScoreDirection,
} from "../environment/index.ts";
import { assertNever } from "../errors/index.ts";
import type { Toolchain } from "../machine/index.ts";
import type { Gateway, GatewayExchange } from "../model/index.ts";
import type { SandboxLimits } from "../sandbox/index.ts";
import { storage } from "./durable-files.ts";
import { normalize } from "./normalize.ts";
import type { ScoringResult } from "./result.ts";
import { type JudgeOutcome, type JudgeTimings, type JudgeVerdict, runJudge } from "./run-judge.ts";
import type { SnapshotRefusal } from "./snapshot-manifest.ts";
import type { SnapshotStore } from "./snapshot-store.ts";

/** What scoring needs from outside; the same for all scorings of a run. */
export interface ScorerSetup {
  readonly environment: Environment;
  readonly scale: ScaleName;
  readonly store: SnapshotStore;
  readonly toolchain: Toolchain;
  /** Folder of the host with the Python package that environments share. */
  readonly commonDirectory: string;
  /** The judge's part of the prepared assets. */
  readonly assetsDirectory: string;
  /** Existing folder of the host in which snapshots are unpacked, each only while it is judged. */
  readonly temporaryDirectory: string;
  readonly limits: SandboxLimits;
  readonly devices: readonly string[];
  /** Unpredictable bytes: seeds decide what a submission is asked, so nobody may foresee them. */
  readonly randomBytes: (count: number) => Uint8Array;
  /** Milliseconds of a clock that never goes back; the machine's by default. */
  readonly monotonicMs?: () => number;
  /** Opens the gateway of one scoring, with budgets of its own; absent, or null, where there is none. */
  readonly openGateway?: (record: (exchange: GatewayExchange) => void, signal: AbortSignal) => Gateway | null;
}

/** How one snapshot was judged, before anything is made of it. */
export interface Judged {
  readonly verdict: JudgeVerdict | { readonly kind: "refused"; readonly refusal: SnapshotRefusal };
  /** Seed the judge was given, 64 hex digits; null where a refused snapshot needed no judge. */
  readonly seed: string | null;
  /** For reviewers: what went wrong, what the judge printed. It may hold secrets and is never shown to the agent. */
  readonly log: string;
  readonly timings: ScoringTimings;
}

/** Wall times in milliseconds. */
export interface ScoringTimings extends JudgeTimings {
  /** Unpacking and checking the snapshot. */
  readonly unpackMs: number;
  readonly totalMs: number;
}

/** One scoring, ready to be recorded. */
export interface Scoring extends Omit<Judged, "verdict"> {
  readonly result: ScoringResult;
}

/** What may differ from the scorings of a run. */
export interface JudgeOptions {
  /** Instead of the manifest's, for a submission that would use up all of it; the judge is told. */
  readonly timeoutSeconds?: number;
}

/** Scores snapshots of one environment at one scale. Scorings may overlap, but then disturb each other's times. */
export interface Scorer {
  /**
   * Has a snapshot judged with a fresh seed.
   *
   * @throws SNAPSHOT_MISSING, SNAPSHOT_DROPPED, SNAPSHOT_CORRUPT, SNAPSHOT_STORAGE_FAILED; the reason of `signal`
   * when it aborts. Whatever the submission or the judge does is a verdict.
   */
  judge(treeSha256: string, signal: AbortSignal, options?: JudgeOptions): Promise<Judged>;

  /**
   * Judges and places the raw score between the anchors.
   *
   * @throws as `judge`; ANCHORS_WITHOUT_SCALE, before anything is judged.
   */
  score(treeSha256: string, anchors: Anchors, signal: AbortSignal): Promise<Scoring>;
}

/** Builds the scorer of one run. */
export function createScorer(setup: ScorerSetup): Scorer {
  const monotonicMs = setup.monotonicMs ?? (() => performance.now());
  const { direction } = setup.environment.manifest.score;
  const timeoutSeconds = setup.environment.manifest.scales[setup.scale].scoringTimeoutSeconds;

  async function judge(treeSha256: string, signal: AbortSignal, options: JudgeOptions = {}): Promise<Judged> {
    const beganAt = monotonicMs();
    const { refusal } = await setup.store.readManifest(treeSha256);
    if (refusal !== null) {
      const timings = { unpackMs: 0, startMs: 0, answerMs: 0, stopMs: 0, totalMs: monotonicMs() - beganAt };
      return { verdict: { kind: "refused", refusal }, seed: null, log: "", timings };
    }
    await using folder = await openUnpackFolder(setup.temporaryDirectory);
    await setup.store.materialize(treeSha256, folder.snapshot, signal);
    const unpackMs = monotonicMs() - beganAt;
    const seed = toHex(setup.randomBytes(32));
    const exchanges: GatewayExchange[] = [];
    const record = (exchange: GatewayExchange): void => {
      if (exchanges.length < mostExchanges || exchange.completedCalls > 0) exchanges.push(exchange);
    };
    await using gateway = setup.openGateway?.(record, signal) ?? null;
    const { verdict, logs, timings } = await runJudge(
      {
        ...setup,
        ...(gateway === null ? {} : { gateway: gateway.accept }),
        snapshotDirectory: folder.snapshot,
        seed,
        requestId: toHex(setup.randomBytes(16)),
        timeoutSeconds: options.timeoutSeconds ?? timeoutSeconds,
        signal,
      },
      monotonicMs,
    );
    await gateway?.[Symbol.asyncDispose]();
    const log = toLogText(verdict, logs) + toGatewayText(exchanges);
    return { verdict, seed, log, timings: { ...timings, unpackMs, totalMs: monotonicMs() - beganAt } };
  }

  return {
    judge,
    async score(treeSha256, anchors, signal) {
      normalize(anchors.start.raw, anchors, direction);
      const { verdict, ...rest } = await judge(treeSha256, signal);
      return { ...rest, result: toScoringResult(verdict, { anchors, direction, timeoutSeconds }) };
    },
  };
}

const tryAgain =
  "This is not held against you and nothing is lost: go on working, and ask for a score again.";

/**
 * What the verdict on a snapshot is worth. What agents are told of a failure or a limit is constant, so that nothing
 * of the judge leaks through it.
 *
 * @throws ANCHORS_WITHOUT_SCALE
 */
export function toScoringResult(
  verdict: Judged["verdict"],
  scale: {
    readonly anchors: Anchors;
    readonly direction: ScoreDirection;
    readonly timeoutSeconds: number;
  },
): ScoringResult {
  switch (verdict.kind) {
    case "refused":
      return { result: "invalid", ...verdict.refusal, details: {} };
    case "timed-out":
      return {
        result: "timed-out",
        limitSeconds: scale.timeoutSeconds,
        message: `Scoring was stopped at its limit of ${scale.timeoutSeconds} seconds. ${tryAgain}`,
      };
    case "failed":
      return { result: "judge-failed", reason: verdict.failure, message: `The scorer failed. ${tryAgain}` };
    case "answered":
      break;
    default:
      return assertNever(verdict);
  }
  const { answer } = verdict;
  const { message, details } = answer;
  if (answer.result === "invalid") return { result: "invalid", reason: answer.reason, message, details };
  const { raw, plausibleLimit } = answer;
  const isImplausible = plausibleLimit !== undefined && isBetter(raw, plausibleLimit, scale.direction);
  return {
    result: "scored",
    raw,
    normalized: normalize(raw, scale.anchors, scale.direction),
    flag: isImplausible ? "implausible" : null,
    message,
    details,
  };
}

function toLogText(verdict: JudgeVerdict, logs: JudgeOutcome["logs"]): string {
  const what = verdict.kind === "failed" ? `${verdict.failure}: ${verdict.problem}` : verdict.kind;
  return `[verdict] ${what}\n[stdout]\n${logs.stdout.text}\n[stderr]\n${logs.stderr.text}\n`;
}

/** Exchanges kept of one scoring; beyond them only those that budgets bound. */
const mostExchanges = 10_000;

/** Longest part of a log that tells what was asked of the gateway, in characters. */
const longestGatewayText = 8 * 1024 * 1024;

/** Every exchange as a line of JSON, as far as there is room, after a line that says what all of them used. */
function toGatewayText(exchanges: readonly GatewayExchange[]): string {
  if (exchanges.length === 0) return "";
  const tokens = exchanges.reduce((sum, each) => sum + (each.inputTokens ?? 0) + (each.outputTokens ?? 0), 0);
  const costUsd = exchanges.reduce((sum, each) => sum + (each.costUsd ?? Number.NaN), 0);
  const cost = Number.isNaN(costUsd) ? "an unknown cost" : `$${costUsd.toFixed(4)}`;
  const lines: string[] = [`[gateway] ${exchanges.length} exchanges, ${tokens} tokens, ${cost}`];
  let length = 0;
  for (const exchange of exchanges) {
    const line = JSON.stringify(exchange);
    length += line.length;
    if (length > longestGatewayText) return `${lines.join("\n")}\n[the rest is left out]\n`;
    lines.push(line);
  }
  return `${lines.join("\n")}\n`;
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** A folder that only we can enter, and in it one that everyone can read: a judge is another user where we are root. */
async function openUnpackFolder(parent: string): Promise<AsyncDisposable & { readonly snapshot: string }> {
  const folder = await storage("make a folder in", parent, () => mkdtemp(join(parent, "snapshot-")));
  const snapshot = join(folder, "snapshot");
  await mkdir(snapshot);
  await chmod(snapshot, 0o755);
  return {
    snapshot,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
