import type { Cell } from "../cell.ts";
import { createSandbox } from "../create-sandbox.ts";
import { readResidentBytes } from "../process-table.ts";
import { realSource } from "../real-source.ts";
import { type Sandbox, type SandboxDriver, type SandboxSpec, workspacePath } from "../sandbox.ts";
import { type Jail, openJail } from "./jail.ts";

/** The default driver on Linux: namespaces made by bubblewrap, the same for root and for anyone else. */
export const bubblewrapDriver: SandboxDriver = {
  name: "bubblewrap",
  async openSandbox(spec: SandboxSpec): Promise<Sandbox> {
    const workspace = realSource({ source: spec.workspace, target: workspacePath });
    const jail = await openJail({
      mounts: spec.mounts,
      writable: [{ source: workspace, target: workspacePath }],
      temporary: [],
      network: spec.network,
      ...(spec.gateway === undefined ? {} : { gateway: spec.gateway }),
      limits: spec.limits,
      devices: spec.devices,
      allowNesting: false,
    });
    return createSandbox(toCell(jail, workspace), spec);
  },
};

function toCell(jail: Jail, workspace: string): Cell {
  return {
    driver: "bubblewrap",
    isolation: jail.isolation,
    workspaceOnHost: workspace,
    workspaceInside: workspacePath,
    outputsInside: "/tmp/outputs",
    gatewayUrl: jail.gatewayUrl,
    get lost() {
      return jail.lost;
    },
    spawn: (argv, { cwd, env, stdio }) => jail.spawn(argv, { cwd, env, stdio: [...stdio] }),
    processes: async () => jail.processes().map(({ insidePid, command }) => ({ pid: insidePid, command })),
    killTree: (child) => jail.killTree(child),
    killContents: async () => jail.killContents(),
    get memoryKills() {
      return jail.memoryKills();
    },
    countMemoryKills: async () => jail.memoryKills(),
    watchedMemoryBytes: () =>
      jail.isolation.limits.memoryBytes === "watched"
        ? jail.processes().reduce((sum, { hostPid }) => sum + readResidentBytes(hostPid), 0)
        : null,
    freeze: () => jail.freeze(),
    thaw: () => jail.thaw(),
    destroy: () => jail.kill(),
  };
}
