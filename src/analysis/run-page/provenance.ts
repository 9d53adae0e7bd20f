import type { MachineDescription } from "../../machine/index.ts";
import type { RunRecord, RunSummary } from "../../run/index.ts";
import { formatBytes, formatMoment, formatRaw } from "./format.ts";
import { type Html, html } from "./html.ts";

/** One line about the machine or the making of a page. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/** A machine as readers of a result want it; names no host or user. */
export function toMachineFacts(machine: MachineDescription): readonly Fact[] {
  return [
    { label: "Processor", value: `${machine.cpuModel}, ${machine.cores} cores` },
    { label: "Memory", value: formatBytes(machine.memoryBytes) },
    {
      label: "GPU",
      value:
        machine.gpus
          .map(
            ({ name, memoryMib, driver }) => `${name}, ${formatBytes(memoryMib * 2 ** 20)}, driver ${driver}`,
          )
          .join("; ") || "none",
    },
    { label: "System", value: `${machine.os}, Linux ${machine.kernel}` },
    { label: "Machine id", value: machine.id },
  ];
}

/** Facts as a list of terms. */
export function toFactList(facts: readonly Fact[]): Html {
  return html`<dl>${facts.map(
    ({ label, value }) => html`
<div><dt>${label}</dt><dd>${value}</dd></div>`,
  )}
</dl>`;
}

/** What 0 and 1 stand for, one pair of rows for each set of anchors the runs were scored with. */
export function toAnchorsTable(runs: readonly RunSummary[]): Html {
  const sets = new Map(
    runs.map(({ record }) => [JSON.stringify(record.environment.anchors), record.environment] as const),
  );
  return html`
<div class="scroll" role="region" aria-label="Anchors" tabindex="0">
<table>
<caption><span>Normalized = max(0, (raw − start) / (reference − start)).</span></caption>
<thead><tr>
<th scope="col">Normalized</th>
<th scope="col">Solution</th>
<th scope="col" class="number">Raw, ${runs[0]?.record.environment.score.unit ?? ""}</th>
<th scope="col" class="number">Scorings</th>
<th scope="col" class="number">Std. dev.</th>
<th scope="col">From</th>
</tr></thead>
<tbody>${Array.from(sets.values(), ({ anchors }) => [
    toAnchorRow("0", "starting", anchors.start, anchors),
    toAnchorRow("1", "reference", anchors.reference, anchors),
  ])}
</tbody>
</table>
</div>`;
}

type Anchors = RunRecord["environment"]["anchors"];

function toAnchorRow(
  place: string,
  solution: string,
  anchor: Anchors["start"],
  { provenance }: Anchors,
): Html {
  const source =
    provenance.kind === "published"
      ? provenance.source
      : `measured ${formatMoment(provenance.measuredAt)}, machine ${provenance.machine}`;
  return html`
<tr>
<td>${place}</td>
<th scope="row">${solution}</th>
<td class="number">${formatRaw(anchor.raw)}</td>
<td class="number">${anchor.n ?? "not known"}</td>
<td class="number">${anchor.standardDeviation === null ? "not known" : anchor.standardDeviation.toPrecision(2)}</td>
<td class="message">${source}</td>
</tr>`;
}
