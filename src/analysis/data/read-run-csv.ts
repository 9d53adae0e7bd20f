import { z } from "zod";
import { normalize } from "../../scoring/index.ts";
import { toCeilingFlags } from "./ceiling-flags.ts";
import { findPublishedEnvironment } from "./published-environments.ts";
import type { RunRow, RunScore, ScorePoint } from "./run-row.ts";
import type { ReadItem } from "./run-table.ts";
import { readTable } from "./tabular.ts";

const positive = z.coerce.number().positive();
const count = z.coerce.number().int().nonnegative();

/** `minutes=score` pairs apart by spaces: normalized scores in the order they were made. */
const logSchema = z.string().transform((text, context) =>
  text.split(/\s+/).map((pair) => {
    const [minutes, score] = pair.split("=").map((part) => (part === "" ? Number.NaN : Number(part)));
    if (minutes === undefined || score === undefined || !(minutes >= 0) || !(score >= 0)) {
      context.addIssue({ code: "custom", message: `"${pair}" is not minutes=score` });
      return z.NEVER;
    }
    return { minutes, normalized: score };
  }),
);

/** One line of a CSV file of runs. */
const lineSchema = z.object({
  run_id: z.string(),
  environment: z.string(),
  scale: z.enum(["laptop", "paper"]).default("paper"),
  actor: z.enum(["agent", "human", "baseline"]).default("agent"),
  agent: z.string().default("not stated"),
  model: z.string().optional(),
  time_limit_minutes: positive.optional(),
  minutes: positive.optional(),
  raw_score: z.coerce.number().optional(),
  normalized_score: z.coerce.number().nonnegative().optional(),
  final_rule: z.enum(["best", "last"]).optional(),
  score_log: logSchema.optional(),
  input_tokens: count.optional(),
  output_tokens: count.optional(),
  total_tokens: count.optional(),
  cost_usd: z.coerce.number().nonnegative().optional(),
});
type Line = z.infer<typeof lineSchema>;

const required = ["run_id", "environment"];
const optional = Object.keys(lineSchema.shape).filter((name) => !required.includes(name));

/**
 * Reads a CSV file of runs, one a line; `docs/run-tables.md` lists the columns. A score is taken as stated
 * (`normalized_score`) or, for the paper's environments at its scale, made from `raw_score`.
 *
 * @throws ANALYSIS_INPUT_UNREADABLE, TABLE_HEADER_UNUSABLE
 */
export function* readRunCsv(path: string): Generator<ReadItem> {
  for (const { line, fields, problem } of readTable(path, { required, optional })) {
    const skip = (reason: string): ReadItem => ({
      kind: "skipped",
      skipped: { file: path, line, runId: fields.run_id ?? null, reason },
    });
    if (problem !== null) {
      yield skip(problem);
      continue;
    }
    const parsed = lineSchema.safeParse(fields);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      yield skip(`${issue?.path.join(".") ?? "line"}: ${issue?.message ?? "malformed"}`);
      continue;
    }
    const row = toRow(parsed.data, path, line);
    yield "problem" in row ? skip(row.problem) : { kind: "row", row };
  }
}

function toRow(line: Line, file: string, number: number): RunRow | { readonly problem: string } {
  const published = line.scale === "paper" ? findPublishedEnvironment(line.environment) : undefined;
  const raw = line.raw_score ?? null;
  const computed =
    raw === null || published === undefined ? null : normalize(raw, published.anchors, published.direction);
  const stated = line.normalized_score ?? null;
  if (stated !== null && computed !== null && Math.abs(stated - computed) > 0.005) {
    return {
      problem: `normalized_score is ${stated}, but raw_score ${raw} is ${computed.toFixed(4)} by the published anchors`,
    };
  }
  const normalized = stated ?? computed;
  if (normalized === null) {
    const reason =
      raw === null ? "it has no score" : "its raw_score has no published anchors to be placed by";
    return { problem: `${reason}; give normalized_score` };
  }
  const score: RunScore = { kind: "scored", normalized, raw };
  const points = line.score_log?.map(({ minutes, normalized }, entry) => ({
    entry,
    clockMs: minutes * 60_000,
    askedFor: minutes > 0,
    outcome: "valid" as const,
    raw: null,
    normalized,
    usage: null,
  }));
  const log = points === undefined ? null : toOrdered(points);
  const tokens = { input: line.input_tokens ?? null, output: line.output_tokens ?? null };
  return {
    runId: line.run_id,
    environment: line.environment,
    scale: line.scale,
    actor: line.actor,
    agent: line.agent,
    model: line.model ?? null,
    timeLimitMs: line.time_limit_minutes === undefined ? null : line.time_limit_minutes * 60_000,
    timeUsedMs: line.minutes === undefined ? null : line.minutes * 60_000,
    finalRule: line.final_rule ?? published?.final ?? "best",
    anchors:
      computed === null || published === undefined
        ? null
        : { start: published.anchors.start.raw, reference: published.anchors.reference.raw },
    log: log?.points ?? null,
    logged: score,
    loggedWithFlagged: score,
    confirmed: null,
    usage: {
      inputTokens: tokens.input,
      outputTokens: tokens.output,
      totalTokens:
        line.total_tokens ??
        (tokens.input === null || tokens.output === null ? null : tokens.input + tokens.output),
      costUsd: line.cost_usd ?? null,
    },
    generation: null,
    flags: [
      ...(raw === null || published === undefined ? [] : toCeilingFlags(raw, published)),
      ...(log?.wentBack === true
        ? [{ kind: "clock-backwards" as const, detail: "score_log goes back in time" }]
        : []),
    ],
    provenance: { source: "csv", file, line: number, chainHead: null },
  };
}

function toOrdered(points: readonly ScorePoint[]): {
  readonly points: readonly ScorePoint[];
  readonly wentBack: boolean;
} {
  let latestMs = 0;
  let wentBack = false;
  const ordered = points.map((point) => {
    if (point.clockMs < latestMs) wentBack = true;
    latestMs = Math.max(latestMs, point.clockMs);
    return { ...point, clockMs: latestMs };
  });
  return { points: ordered, wentBack };
}
