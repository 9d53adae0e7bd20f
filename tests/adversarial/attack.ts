import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ScoringResult } from "../../src/scoring/index.ts";

const folder = join(import.meta.dirname, "optimize-kernel");
const base = "honest-numpy";

/** Program that makes the workspaces that git cannot hold. */
export const oddFilesMaker = join(folder, "odd-files", "make.py");

const outcome = z.discriminatedUnion("result", [
  z.strictObject({ result: z.literal("invalid"), reasons: z.array(z.string()).min(1) }),
  z.strictObject({ result: z.literal("scored"), atLeastMs: z.number().nonnegative() }),
]);
export type Outcome = z.infer<typeof outcome>;

const expectation = z.strictObject({
  /** Every outcome that is right. No submission may bring about `judge-failed` or `timed-out`. */
  accept: z.array(outcome).min(1),
  why: z.string().min(1),
  /** Files of the base that the attack takes away. */
  removes: z.array(z.string()).default([]),
});

const attack = expectation.extend({
  canary: z.string(),
  /** Changes to the small scale's parameters. */
  parameters: z.record(z.string(), z.number()).default({}),
  /** Memory of one scoring, where the attack is to reach its end soon. */
  memoryGib: z.number().optional(),
});

const oddFiles = z.strictObject({
  canary: z.string(),
  kinds: z.record(z.string(), expectation.extend({ count: z.int().positive().optional() })),
});

/** What one folder of tests/adversarial/optimize-kernel says; see the README there. */
export type Attack = z.infer<typeof attack> & { readonly name: string };
export type OddFiles = z.infer<typeof oddFiles>["kinds"][string] & { readonly kind: string };

/** All folders but `odd-files`. */
export function listAttacks(): readonly Attack[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "odd-files")
    .map(({ name }) => ({ name, ...attack.parse(readExpectations(name)) }));
}

/** All that {@link oddFilesMaker} can make. */
export function listOddFiles(): readonly OddFiles[] {
  const { kinds } = oddFiles.parse(readExpectations("odd-files"));
  return Object.entries(kinds).map(([kind, expected]) => ({ kind, ...expected }));
}

function readExpectations(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name, "expect.json"), "utf8"));
}

/** Makes the workspace to score: the honest base with the files of an attack over it. */
export async function layOut(workspace: string, removes: readonly string[], name = base): Promise<void> {
  await mkdir(workspace, { recursive: true });
  for (const source of [base, name]) await cp(join(folder, source), workspace, { recursive: true });
  for (const file of [...removes, "expect.json"]) await rm(join(workspace, file));
}

/** Sizes differ by 2 % within a scoring, and times are scaled by them. */
const rounding = 0.95;

/** Whether a result is one of those that are right. Raw scores are natural logarithms of milliseconds. */
export function isAccepted(result: ScoringResult, accept: readonly Outcome[]): boolean {
  return accept.some((right) => {
    if (right.result === "invalid")
      return result.result === "invalid" && right.reasons.includes(result.reason);
    return result.result === "scored" && Math.exp(result.raw) >= rounding * right.atLeastMs;
  });
}
