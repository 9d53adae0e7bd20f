import { z } from "zod";

/** Free-form numbers and words a judge keeps for reviewers; never shown to the agent. */
const detailsSchema = z.record(z.string(), z.json());

/** What a judge may answer. Anything else on its descriptor is `judge-failed`. */
export const judgeAnswerSchema = z.discriminatedUnion("result", [
  z.strictObject({
    requestId: z.string(),
    result: z.literal("scored"),
    raw: z.number(),
    /** Best raw score that physics allows for this very scoring; a better one is flagged for review. */
    plausibleLimit: z.number().optional(),
    message: z.string().max(8_000),
    details: detailsSchema,
  }),
  z.strictObject({
    requestId: z.string(),
    result: z.literal("invalid"),
    reason: z.string().regex(/^[a-z][a-z0-9-]*$/),
    message: z.string().max(8_000),
    details: detailsSchema,
  }),
]);
/** See {@link judgeAnswerSchema}. */
export type JudgeAnswer = z.infer<typeof judgeAnswerSchema>;

/**
 * How one scoring ended. `invalid` is the agent's failure; `timed-out` and `judge-failed` are never held
 * against it. Absence of a score is a tag, never a number.
 */
export type ScoringResult =
  | {
      readonly result: "scored";
      readonly raw: number;
      /** `max(0, (raw - start) / (reference - start))`. */
      readonly normalized: number;
      /** Set when the score is better than physics allows; it then needs a person's review. */
      readonly flag: "implausible" | null;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | {
      readonly result: "invalid";
      readonly reason: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly result: "timed-out"; readonly limitSeconds: number; readonly message: string }
  | { readonly result: "judge-failed"; readonly reason: string; readonly message: string };

/** A frozen copy of a workspace. */
export interface SnapshotRef {
  /** SHA-256 of the manifest: names, modes, sizes and content hashes in order; hex. */
  readonly treeSha256: string;
  readonly files: number;
  readonly sizeBytes: number;
}

/** One line of a score log. */
export interface ScoreEntry {
  /** 0 is the starting solution, scored off the clock. */
  readonly index: number;
  /** Clock of the run when the snapshot was taken, in milliseconds. */
  readonly clockMs: number;
  /** Names no files where the workspace was over a cap: the result then says so. */
  readonly snapshot: SnapshotRef;
  readonly result: ScoringResult;
  /** Wall time of the whole scoring, in milliseconds. */
  readonly durationMs: number;
}

/**
 * What the agent is told about one scoring. `recorded` is the constant answer where scores are hidden; `refused` the one
 * past the number of scorings that may be asked for there: nothing was recorded.
 */
export type ScoreReply =
  | {
      readonly status: "scored";
      readonly score: number;
      readonly normalized: number;
      readonly message: string;
    }
  | { readonly status: "invalid"; readonly message: string }
  | { readonly status: "not-scored"; readonly message: string }
  | { readonly status: "recorded"; readonly message: string }
  | { readonly status: "refused"; readonly message: string };
