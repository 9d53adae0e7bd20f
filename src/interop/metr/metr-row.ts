import { z } from "zod";

/** A run id is a number for humans and a text for agents. */
const runId = z.union([z.int(), z.string().min(1)]).transform(String);

/** One line of METR's `runs.jsonl`; columns that say nothing about the run itself are let pass unread. */
export const metrRowSchema = z
  .object({
    run_id: runId,
    task_family: z.string(),
    /** On METR's scale: 0 the starting solution, 1 the mean of its 8-hour human attempts. */
    score: z.number().nonnegative(),
    /** Seconds; 0 for humans, who were given none. */
    time_limit: z.number().nonnegative(),
    /** Milliseconds since 1970 for agents; 0 for humans. */
    started_at: z.number().nonnegative(),
    completed_at: z.number().nonnegative(),
    alias: z.string().min(1),
    model: z.string().min(1),
    dollar_equivalent: z.number().nonnegative().nullable(),
    total_tokens: z.number().nonnegative().nullable(),
  })
  .refine((row) => row.completed_at >= row.started_at, "completed_at is before started_at");

/** See {@link metrRowSchema}. */
export type MetrRow = z.infer<typeof metrRowSchema>;
