import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type WrittenRun, writeRunFolder } from "../testing/write-run-folder.ts";
import { readRunFolders } from "./read-run-folders.ts";
import type { RunRow } from "./run-row.ts";
import { toRunTable } from "./run-table.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-folders-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ended = { minute: 60, reason: "time-limit" } as const;

function write(runId: string, run: Partial<WrittenRun> = {}): string {
  return writeRunFolder(folder, { runId, steps: [{ minute: 10, score: 0.5 }], end: ended, ...run });
}

function readOne(run: Partial<WrittenRun>): RunRow {
  const path = write("one", run);
  const { rows, skipped } = toRunTable(readRunFolders([path]));
  expect(skipped).toEqual([]);
  const [row] = rows;
  if (row === undefined) throw new Error("no row");
  return row;
}

describe("readRunFolders", () => {
  test("a run becomes a row with its log, score, usage, waiting time and chain head", () => {
    const row = readOne({
      steps: [
        { modelFrom: 0, minute: 6, outputTokens: 600, costUsd: 0.5 },
        { minute: 10, score: 0.5 },
        { modelFrom: 10, minute: 16, outputTokens: 300, costUsd: 0.25 },
        { minute: 20, invalid: "wrong-answer" },
        { minute: 30, score: 0.25 },
      ],
    });
    expect(row).toMatchObject({
      runId: "one",
      environment: "optimize-kernel",
      scale: "laptop",
      actor: "agent",
      agent: "modular",
      model: "anthropic/example",
      timeLimitMs: 3_600_000,
      timeUsedMs: 3_600_000,
      anchors: { start: 10, reference: 2 },
      logged: { kind: "scored", normalized: 0.5, raw: 6 },
      usage: { inputTokens: 2_000, outputTokens: 900, totalTokens: 2_900, costUsd: 0.75 },
      generation: { waitingMs: 720_000, clockMs: 3_600_000, modelCalls: 2, outputTokens: 900 },
      flags: [],
      provenance: { source: "run-folder", line: null },
    });
    expect(row.provenance.chainHead).toMatch(/^[0-9a-f]{64}$/);
    expect(
      row.log?.map(({ clockMs, outcome, askedFor, normalized, usage }) => [
        clockMs / 60_000,
        outcome,
        askedFor,
        normalized,
        usage?.totalTokens,
      ]),
    ).toEqual([
      [0, "valid", false, 0, 0],
      [10, "valid", true, 0.5, 1_600],
      [20, "invalid", true, null, 2_900],
      [30, "valid", true, 0.25, 2_900],
    ]);
  });

  test("an unknown price makes the cost unknown, not 0", () => {
    const row = readOne({ steps: [{ modelFrom: 0, minute: 6, outputTokens: 1, costUsd: null }] });
    expect(row.usage.costUsd).toBeNull();
  });

  test("flagged entries count only in the score that takes them in, and are named", () => {
    const row = readOne({
      steps: [
        { minute: 1, score: 0.5 },
        { minute: 2, score: 9, flagged: true },
      ],
    });
    expect(row.logged).toMatchObject({ normalized: 0.5 });
    expect(row.loggedWithFlagged).toMatchObject({ normalized: 9 });
    expect(row.flags).toEqual([{ kind: "flagged-entries", detail: "entries 2 beat the plausible limit" }]);
  });

  test("a run that has not ended and one that the platform ended are flagged", () => {
    expect(readOne({ end: null }).flags.map(({ kind }) => kind)).toEqual(["unfinished"]);
    rmSync(join(folder, "one"), { recursive: true });
    const failed = readOne({ end: { minute: 5, reason: "platform-failed" } });
    expect(failed.flags.map(({ kind }) => kind)).toEqual(["platform-failed"]);
  });

  test("a clock that goes back is read as standing still and named", () => {
    const row = readOne({
      steps: [
        { minute: 10, score: 0.1 },
        { minute: 20, score: 0.2, clockMinutes: 5 },
      ],
    });
    expect(row.log?.map(({ clockMs }) => clockMs / 60_000)).toEqual([0, 10, 10]);
    expect(row.flags.map(({ kind }) => kind)).toEqual(["clock-backwards"]);
  });

  test("a torn last line is passed over and named", () => {
    const path = write("torn");
    appendFileSync(join(path, "events.jsonl"), '{"hash":"12');
    const { rows, skipped } = toRunTable(readRunFolders([folder]));
    expect(skipped).toEqual([]);
    expect(rows[0]?.flags.map(({ kind }) => kind)).toEqual(["torn-log"]);
  });

  test("a log cut at a line is a run that has not ended", () => {
    const events = join(write("cut"), "events.jsonl");
    writeFileSync(events, `${readFileSync(events, "utf8").trimEnd().split("\n").slice(0, -1).join("\n")}\n`);
    expect(toRunTable(readRunFolders([folder])).rows[0]?.flags.map(({ kind }) => kind)).toEqual([
      "unfinished",
    ]);
  });

  test("broken runs are skipped by name and reason, the others are read", () => {
    write("good");
    const changed = join(write("changed-score"), "events.jsonl");
    writeFileSync(changed, readFileSync(changed, "utf8").replace('"normalized":0.5', '"normalized":0.9'));
    writeFileSync(join(write("broken-record"), "run.json"), "{");
    rmSync(join(write("lost-record"), "run.json"));
    rmSync(join(write("lost-log"), "events.jsonl"));
    const folderForLog = join(write("folder-for-log"), "events.jsonl");
    rmSync(folderForLog);
    mkdirSync(folderForLog);
    write("untrue", { steps: [{ minute: 1, score: 0.5, normalized: 3 }] });
    mkdirSync(join(folder, "no-run"));
    const { rows, skipped } = toRunTable(readRunFolders([folder]));
    expect(rows.map(({ runId }) => runId)).toEqual(["good"]);
    expect(skipped.map(({ runId, reason }) => [runId, reason.replace(folder, "")])).toEqual([
      ["broken-record", expect.stringContaining("it is not JSON")],
      ["changed-score", expect.stringContaining("was changed after it was written")],
      ["folder-for-log", expect.stringContaining("should be a file and is something else")],
      ["lost-log", expect.stringContaining("the event log is not there")],
      ["lost-record", expect.stringContaining("is not a run record")],
      ["untrue", expect.stringContaining("entry 1 says normalized 3, but its raw score gives 0.5")],
    ]);
  });

  test("the same run given twice counts once and is named", () => {
    const path = write("twice");
    const { rows, skipped } = toRunTable(readRunFolders([folder]), readRunFolders([path]));
    expect(rows).toHaveLength(1);
    expect(skipped[0]?.reason).toContain("the very same run was already read from");
  });

  test("a folder that is not there, or no folder, is ANALYSIS_INPUT_UNREADABLE", () => {
    writeFileSync(join(folder, "file"), "");
    for (const name of ["none", "file"]) {
      expect(() => [...readRunFolders([join(folder, name)])]).toThrow(
        expect.objectContaining({ code: "ANALYSIS_INPUT_UNREADABLE" }),
      );
    }
  });
});
