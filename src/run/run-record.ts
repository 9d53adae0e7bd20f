import { z } from "zod";
import { modelPriceSchema } from "../model/index.ts";
import { sha256Schema } from "./recorded-results.ts";

/** Version of `run.json` this code writes; a newer one is refused. */
export const runRecordSchemaVersion = 1;

const anchor = z.strictObject({
  raw: z.number(),
  n: z.int().positive().nullable(),
  standardDeviation: z.number().nonnegative().nullable(),
});

const budgetSchema = z.strictObject({
  timeMs: z.number().positive(),
  tokens: z.int().positive().nullable(),
  costUsd: z.number().positive().nullable(),
});
/** What a run may spend; null is no limit. */
export type Budget = z.infer<typeof budgetSchema>;

const modelSchema = z.strictObject({
  id: z.string(),
  baseUrl: z.string().nullable(),
  /** What its tokens were held to cost; null where that was not known. */
  price: modelPriceSchema.nullable(),
});

/** `run.json`: all that is needed to repeat a run, written once before anything happens. */
export const runRecordSchema = z.strictObject({
  schemaVersion: z.literal(runRecordSchemaVersion),
  /** Names the run's folder and stands in commands to type: no spaces, nothing a shell reads. */
  runId: z.string().regex(/^\w[\w.-]*$/),
  createdAt: z.iso.datetime(),
  environment: z.strictObject({
    id: z.string(),
    title: z.string(),
    sha256: sha256Schema,
    scale: z.enum(["laptop", "paper"]),
    score: z.strictObject({
      name: z.string(),
      unit: z.string(),
      direction: z.enum(["lower", "higher"]),
      final: z.enum(["best", "last"]),
      visible: z.boolean(),
    }),
    parameters: z.record(z.string(), z.json()),
    anchors: z.strictObject({
      start: anchor,
      reference: anchor,
      provenance: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("published"), source: z.string() }),
        z.strictObject({ kind: z.literal("measured"), machine: z.string(), measuredAt: z.string() }),
      ]),
    }),
    assets: z.strictObject({ key: z.string(), sha256: sha256Schema }),
    scoringTimeoutSeconds: z.number().positive(),
    solutionFiles: z.array(z.string()),
    /** Makes the solution files from the rest of the workspace; null where they are written by hand. */
    solutionCommand: z.array(z.string()).min(1).nullable().default(null),
    instructions: z.string(),
  }),
  actor: z.enum(["agent", "human", "baseline"]),
  agent: z.strictObject({
    id: z.string(),
    version: z.string(),
    options: z.record(z.string(), z.string()),
  }),
  model: modelSchema.nullable(),
  /** Real models behind the gateway, by the name that programs ask for; simulated ones are the environment's code. */
  gatewayModels: z.record(z.string(), modelSchema).default({}),
  budget: budgetSchema,
  /** Whether scorings cost time on the clock. */
  scoringTime: z.enum(["charged", "free"]),
  snapshotPolicy: z.enum(["all", "improvements", "final"]),
  /** Seeds the agent's own random source; judges take fresh seeds that no one can foresee. */
  seed: z.string(),
  sandbox: z.strictObject({
    driver: z.enum(["bubblewrap", "container", "host"]),
    network: z.enum(["none", "gateway", "internet"]),
    limits: z.strictObject({
      memoryBytes: z.number().positive(),
      processes: z.number().positive(),
      cpuCores: z.number().positive(),
      diskBytes: z.number().positive(),
      openFiles: z.number().positive(),
      outputBytes: z.number().positive(),
    }),
  }),
  machine: z.json(),
  versions: z.record(z.string(), z.string()),
});
/** What a run is; see {@link runRecordSchema}. */
export type RunRecord = z.infer<typeof runRecordSchema>;
