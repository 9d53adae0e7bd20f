export { bubblewrapDriver } from "./bubblewrap/bubblewrap-driver.ts";
export { type Jail, type JailSpawnOptions, type JailSpec, openJail } from "./bubblewrap/jail.ts";
export { type RunnerRequest, runnerPrefix } from "./bubblewrap/runner-prefix.ts";
export { buildImage } from "./container/build-image.ts";
export { createContainerDriver, defaultImage } from "./container/container-driver.ts";
export { type Engine, findEngine } from "./container/engine.ts";
export { sandboxErrors } from "./errors.ts";
export { type AcceptConnection, gatewayVariables } from "./gateway-door.ts";
export { hostDriver } from "./host/host-driver.ts";
export type {
  CapturedOutput,
  DriverName,
  Enforcement,
  ExecOptions,
  ExecOutcome,
  ExecResult,
  IsolationReport,
  NetworkAccess,
  ProcessInfo,
  ReadFileResult,
  Sandbox,
  SandboxDriver,
  SandboxLimits,
  SandboxSpec,
  WriteFileResult,
} from "./sandbox.ts";
