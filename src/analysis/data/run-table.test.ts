import { describe, expect, test } from "vitest";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { findTableNotes, toRunTable } from "./run-table.ts";

describe("toRunTable", () => {
  test("of two runs of one id the first counts, and the other is named as another state of it", () => {
    const at = (chainHead: string) =>
      ({ source: "run-folder", file: `runs/${chainHead}`, line: null, chainHead }) as const;
    const rows = ["aa", "bb"].map((head) => fabricateRow({ runId: "x", provenance: at(head) }));
    const table = toRunTable(rows.map((row) => ({ kind: "row", row })));
    expect(table.rows).toEqual(rows.slice(0, 1));
    expect(table.skipped).toEqual([
      {
        file: "runs/bb",
        line: null,
        runId: "x",
        reason: "another state of this run was already read from runs/aa",
      },
    ]);
  });
});

describe("findTableNotes", () => {
  test("a table of one kind has none", () => {
    expect(findTableNotes([fabricateRow({}), fabricateRow({})], new Set(["optimize-kernel"]))).toEqual([]);
  });

  test("mixed scales, mixed anchors, unknown environments and doubled humans are named with their runs", () => {
    const rows = [
      fabricateRow({ runId: "a" }),
      fabricateRow({ runId: "b", scale: "laptop" }),
      fabricateRow({ runId: "c", anchors: { start: 5, reference: 1 } }),
      fabricateRow({ runId: "d", environment: "made-up" }),
      ...(["metr", "published"] as const).map((source) =>
        fabricateRow({
          runId: source,
          actor: "human",
          environment: "fix-embedding",
          provenance: { source, file: "f", line: 1, chainHead: null },
        }),
      ),
    ];
    const notes = findTableNotes(rows, new Set(["optimize-kernel", "fix-embedding"]));
    expect(notes.map(({ kind, environment, runIds }) => [kind, environment, runIds])).toEqual([
      ["mixed-scales", "optimize-kernel", ["a", "b", "c"]],
      ["mixed-anchors", "optimize-kernel", ["a", "c"]],
      ["unknown-environment", "made-up", ["d"]],
      ["mixed-human-sources", "fix-embedding", ["metr", "published"]],
    ]);
  });
});
