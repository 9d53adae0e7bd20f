export { bubblewrapDriver } from "./bubblewrap/bubblewrap-driver.ts";
export { type Jail, type JailSpawnOptions, type JailSpec, openJail, sandboxUser } from "./bubblewrap/jail.ts";
export { type RunnerRequest, runnerPrefix } from "./bubblewrap/runner-prefix.ts";
export { buildImage } from "./container/build-image.ts";
export { createContainerDriver, defaultImage } from "./container/container-driver.ts";
export { type Engine, findEngine } from "./container/engine.ts";
export { findHierarchies, type Hierarchy } from "./control-group-hierarchies.ts";
export { sandboxErrors } from "./errors.ts";
export { hostDriver } from "./host/host-driver.ts";
export {
  type CapturedOutput,
  type DriverName,
  type Enforcement,
  type ExecOptions,
  type ExecOutcome,
  type ExecResult,
  type IsolationReport,
  type NetworkAccess,
  type ProcessInfo,
  type ReadFileResult,
  type Sandbox,
  type SandboxDriver,
  type SandboxLimits,
  type SandboxSpec,
  type WriteFileResult,
  workspacePath,
} from "./sandbox.ts";
