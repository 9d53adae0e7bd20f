import { z } from "zod";
import { gatewayManifestSchema } from "./gateway-manifest.ts";

const anchor = z.strictObject({
  raw: z.number().describe("raw score in the unit of the environment"),
  n: z.int().positive().optional().describe("scorings behind the number"),
  standardDeviation: z.number().nonnegative().optional(),
});

const anchors = z.discriminatedUnion("kind", [
  z
    .strictObject({ kind: z.literal("measured-here") })
    .describe("measured on each machine by `rebench calibrate`: for environments whose score is a time"),
  z
    .strictObject({
      kind: z.literal("published"),
      start: anchor,
      reference: anchor,
      source: z
        .string()
        .min(1)
        .describe("where the figures come from: a paper, or machine and date of our own calibration"),
    })
    .describe("the same on every machine"),
]);

const scale = z.strictObject({
  resources: z.strictObject({
    cpus: z.number().positive(),
    memoryGib: z.number().positive(),
    diskGib: z.number().positive(),
    gpus: z.int().nonnegative(),
  }),
  timeLimitMinutes: z.number().positive().describe("default budget of a run"),
  scoringTimeoutSeconds: z.number().positive().describe("the harness stops a judge after this"),
  prepareTimeoutMinutes: z.number().positive(),
  parameters: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]),
    )
    .describe("given to prepare and judge, and to the instructions as {{placeholders}}"),
  anchors,
  gateway: gatewayManifestSchema.optional().describe("needed where network is gateway"),
});

/** `environment.yaml`: everything the harness knows about an environment without running it. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens, equal to the folder's name"),
  title: z.string().min(1),
  question: z.string().min(1).describe("what the environment measures, in one sentence"),
  score: z.strictObject({
    name: z.string().min(1),
    unit: z.string().min(1),
    direction: z.enum(["lower", "higher"]).describe("which raw score is better"),
    final: z.enum(["best", "last"]).describe("which entry of the score log is the run's score"),
    visible: z.boolean().describe("whether the agent is told its scores"),
  }),
  network: z.enum(["none", "gateway", "internet"]),
  solution: z.strictObject({
    /** What the agent is to leave behind, relative to the workspace. */
    files: z.array(z.string().min(1)).min(1),
    /** Run in the workspace by `solution:starting` and `solution:reference` before scoring, where files alone are no answer. */
    command: z.array(z.string().min(1)).min(1).optional(),
  }),
  scales: z.strictObject({ laptop: scale, paper: scale }),
});

/** What an `environment.yaml` says. */
export type Manifest = z.infer<typeof manifestSchema>;
/** The sizes an environment is posed at. */
export type ScaleName = keyof Manifest["scales"];
/** What a manifest says about one scale. */
export type ScaleManifest = z.infer<typeof scale>;

/** The solutions that come with an environment: the two ends of its scale. */
export type GivenSolution = "starting" | "reference";

/** An environment read from its folder. */
export interface Environment {
  readonly manifest: Manifest;
  /** Absolute path of `environments/<id>`. */
  readonly directory: string;
  /** SHA-256 over names and contents of every file that can change a score; hex. */
  readonly sha256: string;
}
