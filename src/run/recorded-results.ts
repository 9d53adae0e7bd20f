import { z } from "zod";
import { messageSchema } from "../model/index.ts";
import type { ExecResult, ReadFileResult, WriteFileResult } from "../sandbox/index.ts";
import type { ScoringResult, SnapshotRef } from "../scoring/index.ts";
import type { AgentGenerateResult } from "./agent-contract.ts";

// What is read back from a run folder is checked against these before it is trusted as a result.

/** A SHA-256 as this project writes it. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");

const durationMs = z.number().nonnegative();

const captured = z.strictObject({
  text: z.string(),
  totalBytes: z.int().nonnegative(),
  truncated: z.boolean(),
  fullPath: z.string().exactOptional(),
});

const execFields = {
  stdout: captured,
  stderr: captured,
  durationMs,
  stillRunning: z.array(z.strictObject({ pid: z.int(), command: z.string() })),
};

/** How a command ended. */
export const execResultSchema: z.ZodType<ExecResult> = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("exited"), exitCode: z.int(), ...execFields }),
  z.strictObject({ status: z.literal("signaled"), signal: z.string(), ...execFields }),
  z.strictObject({ status: z.literal("timed-out"), exitCode: z.literal(124), ...execFields }),
  z.strictObject({ status: z.literal("cancelled"), ...execFields }),
  z.strictObject({ status: z.literal("limit-exceeded"), limit: z.enum(["memory", "disk"]), ...execFields }),
]);

/** How reading a file ended; its bytes as base64. */
export const readFileRecordSchema = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("read"), base64: z.string(), totalBytes: z.int().nonnegative() }),
  z.strictObject({ status: z.literal("failed"), reason: z.string() }),
]);
/** See {@link readFileRecordSchema}. */
export type ReadFileRecord = z.infer<typeof readFileRecordSchema>;

/** Bytes as text for the record. */
export function toReadFileRecord(result: ReadFileResult): ReadFileRecord {
  return result.status === "failed"
    ? { status: "failed", reason: result.reason }
    : {
        status: "read",
        base64: Buffer.from(result.content).toString("base64"),
        totalBytes: result.totalBytes,
      };
}

/** The inverse of {@link toReadFileRecord}. */
export function toReadFileResult(record: ReadFileRecord): ReadFileResult {
  return record.status === "failed"
    ? record
    : {
        status: "read",
        content: new Uint8Array(Buffer.from(record.base64, "base64")),
        totalBytes: record.totalBytes,
      };
}

/** How writing a file ended. */
export const writeFileResultSchema: z.ZodType<WriteFileResult> = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("written") }),
  z.strictObject({ status: z.literal("failed"), reason: z.string() }),
]);

const tokens = z.int().nonnegative().nullable();

/** How a call of the model ended, as agents see it. */
export const generateResultSchema: z.ZodType<AgentGenerateResult> = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("completed"),
    message: messageSchema.options[2],
    finishReason: z.enum(["stop", "length", "tool-calls", "content-filter", "other"]),
    usage: z.strictObject({ inputTokens: tokens, outputTokens: tokens, cachedInputTokens: tokens }),
    costUsd: z.number().nonnegative().nullable(),
    durationMs,
    servedModel: z.string().nullable(),
    warnings: z.array(z.string()).exactOptional(),
  }),
  z.strictObject({ status: z.literal("refused"), reason: z.literal("over-budget"), message: z.string() }),
]);

const judgeDetails = z.record(z.string(), z.json());

/** How a scoring ended. */
export const scoringResultSchema: z.ZodType<ScoringResult> = z.discriminatedUnion("result", [
  z.strictObject({
    result: z.literal("scored"),
    raw: z.number(),
    normalized: z.number().nonnegative(),
    flag: z.literal("implausible").nullable(),
    message: z.string(),
    details: judgeDetails,
  }),
  z.strictObject({
    result: z.literal("invalid"),
    reason: z.string(),
    message: z.string(),
    details: judgeDetails,
  }),
  z.strictObject({
    result: z.literal("timed-out"),
    limitSeconds: z.number().positive(),
    message: z.string(),
  }),
  z.strictObject({ result: z.literal("judge-failed"), reason: z.string(), message: z.string() }),
]);

/** Which snapshot an entry names. */
export const snapshotRefSchema: z.ZodType<SnapshotRef> = z.strictObject({
  treeSha256: sha256Schema,
  files: z.int().nonnegative(),
  sizeBytes: z.int().nonnegative(),
});
