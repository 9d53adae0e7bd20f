import type { ControlGroup } from "../control-group.ts";
import type { IsolationReport } from "../sandbox.ts";
import type { JailSpec } from "./jail.ts";
import { keyFilterMissing } from "./key-filter.ts";

/** @param plain - targets of mounts whose source on the host the mount table shows */
export function reportIsolation(
  spec: JailSpec,
  group: ControlGroup,
  plain: readonly string[],
): IsolationReport {
  const { memoryBytes, processes, cpuCores } = group.enforcement;
  const caveats: string[] = [];
  if (memoryBytes === "none") {
    caveats.push("no control group may be written: memory is watched twice a second, not enforced");
  }
  if (cpuCores === "none") caveats.push("no control group may be written: CPU time is not limited");
  if (plain.length > 0) {
    caveats.push(`the mount table inside shows where on the host these come from: ${plain.join(", ")}`);
  }
  if (keyFilterMissing !== null) {
    caveats.push(`the kernel's key store is open to programs inside: ${keyFilterMissing}`);
  }
  if (spec.network === "gateway" && spec.gateway === undefined) {
    caveats.push("no model gateway is connected: there is no network");
  }
  if (spec.network === "internet") caveats.push("the sandbox shares the network of this machine");
  return {
    driver: "bubblewrap",
    network: spec.network,
    limits: {
      memoryBytes: memoryBytes === "none" ? "watched" : memoryBytes,
      processes: processes === "none" ? "rlimit" : processes,
      cpuCores,
      diskBytes: "watched",
      openFiles: "rlimit",
      outputBytes: "watched",
    },
    freeze: group.canFreeze ? "cgroup" : "signals",
    hidesHostPaths: plain.length === 0,
    caveats,
  };
}
