import { z } from "zod";
import { sha256Schema } from "./recorded-results.ts";

/**
 * Text of an event: short ones stand in the event itself, long ones beside the log under their content hash, so
 * that the log stays quick to read and equal texts are kept once.
 */
export const payloadSchema = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ sha256: sha256Schema, sizeBytes: z.int().nonnegative() }),
]);
/** See {@link payloadSchema}. */
export type Payload = z.infer<typeof payloadSchema>;

/** Longest text, in UTF-8 bytes, that stands in an event. */
export const inlinePayloadBytes = 2_048;
