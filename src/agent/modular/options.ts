import { z } from "zod";

/** Options of `modular`; the defaults are the published ones. */
export const modularOptionsSchema = z.strictObject({
  temperature: z.coerce.number().min(0).max(2).default(1).describe("sampling temperature"),
  "max-output-tokens": z.coerce
    .number()
    .int()
    .min(256)
    .default(4_096)
    .describe("tokens of one answer; give reasoning models more"),
  "model-context-tokens": z.coerce
    .number()
    .int()
    .min(16_000)
    .default(200_000)
    .describe("context window of the model; three quarters of it are used, 96,000 of 128,000"),
});
/** See {@link modularOptionsSchema}. */
export type ModularOptions = z.infer<typeof modularOptionsSchema>;

/** Tokens a prompt may have: 150,000 for a window of 200,000, 96,000 for one of 128,000. */
export function contextBudgetTokens(options: ModularOptions): number {
  return Math.floor(options["model-context-tokens"] * 0.75);
}
