import { fileURLToPath } from "node:url";
import { z } from "zod";
import { normalize } from "../../scoring/index.ts";
import { toCeilingFlags } from "./ceiling-flags.ts";
import { findPublishedEnvironment, type PublishedEnvironment } from "./published-environments.ts";
import type { RunRow, RunScore } from "./run-row.ts";
import type { ReadItem } from "./run-table.ts";
import { readTable } from "./tabular.ts";

/**
 * The published attempts of human experts that ship with this package; `data/README.md` says where they come
 * from.
 */
export const publishedHumanAttempts = fileURLToPath(
  new URL("../../../data/human-attempts.csv", import.meta.url),
);

/** An attempt counts as one of 8 hours from 7 to 10 hours on, both included. */
export const eightHourAttemptMs = { least: 7 * 3_600_000, most: 10 * 3_600_000 } as const;

const columns = { required: ["environment", "minutes", "raw_score"], optional: [] };
const attemptSchema = z.object({
  environment: z.string(),
  minutes: z.coerce.number().positive(),
  raw_score: z.coerce.number(),
});

/**
 * Reads attempts of humans (columns `environment`, `minutes`, `raw_score`) and puts them on the scale of the
 * paper by its anchors. Attempts have no time limit and no score log: only how long they took and where they
 * ended.
 *
 * @throws ANALYSIS_INPUT_UNREADABLE, TABLE_HEADER_UNUSABLE
 */
export function* readHumanAttempts(path: string = publishedHumanAttempts): Generator<ReadItem> {
  for (const { line, fields, problem } of readTable(path, columns)) {
    const skip = (reason: string): ReadItem => ({
      kind: "skipped",
      skipped: { file: path, line, runId: null, reason },
    });
    if (problem !== null) {
      yield skip(problem);
      continue;
    }
    const parsed = attemptSchema.safeParse(fields);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      yield skip(`${issue?.path.join(".") ?? "line"}: ${issue?.message ?? "malformed"}`);
      continue;
    }
    const environment = findPublishedEnvironment(parsed.data.environment);
    if (environment === undefined) {
      yield skip(`${parsed.data.environment} is no environment of the paper, so its scale is not known`);
      continue;
    }
    yield { kind: "row", row: toHumanRow(parsed.data, environment, path, line) };
  }
}

/** True for a human attempt of about 8 hours, as the paper's are. */
export function isEightHourAttempt({ actor, timeUsedMs }: Pick<RunRow, "actor" | "timeUsedMs">): boolean {
  const { least, most } = eightHourAttemptMs;
  return actor === "human" && timeUsedMs !== null && timeUsedMs >= least && timeUsedMs <= most;
}

function toHumanRow(
  attempt: z.infer<typeof attemptSchema>,
  environment: PublishedEnvironment,
  path: string,
  line: number,
): RunRow {
  const { anchors, direction, final } = environment;
  const raw = attempt.raw_score;
  const score: RunScore = { kind: "scored", raw, normalized: normalize(raw, anchors, direction) };
  return {
    runId: `human-attempt-${environment.id}-line-${line}`,
    environment: environment.id,
    scale: "paper",
    actor: "human",
    agent: "human",
    model: null,
    timeLimitMs: null,
    timeUsedMs: attempt.minutes * 60_000,
    finalRule: final,
    anchors: { start: anchors.start.raw, reference: anchors.reference.raw },
    log: null,
    logged: score,
    loggedWithFlagged: score,
    confirmed: null,
    usage: { inputTokens: null, outputTokens: null, totalTokens: null, costUsd: null },
    generation: null,
    flags: toCeilingFlags(raw, environment),
    provenance: { source: "published", file: path, line, chainHead: null },
  };
}
