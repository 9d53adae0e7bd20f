import { z } from "zod";
import { payloadSchema } from "./payload.ts";
import { scoringResultSchema, sha256Schema, snapshotRefSchema } from "./recorded-results.ts";

/** Version of the event format this code writes; older ones stay readable, newer ones are refused. */
export const eventSchemaVersion = 1 as const;

const operation = z.int().nonnegative();
const milliseconds = z.number().nonnegative();

const pauseReasonSchema = z.enum(["provider", "scoring", "person", "harness"]);
/** Why a clock may stand still while a run goes on. */
export type PauseReason = z.infer<typeof pauseReasonSchema>;

const endReasonSchema = z.enum([
  "time-limit",
  "token-limit",
  "cost-limit",
  "agent-finished",
  "agent-failed",
  "platform-failed",
]);
/** Why a run is over. `platform-failed` is counted and named, never held against the agent. */
export type EndReason = z.infer<typeof endReasonSchema>;

const bodies = {
  /** First event of every run; ties `run.json` into the chain. */
  "run-started": { runRecordSha256: sha256Schema },
  /** A new process took the run up; time since the event before is not on the clock. */
  "run-resumed": {},
  /** Stopped in order, by a person or because something outside failed; the run can be resumed. */
  "run-interrupted": { message: z.string() },
  "run-ended": { reason: endReasonSchema, message: z.string() },

  /** The environment's solution command, run on the starting solution before entry 0. */
  "start-made": { result: payloadSchema },

  "sandbox-opened": { isolation: z.json() },
  "sandbox-lost": { message: z.string() },

  "clock-started": {},
  "clock-paused": { reason: pauseReasonSchema },
  "clock-resumed": { reason: pauseReasonSchema },
  /** Takes back time that the provider lost in a failed attempt. */
  "clock-credited": { creditMs: milliseconds, reason: pauseReasonSchema },
  /** Written while nothing else is, so that a crash loses little of the clock. */
  "clock-ticked": {},
  /** The agent's time is over; what follows is the last scoring. */
  "clock-stopped": { reason: endReasonSchema, message: z.string() },

  "command-started": { operation, request: payloadSchema },
  "command-finished": { operation, result: payloadSchema },
  "file-read": { operation, request: payloadSchema, result: payloadSchema },
  "file-written": { operation, request: payloadSchema, result: payloadSchema },
  "solution-installed": { operation, request: payloadSchema, result: payloadSchema },
  "note-added": { operation, request: payloadSchema },

  "model-requested": { operation, request: payloadSchema },
  "model-attempt-failed": {
    operation,
    attempt: z.int().positive(),
    fault: z.string(),
    message: z.string(),
    attemptMs: milliseconds,
    waitMs: milliseconds.nullable(),
  },
  "model-responded": {
    operation,
    result: payloadSchema,
    /** Repeated from the result, so that budgets need no payloads. */
    inputTokens: z.int().nonnegative().nullable(),
    outputTokens: z.int().nonnegative().nullable(),
    costUsd: z.number().nonnegative().nullable(),
  },

  /** A program in the sandbox asked the gateway; written when it ended, before the program was answered. */
  "gateway-exchange": {
    /** `start` while the harness made the starting solution: not at the agent's cost. */
    phase: z.enum(["start", "agent"]),
    protocol: z.enum(["openai", "anthropic", "service"]),
    /** Model or service that was asked for; null where the request was no such thing. */
    name: z.string().nullable(),
    status: z.enum(["completed", "served", "refused", "failed", "cancelled"]),
    /** What was passed on; `null` as text where nothing was. */
    request: payloadSchema,
    /** How it ended, and which attempts of the provider failed. */
    result: payloadSchema,
    completedCalls: z.int().nonnegative(),
    inputTokens: z.int().nonnegative().nullable(),
    outputTokens: z.int().nonnegative().nullable(),
    costUsd: z.number().nonnegative().nullable(),
    durationMs: milliseconds,
    /** True when the program had gone before it could be answered. */
    clientGone: z.boolean(),
  },
  /** Refusals after the first thousand are counted, so that asking for nothing fills no disk. */
  "gateway-closed": { unrecordedRefusals: z.int().nonnegative() },

  /**
   * The snapshot is taken and kept. `operation` is null for scorings the agent did not ask for: entry 0 and the
   * one at the end.
   */
  "score-requested": {
    operation: operation.nullable(),
    entry: z.int().nonnegative(),
    snapshot: snapshotRefSchema,
    clockMs: milliseconds,
  },
  /** The agent asked for a score past the number that may be asked for where scores are hidden. */
  "score-refused": { operation },
  "score-recorded": {
    operation: operation.nullable(),
    entry: z.int().nonnegative(),
    result: scoringResultSchema,
    /** Seed the judge was given, hex; null where none was started. */
    seed: z.string().nullable(),
    durationMs: milliseconds,
    log: payloadSchema,
  },
  /** A kept snapshot judged again after the run, with fresh inputs; `batch` joins those of one `confirm`. */
  "entry-rescored": {
    entry: z.int().nonnegative(),
    purpose: z.enum(["rescore", "confirm"]),
    batch: z.string(),
    result: scoringResultSchema,
    seed: z.string().nullable(),
    durationMs: milliseconds,
    log: payloadSchema,
  },
  /** An operation the last process left unfinished: told to the agent, or done again. */
  "operation-recovered": { operation, how: z.enum(["interrupted", "repeated"]) },
} as const;

type Bodies = typeof bodies;
type EventType = keyof Bodies;

const envelope = {
  hash: sha256Schema,
  previous: sha256Schema,
  schemaVersion: z.literal(eventSchemaVersion),
  seq: z.int().nonnegative(),
  /** Milliseconds since 1970, never less than the event before. */
  at: z.number().nonnegative(),
};

const schemas = new Map<string, z.ZodType>(
  Object.entries(bodies).map(([type, body]) => [
    type,
    z.strictObject({ ...envelope, type: z.literal(type), ...body }),
  ]),
);

/** What the writer of an event says; the log adds the envelope. */
export type EventBody = {
  [Type in EventType]: { readonly type: Type } & {
    readonly [Field in keyof Bodies[Type]]: z.infer<Bodies[Type][Field]>;
  };
}[EventType];

/** One line of `events.jsonl`. */
export type RunEvent = EventBody & {
  /** SHA-256 of the line without this field. */
  readonly hash: string;
  /** `hash` of the event before; of `run.json` for the first. */
  readonly previous: string;
  readonly schemaVersion: typeof eventSchemaVersion;
  readonly seq: number;
  readonly at: number;
};

/** The event, or what is wrong with it in one sentence. */
export function parseEvent(
  value: unknown,
): { readonly event: RunEvent } | { readonly problem: string; readonly newerVersion?: number } {
  if (typeof value !== "object" || value === null) return { problem: "not a JSON object" };
  const version = "schemaVersion" in value ? value.schemaVersion : undefined;
  if (typeof version === "number" && version > eventSchemaVersion) {
    return { problem: `schema version ${version} is newer than this program's`, newerVersion: version };
  }
  const type = "type" in value && typeof value.type === "string" ? value.type : undefined;
  const schema = type === undefined ? undefined : schemas.get(type);
  if (schema === undefined) return { problem: `unknown event type ${JSON.stringify(type)}` };
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { problem: `${type}: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "malformed"}` };
  }
  return { event: parsed.data as RunEvent };
}
