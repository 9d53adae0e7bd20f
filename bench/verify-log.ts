import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BlobStore,
  createRunDirectory,
  type EventBody,
  EventLog,
  loadRunRecord,
  loadRunSummary,
  type RunPaths,
  verifyRun,
} from "../src/run/index.ts";
import { createTestRecord } from "../src/run/testing/fake-run.ts";
import { collectSnapshot, openSnapshotStore, type SnapshotRef } from "../src/scoring/index.ts";
import { type Measurement, timeEach } from "./measurement.ts";

const events = 100_000;
const scorings = 100;
const rounds = 5;

/** How long a reader waits for the longest runs. */
export const verifyLog: Measurement = {
  name: "verify-log",
  question: `how long do opening and verifying take for ${events.toLocaleString("en-US")} events?`,
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), "rebench-bench-"));
    try {
      const paths = await createRunDirectory(folder, createTestRecord(), async () => {});
      const texts = writeLongLog(paths, await takeSnapshots(paths, scorings));
      const opening = await timeEach(rounds, () => loadRunSummary(paths));
      const verifying = await timeEach(rounds, async () => {
        const { holds, checks } = await verifyRun(paths);
        if (!holds) throw new Error(JSON.stringify(checks));
      });
      const mebibytes = Math.round(statSync(paths.events).size / 2 ** 20);
      const bare = await timeEach(rounds, () => {
        const bytes = readFileSync(paths.events);
        bytes.toString("latin1").split("\n");
        createHash("sha256").update(bytes).digest("hex");
      });
      const both = opening.map((ms, round) => (ms + (verifying[round] ?? Number.NaN)) / 1_000);
      return [
        {
          name: "open and verify",
          unit: "s",
          values: both,
          atMost: 3,
          note: `${mebibytes} MiB and ${texts} texts`,
        },
        { name: "· open", unit: "s", values: opening.map((ms) => ms / 1_000), atMost: null },
        { name: "· verify", unit: "s", values: verifying.map((ms) => ms / 1_000), atMost: null },
        {
          name: "floor: lines and one SHA-256",
          unit: "s",
          values: bare.map((ms) => ms / 1_000),
          atMost: null,
          note: "reading the log, splitting it and hashing it once",
        },
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function takeSnapshots(paths: RunPaths, count: number): Promise<readonly SnapshotRef[]> {
  const store = openSnapshotStore(paths.snapshots);
  const limits = { sizeBytes: 2 ** 20, files: 10, visited: 10, depth: 2, pathBytes: 100 };
  const snapshots: SnapshotRef[] = [];
  for (let number = 0; number < count; number += 1) {
    writeFileSync(join(paths.workspace, "solution.py"), `LEVEL = ${number}\n`);
    snapshots.push((await collectSnapshot(paths.workspace, store, limits)).snapshot);
  }
  return snapshots;
}

/**
 * A run as agents make them: question, answer, command, result, a score now and then. One step in ten has a question
 * too long for the log, one in twenty such an output.
 *
 * @returns How many texts lie beside the log.
 */
function writeLongLog(paths: RunPaths, snapshots: readonly SnapshotRef[]): number {
  const { sha256 } = loadRunRecord(paths);
  const blobs = new BlobStore(paths.blobs);
  const beganAt = Date.UTC(2026, 0, 1);
  let at = beganAt;
  let operation = 0;
  let texts = 0;
  using log = EventLog.open({ path: paths.events, firstPrevious: sha256, now: () => at, onEvent: () => {} });
  const append = (body: EventBody): void => {
    at += 200;
    log.append(body);
  };
  const keep = (value: unknown): ReturnType<BlobStore["toPayload"]> => {
    const payload = blobs.toPayload(JSON.stringify(value));
    if ("sha256" in payload) texts += 1;
    return payload;
  };

  append({ type: "run-started", runRecordSha256: sha256 });
  append({ type: "sandbox-opened", isolation: {} });
  append({ type: "clock-started" });
  const steps = Math.floor((events - 5 - 2 * snapshots.length) / 4);
  const between = Math.floor(steps / snapshots.length);
  for (let step = 0; step < steps; step += 1) {
    const question = `step ${step} `.repeat(step % 10 === 0 ? 2_000 : 30);
    append({
      type: "model-requested",
      operation,
      request: keep({ messages: [{ role: "user", text: question }] }),
    });
    append({
      type: "model-responded",
      operation,
      result: keep({ status: "completed", message: { role: "assistant", text: "I try this. ".repeat(40) } }),
      inputTokens: 20_000,
      outputTokens: 200,
      costUsd: 0.02,
    });
    operation += 1;
    const argv = ["bash", "-c", `python train.py --rate ${step}`];
    append({ type: "command-started", operation, request: keep({ argv, timeoutMs: 10_000 }) });
    const text = `epoch ${step}: loss 0.123\n`.repeat(step % 20 === 0 ? 400 : 20);
    append({ type: "command-finished", operation, result: keep({ status: "exited", stdout: text }) });
    operation += 1;
    const snapshot = snapshots[step / between];
    if (snapshot === undefined) continue;
    const entry = step / between;
    append({ type: "score-requested", operation, entry, snapshot, clockMs: at - beganAt - 600 });
    const details = { timedMs: [1.5, 1.6, 1.7] };
    append({
      type: "score-recorded",
      operation,
      entry,
      result: { result: "scored", raw: 5, normalized: 0.5, flag: null, message: "Exact.", details },
      seed: "00",
      durationMs: 900,
      log: { text: "" },
    });
    operation += 1;
  }
  append({ type: "clock-stopped", reason: "time-limit", message: "the time limit was reached" });
  append({ type: "run-ended", reason: "time-limit", message: "the time limit was reached" });
  return texts;
}
