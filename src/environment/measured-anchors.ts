import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { RebenchError } from "../errors/index.ts";
import type { MachineDescription } from "../machine/index.ts";
import type { Anchor, Anchors } from "./anchors.ts";
import { environmentErrors } from "./errors.ts";
import type { Environment, ScaleName } from "./manifest.ts";
import { median, standardDeviation } from "./repeated-scorings.ts";
import { isBetter } from "./score-direction.ts";

/** What measured anchors hold for: other code, scale, machine, torch or models mean other scores. */
export interface AnchorConditions {
  readonly machine: MachineDescription;
  /** Package versions of the toolchain; `torch` is part of the key, all are recorded. */
  readonly versions: Readonly<Record<string, string>>;
  readonly cacheDirectory: string;
  /** Ids of the real models that programs ask, by the name that those ask for; none by default. */
  readonly models?: Readonly<Record<string, string>>;
}

const calibrationSchema = z.object({
  schemaVersion: z.literal(1),
  environment: z.string(),
  environmentSha256: z.string(),
  scale: z.enum(["laptop", "paper"]),
  machine: z.looseObject({ id: z.string(), cpuModel: z.string() }),
  versions: z.record(z.string(), z.string()),
  models: z.record(z.string(), z.string()).default({}),
  measuredAt: z.iso.datetime(),
  /** Raw scores of every scoring, in the order they were made. */
  start: z.array(z.number()).min(1),
  reference: z.array(z.number()).min(1),
});
/** The record of one calibration, as kept in the cache. */
export type Calibration = z.infer<typeof calibrationSchema>;

/** Anchors, or that they have not been measured yet. */
export type AnchorsResult =
  | { readonly status: "found"; readonly anchors: Anchors }
  /** `error` is `ANCHORS_MISSING`; whoever cannot go on without anchors throws it. */
  | { readonly status: "missing"; readonly error: RebenchError };

/** The anchors of one scale: published ones as the manifest has them, measured ones from the cache. */
export async function resolveAnchors(
  environment: Environment,
  scale: ScaleName,
  conditions: AnchorConditions,
): Promise<AnchorsResult> {
  const declared = environment.manifest.scales[scale].anchors;
  if (declared.kind === "published") {
    const { start, reference, source } = declared;
    const anchors: Anchors = {
      start: toPublishedAnchor(start),
      reference: toPublishedAnchor(reference),
      provenance: { kind: "published", source },
    };
    return { status: "found", anchors };
  }
  const calibration = await loadCalibration(environment, scale, conditions);
  if (calibration !== null) return { status: "found", anchors: toAnchors(calibration) };
  const { id } = environment.manifest;
  const error = environmentErrors.ANCHORS_MISSING({ id, scale, machine: conditions.machine.cpuModel });
  return { status: "missing", error };
}

/**
 * Keeps the raw scores of a calibration; a later one of the same conditions replaces it.
 *
 * @param scores.start - Raw scores of the starting solution, one per scoring, at least one.
 * @param scores.reference - The same of the reference solution.
 * @param scores.measuredAt - ISO 8601, UTC.
 * @throws ANCHORS_UNUSABLE when the reference does not score better than the start.
 */
export async function saveMeasuredAnchors(
  environment: Environment,
  scale: ScaleName,
  scores: {
    readonly start: readonly number[];
    readonly reference: readonly number[];
    readonly measuredAt: string;
  },
  conditions: AnchorConditions,
): Promise<Anchors> {
  const { id, score } = environment.manifest;
  const calibration = calibrationSchema.parse({
    schemaVersion: 1,
    environment: id,
    environmentSha256: environment.sha256,
    scale,
    machine: conditions.machine,
    versions: conditions.versions,
    models: conditions.models,
    ...scores,
  });
  const anchors = toAnchors(calibration);
  if (!isBetter(anchors.reference.raw, anchors.start.raw, score.direction)) {
    const reason = `the reference scored ${anchors.reference.raw} ${score.unit}, no better than the start's ${anchors.start.raw}`;
    throw environmentErrors.ANCHORS_UNUSABLE({ id, scale, reason });
  }
  const path = calibrationPath(environment, scale, conditions);
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(calibration, null, 2));
  await rename(draft, path);
  return anchors;
}

/** The calibration that holds under these conditions, or null. A damaged file counts as none. */
export async function loadCalibration(
  environment: Environment,
  scale: ScaleName,
  conditions: AnchorConditions,
): Promise<Calibration | null> {
  const text = await readFile(calibrationPath(environment, scale, conditions), "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return calibrationSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function calibrationPath(environment: Environment, scale: ScaleName, conditions: AnchorConditions): string {
  const torch = conditions.versions.torch ?? "without-torch";
  const models = Object.entries(conditions.models ?? {}).sort();
  const asked = models.length === 0 ? "" : `-models${hash(JSON.stringify(models)).slice(0, 12)}`;
  const name = `${scale}-${environment.sha256.slice(0, 16)}-${conditions.machine.id}-torch${torch}${asked}.json`;
  return join(conditions.cacheDirectory, "anchors", environment.manifest.id, name);
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function toAnchors(calibration: Calibration): Anchors {
  const { machine, measuredAt } = calibration;
  return {
    start: toMeasuredAnchor(calibration.start),
    reference: toMeasuredAnchor(calibration.reference),
    provenance: { kind: "measured", machine: `${machine.id} (${machine.cpuModel})`, measuredAt },
  };
}

/** The median, because one disturbed scoring on a shared machine must not move an anchor. */
function toMeasuredAnchor(values: readonly number[]): Anchor {
  const raw = median(values);
  if (raw === null) throw new Error("a calibration holds at least one scoring of each solution");
  return { raw, n: values.length, standardDeviation: standardDeviation(values) };
}

function toPublishedAnchor(anchor: {
  readonly raw: number;
  readonly n?: number | undefined;
  readonly standardDeviation?: number | undefined;
}): Anchor {
  return { raw: anchor.raw, n: anchor.n ?? null, standardDeviation: anchor.standardDeviation ?? null };
}
