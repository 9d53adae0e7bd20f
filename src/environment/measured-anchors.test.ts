import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MachineDescription } from "../machine/index.ts";
import { loadEnvironment } from "./load-environment.ts";
import {
  type AnchorConditions,
  loadCalibration,
  resolveAnchors,
  saveMeasuredAnchors,
} from "./measured-anchors.ts";
import { exampleManifest, writeEnvironment } from "./testing/write-environment.ts";

const machine: MachineDescription = {
  id: "0123456789abcdef",
  cpuModel: "Some CPU",
  cores: 2,
  memoryBytes: 2 ** 34,
  gpus: [],
  os: "Linux",
  kernel: "6",
};
const measuredAt = "2026-01-02T03:04:05.000Z";
const scores = { start: [7, 9, 8, 100], reference: [2, 3], measuredAt };

let cacheDirectory: string;
let conditions: AnchorConditions;
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), "rebench-anchors-"));
  conditions = { machine, versions: { torch: "2.13.0", numpy: "2" }, cacheDirectory };
});
afterEach(() => rm(cacheDirectory, { recursive: true }));

async function open(manifest = exampleManifest) {
  await using folder = await writeEnvironment({ "environment.yaml": manifest });
  return await loadEnvironment("demo", { roots: [folder.root] });
}

test("unmeasured anchors are missing, with the command that measures them", async () => {
  const environment = await open();
  expect(await resolveAnchors(environment, "paper", conditions)).toMatchObject({
    status: "missing",
    error: { code: "ANCHORS_MISSING", exitCode: 3, remedy: "run `rebench calibrate demo --scale paper`" },
  });
});

test("measured anchors are medians that one outlier does not move, with n, spread, machine and date", async () => {
  const environment = await open();
  const saved = await saveMeasuredAnchors(environment, "laptop", scores, conditions);
  expect(saved).toEqual({
    start: { raw: 8.5, n: 4, standardDeviation: expect.closeTo(46.0072, 3) },
    reference: { raw: 2.5, n: 2, standardDeviation: expect.closeTo(Math.SQRT1_2, 10) },
    provenance: { kind: "measured", machine: "0123456789abcdef (Some CPU)", measuredAt },
  });
  expect(await resolveAnchors(environment, "laptop", conditions)).toEqual({
    status: "found",
    anchors: saved,
  });
});

test("the record keeps every single score and all versions", async () => {
  const environment = await open();
  await saveMeasuredAnchors(environment, "laptop", scores, conditions);
  expect(await loadCalibration(environment, "laptop", conditions)).toMatchObject({
    ...scores,
    environmentSha256: environment.sha256,
    versions: { torch: "2.13.0", numpy: "2" },
  });
});

test("one scoring has no spread", async () => {
  const once = { start: [3], reference: [1], measuredAt };
  expect(await saveMeasuredAnchors(await open(), "laptop", once, conditions)).toMatchObject({
    start: { n: 1, standardDeviation: null },
  });
});

test("they hold for one scale, machine, torch and code only", async () => {
  const environment = await open();
  await saveMeasuredAnchors(environment, "laptop", scores, conditions);
  const elsewhere = { ...conditions, machine: { ...machine, id: "fedcba9876543210" } };
  const otherTorch = { ...conditions, versions: { torch: "2.14.0" } };
  const otherCode = { ...environment, sha256: "0".repeat(64) };
  expect(await resolveAnchors(environment, "paper", conditions)).toMatchObject({ status: "missing" });
  expect(await resolveAnchors(environment, "laptop", elsewhere)).toMatchObject({ status: "missing" });
  expect(await resolveAnchors(environment, "laptop", otherTorch)).toMatchObject({ status: "missing" });
  expect(await resolveAnchors(otherCode, "laptop", conditions)).toMatchObject({ status: "missing" });
});

test("a reference no better than the start is refused and not kept", async () => {
  const environment = await open();
  const equal = { start: [2], reference: [2], measuredAt };
  await expect(saveMeasuredAnchors(environment, "laptop", equal, conditions)).rejects.toMatchObject({
    code: "ANCHORS_UNUSABLE",
  });
  expect(await readdir(cacheDirectory)).toEqual([]);
});

test("a score that is no number is refused", async () => {
  const nan = { ...scores, start: [Number.NaN] };
  await expect(saveMeasuredAnchors(await open(), "laptop", nan, conditions)).rejects.toThrow();
  await expect(
    saveMeasuredAnchors(await open(), "laptop", { ...scores, start: [] }, conditions),
  ).rejects.toThrow();
});

test("a damaged record counts as none", async () => {
  const environment = await open();
  await saveMeasuredAnchors(environment, "laptop", scores, conditions);
  const folder = join(cacheDirectory, "anchors", "demo");
  for (const name of await readdir(folder)) await writeFile(join(folder, name), '{"schemaVersion": 1');
  expect(await resolveAnchors(environment, "laptop", conditions)).toMatchObject({ status: "missing" });
});

test("published anchors are the manifest's, the same everywhere", async () => {
  const published =
    "{ kind: published, source: a paper, start: { raw: 5, n: 3, standardDeviation: 0.1 }, reference: { raw: 4 } }";
  const environment = await open(exampleManifest.replace("{ kind: measured-here }", published));
  expect(await resolveAnchors(environment, "laptop", conditions)).toEqual({
    status: "found",
    anchors: {
      start: { raw: 5, n: 3, standardDeviation: 0.1 },
      reference: { raw: 4, n: null, standardDeviation: null },
      provenance: { kind: "published", source: "a paper" },
    },
  });
});
