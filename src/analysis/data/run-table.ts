import type { RunRow } from "./run-row.ts";

/** Something that should have been a row and is none. */
export interface SkippedRun {
  readonly file: string;
  /** Line of the file, from 1; null for a run folder. */
  readonly line: number | null;
  /** Null where not even that could be read. */
  readonly runId: string | null;
  readonly reason: string;
}

/** What reading gives, one at a time. */
export type ReadItem =
  | { readonly kind: "row"; readonly row: RunRow }
  | { readonly kind: "skipped"; readonly skipped: SkippedRun };

/** Rows with everything that was left out of them, so that no denominator changes unseen. */
export interface RunTable {
  readonly rows: readonly RunRow[];
  readonly skipped: readonly SkippedRun[];
}

/**
 * Gathers what readers give into one table. Of rows with the same run id the first counts; later ones are
 * skipped, named, and said to be the same or another run.
 */
export function toRunTable(...sources: readonly Iterable<ReadItem>[]): RunTable {
  const rows = new Map<string, RunRow>();
  const skipped: SkippedRun[] = [];
  for (const source of sources) {
    for (const item of source) {
      if (item.kind === "skipped") {
        skipped.push(item.skipped);
        continue;
      }
      const { row } = item;
      const first = rows.get(row.runId);
      if (first === undefined) rows.set(row.runId, row);
      else skipped.push(toDuplicate(row, first));
    }
  }
  return { rows: [...rows.values()], skipped };
}

/** What a reader of results must know about a table as a whole. */
export interface TableNote {
  readonly kind: "mixed-scales" | "mixed-anchors" | "mixed-human-sources" | "unknown-environment";
  readonly environment: string;
  readonly detail: string;
  readonly runIds: readonly string[];
}

/**
 * Names what does not fit together in a table. Nothing is left out: cells are made for one environment and one
 * scale, so other scales never mix into a number, and unknown environments only count where they are asked for.
 *
 * @param knownEnvironments - Ids that have a meaning here.
 */
export function findTableNotes(
  rows: readonly RunRow[],
  knownEnvironments: ReadonlySet<string>,
): readonly TableNote[] {
  const notes: TableNote[] = [];
  for (const [environment, own] of Map.groupBy(rows, (row) => row.environment)) {
    const runIds = own.map(({ runId }) => runId);
    if (!knownEnvironments.has(environment)) {
      notes.push({ kind: "unknown-environment", environment, detail: `${own.length} runs`, runIds });
    }
    const byScale = Map.groupBy(own, (row) => row.scale);
    if (byScale.size > 1) {
      const detail = [...byScale].map(([scale, some]) => `${scale}: ${some.length} runs`).join(", ");
      notes.push({ kind: "mixed-scales", environment, detail, runIds });
    }
    const humans = own.filter(({ actor }) => actor === "human");
    const bySource = Map.groupBy(humans, ({ provenance }) => provenance.source);
    if (bySource.has("metr") && bySource.has("published")) {
      notes.push({
        kind: "mixed-human-sources",
        environment,
        detail: "METR's rows and the published attempts are largely the same people: they count twice",
        runIds: humans.map(({ runId }) => runId),
      });
    }
    for (const [scale, some] of byScale) {
      const byAnchors = Map.groupBy(some, toAnchorText);
      byAnchors.delete("not stated");
      if (byAnchors.size < 2) continue;
      const detail = [...byAnchors].map(([anchors, same]) => `${anchors}: ${same.length} runs`).join("; ");
      notes.push({
        kind: "mixed-anchors",
        environment,
        detail: `${scale}: ${detail}`,
        runIds: some.map(({ runId }) => runId),
      });
    }
  }
  return notes;
}

function toAnchorText({ anchors }: RunRow): string {
  return anchors === null ? "not stated" : `start ${anchors.start}, reference ${anchors.reference}`;
}

function toDuplicate(row: RunRow, first: RunRow): SkippedRun {
  const { file, line, chainHead } = row.provenance;
  const where = `${first.provenance.file}${first.provenance.line === null ? "" : `:${first.provenance.line}`}`;
  const same =
    chainHead === null && first.provenance.chainHead === null
      ? "a run of this id"
      : chainHead === first.provenance.chainHead
        ? "the very same run"
        : "another state of this run";
  return { file, line, runId: row.runId, reason: `${same} was already read from ${where}` };
}
