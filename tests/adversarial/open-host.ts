import { randomBytes } from "node:crypto";
import { describeMachine, locateCache, setupToolchain } from "../../src/machine/index.ts";
import { createSteadyClock, type RunHost } from "../../src/run/index.ts";
import { bubblewrapDriver, createContainerDriver, hostDriver } from "../../src/sandbox/index.ts";

/** This machine as the command line would describe it, without its GPUs: attacks run at laptop scale. */
export async function openHost(): Promise<RunHost> {
  const toolchain = await setupToolchain();
  return {
    machine: await describeMachine(process.env),
    toolchain,
    cacheDirectory: locateCache(process.env),
    drivers: { bubblewrap: bubblewrapDriver, container: createContainerDriver({}), host: hostDriver },
    gpuDevices: [],
    versions: { node: process.versions.node, ...toolchain.versions },
    now: createSteadyClock(Date.now(), () => performance.now()),
    randomBytes: (count) => randomBytes(count),
  };
}
