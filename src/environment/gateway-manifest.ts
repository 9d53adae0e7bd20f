import { z } from "zod";

/** A trusted Python file in the environment's folder; see docs/gateway.md for what it defines. */
const program = z
  .string()
  .regex(/^[\w-]+(\/[\w-]+)*\.py$/, "a Python file in the environment's folder, such as gateway/coder.py");

const calls = z.int().positive().describe("most completed calls in the phase");

const modelPhase = z.strictObject({
  calls,
  temperature: z
    .tuple([z.number().min(0).max(2), z.number().min(0).max(2)])
    .default([0, 2])
    .describe("least and most; both the same to pin it"),
  inputCharacters: z.int().positive().default(100_000).describe("most characters of one request"),
  maxOutputTokens: z.int().positive().describe("most tokens of one answer"),
  answers: z.int().positive().default(1).describe("most answers to one request, `n` of OpenAI's protocol"),
});

const servicePhase = z.strictObject({ calls });

const modelName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/, "up to 100 letters, digits and ._:/-");
const serviceName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, "lower-case letters, digits and hyphens");

/** What programs of an environment with `network: gateway` reach, at one scale. */
export const gatewayManifestSchema = z.strictObject({
  models: z
    .record(
      modelName,
      z.strictObject({
        program: program.optional().describe("a simulated model: answers instead of a real one"),
        model: z
          .string()
          .regex(/^[^/]+\/.+$/, "write provider/name")
          .optional()
          .describe("a real model, as after `--model`"),
        agent: modelPhase.optional().describe("absent: agents may not ask it"),
        scoring: modelPhase
          .optional()
          .describe("absent: judges and runners may not ask it; counted anew in each scoring"),
        programs: modelPhase
          .optional()
          .describe("absent: the environment's own programs behind the gateway may not ask it"),
      }),
    )
    .default({}),
  services: z
    .record(
      serviceName,
      z.strictObject({ program, agent: servicePhase.optional(), scoring: servicePhase.optional() }),
    )
    .default({}),
  budget: z
    .strictObject({ tokens: z.int().positive().optional(), costUsd: z.number().positive().optional() })
    .default({})
    .describe("most that all models together may use: in a run, and again in each scoring"),
});

/** See {@link gatewayManifestSchema}. */
export type GatewayManifest = z.infer<typeof gatewayManifestSchema>;
