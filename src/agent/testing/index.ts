export { FakeContext, type FakeContextInit, FakeRecord, type Operation } from "./fake-context.ts";
export { type Exec, FakeWorld, type FakeWorldInit, toCompletion, toExecResult } from "./fake-world.ts";
export { replayFromEveryCut, runToEnd } from "./replay.ts";
export { SandboxMachine } from "./sandbox-machine.ts";
