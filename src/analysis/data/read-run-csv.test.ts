import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseCsv } from "./csv.ts";
import { readRunCsv } from "./read-run-csv.ts";
import { toRunTable } from "./run-table.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-csv-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string) {
  const path = join(folder, "runs.csv");
  writeFileSync(path, text);
  return toRunTable(readRunCsv(path));
}

describe("parseCsv", () => {
  test("any fields come back as they were written", () => {
    const field = fc.oneof(fc.string(), fc.constantFrom('"', ",", "\n", "\r\n", "", 'a"b'));
    fc.assert(
      fc.property(fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), (records) => {
        const text = records
          .map((fields) => fields.map((value) => `"${value.replaceAll('"', '""')}"`).join(","))
          .join("\r\n");
        expect([...parseCsv(text)].map(({ fields }) => fields)).toEqual(records);
      }),
    );
  });

  test("lines are counted through line breaks in fields, and empty lines are no records", () => {
    expect([...parseCsv('\uFEFFa,b\n"x\ny",1\n\nz,2')]).toEqual([
      { line: 1, fields: ["a", "b"] },
      { line: 2, fields: ["x\ny", "1"] },
      { line: 5, fields: ["z", "2"] },
    ]);
  });
});

describe("readRunCsv", () => {
  test("a raw score at paper scale is placed by the published anchors", () => {
    const { rows, skipped } = read(
      "run_id,environment,agent,model,time_limit_minutes,raw_score,score_log,input_tokens,output_tokens,cost_usd\n" +
        "a,optimize-kernel,modular,m,120,0.47,0=0 30=0.5 90=1,10,5,1.5\n",
    );
    expect(skipped).toEqual([]);
    expect(rows[0]).toMatchObject({
      runId: "a",
      scale: "paper",
      actor: "agent",
      timeLimitMs: 7_200_000,
      logged: { kind: "scored", raw: 0.47, normalized: 1 },
      usage: { totalTokens: 15, costUsd: 1.5 },
      provenance: { source: "csv", line: 2 },
    });
    expect(rows[0]?.log?.map(({ clockMs, normalized }) => [clockMs / 60_000, normalized])).toEqual([
      [0, 0],
      [30, 0.5],
      [90, 1],
    ]);
  });

  test("impossible raw scores are kept and flagged", () => {
    const { rows } = read(
      "run_id,environment,raw_score\na,optimize-llm-foundry,1.3\nb,optimize-llm-foundry,4.2\n",
    );
    expect(rows.map(({ flags }) => flags.map(({ kind }) => kind))).toEqual([
      ["impossible-score"],
      ["review-score"],
    ]);
  });

  test("lines that cannot be read are skipped with their number and reason", () => {
    const { rows, skipped } = read(
      "run_id,environment,scale,raw_score,normalized_score,score_log\n" +
        "good,x,laptop,,0.5,\n" +
        "no-score,x,laptop,,,\n" +
        "no-anchors,x,laptop,3,,\n" +
        "two-scores,optimize-kernel,paper,0.47,0.5,\n" +
        "bad-number,x,laptop,abc,,\n" +
        "bad-log,x,laptop,,0.5,5:1\n" +
        "short,x\n" +
        "good,x,laptop,,0.7,\n",
    );
    expect(rows.map(({ runId }) => runId)).toEqual(["good"]);
    expect(skipped.map(({ line, runId, reason }) => [line, runId, reason])).toEqual([
      [3, "no-score", "it has no score; give normalized_score"],
      [4, "no-anchors", expect.stringContaining("no published anchors")],
      [5, "two-scores", expect.stringContaining("raw_score 0.47 is 1.0000")],
      [6, "bad-number", expect.stringContaining("raw_score")],
      [7, "bad-log", expect.stringContaining('"5:1" is not minutes=score')],
      [8, "short", "2 fields where the header names 6"],
      [9, "good", expect.stringContaining("a run of this id was already read")],
    ]);
  });

  test.each([
    ["a missing column", "run_id,raw_score\n", "lacks environment"],
    ["an unknown column", "run_id,environment,costs\n", "names costs"],
    ["a column named twice", "run_id,environment,environment\n", "names environment twice"],
    ["nothing", "", "lacks run_id, environment"],
  ])("%s is TABLE_HEADER_UNUSABLE", (_what, text, problem) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: "TABLE_HEADER_UNUSABLE", message: expect.stringContaining(problem) }),
    );
  });
});
