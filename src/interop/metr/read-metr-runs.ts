import { readFileSync } from "node:fs";
import {
  findPublishedEnvironment,
  type ReadItem,
  type RunFlag,
  type RunRow,
  type RunScore,
  toCeilingFlags,
} from "../../analysis/index.ts";
import { normalize } from "../../scoring/index.ts";
import { interopErrors } from "../errors.ts";
import { type MetrRow, metrRowSchema } from "./metr-row.ts";
import { type MetrScale, metrScales, toRawScore } from "./metr-scale.ts";

/** Which of METR's rows are read. */
export interface MetrOptions {
  /**
   * What becomes of the rows of humans. They are the same people as the published attempts, so a table that
   * holds those must leave these out; each is then skipped by name.
   */
  readonly humans: "read" | "leave-out";
}

/**
 * Reads METR's `runs.jsonl`: final scores of agents and humans at the paper's environments, put on the paper's
 * scale.
 *
 * The file names models but no scaffolds, holds no score logs, and its dollars and tokens are human pay at a
 * flat rate (agents have none), so usage is null. Wall time is not the clock, so agents' `timeUsedMs` is null.
 * Rows with values that cannot be are flagged, not dropped.
 *
 * @throws METR_FILE_MISSING
 */
export function* readMetrRuns(path: string, options: MetrOptions = { humans: "read" }): Generator<ReadItem> {
  for (const [index, text] of readText(path).split("\n").entries()) {
    if (text.trim() === "") continue;
    const line = index + 1;
    const skip = (runId: string | null, reason: string): ReadItem => ({
      kind: "skipped",
      skipped: { file: path, line, runId, reason },
    });
    const row = parseLine(text);
    if ("problem" in row) {
      yield skip(null, row.problem);
      continue;
    }
    const runId = `metr-${row.run_id}`;
    const scale = metrScales.find(({ family }) => family === row.task_family);
    if (scale === undefined) {
      yield skip(runId, `${row.task_family} is no environment of the paper`);
      continue;
    }
    if (row.alias === "human" && options.humans === "leave-out") {
      yield skip(runId, "the published human attempts stand in its place");
      continue;
    }
    yield { kind: "row", row: toRow(row, runId, scale, path, line) };
  }
}

function parseLine(text: string): MetrRow | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: "not JSON" };
  }
  const parsed = metrRowSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  return { problem: `${issue?.path.join(".") || "line"}: ${issue?.message ?? "malformed"}` };
}

function toRow(row: MetrRow, runId: string, scale: MetrScale, file: string, line: number): RunRow {
  const published = findPublishedEnvironment(scale.environment);
  if (published === undefined) throw interopErrors.METR_SCALE_UNKNOWN({ environment: scale.environment });
  const { anchors, direction, final } = published;
  const raw = toRawScore(row.score, scale);
  const isHuman = row.alias === "human";
  const usedMs = row.completed_at - row.started_at;
  const score: RunScore = {
    kind: "scored",
    raw,
    normalized: raw === null ? 0 : normalize(raw, anchors, direction),
  };
  return {
    runId,
    environment: published.id,
    scale: "paper",
    actor: isHuman ? "human" : "agent",
    agent: isHuman ? "human" : "not stated",
    model: isHuman ? null : row.alias,
    timeLimitMs: row.time_limit === 0 ? null : row.time_limit * 1_000,
    timeUsedMs: isHuman ? usedMs : null,
    finalRule: final,
    anchors: { start: anchors.start.raw, reference: anchors.reference.raw },
    log: null,
    logged: score,
    loggedWithFlagged: score,
    confirmed: null,
    usage: { inputTokens: null, outputTokens: null, totalTokens: null, costUsd: null },
    generation: null,
    flags: raw === null ? [] : toFlags(raw, usedMs, published, isHuman),
    provenance: { source: "metr", file, line, chainHead: null },
  };
}

/**
 * In every environment METR has one human row of 480 minutes whose raw score is 1: written in place of a score.
 */
function toFlags(
  raw: number,
  usedMs: number,
  published: Parameters<typeof toCeilingFlags>[1],
  isHuman: boolean,
): readonly RunFlag[] {
  if (!isHuman || Math.abs(raw - 1) > 1e-5 || usedMs !== 480 * 60_000) return toCeilingFlags(raw, published);
  const detail = "raw score 1 after 480 minutes, as one human row of each environment has, whatever its unit";
  return [{ kind: "placeholder-score", detail }];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw interopErrors.METR_FILE_MISSING({ path }, cause);
  }
}
