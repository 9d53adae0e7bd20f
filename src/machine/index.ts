export { locateCache, makeCacheFolder } from "./cache-directory.ts";
export { describeMachine, type MachineDescription } from "./describe-machine.ts";
export { setupDevelopmentTools } from "./development-tools.ts";
export { type DoctorOptions, doctor, isReadyFor, type MachineCheck, type Need } from "./doctor.ts";
export { machineErrors } from "./errors.ts";
export { acquireFileLock, type FileLockOptions } from "./file-lock.ts";
export { findExecutable } from "./find-executable.ts";
export { type Gpu, listGpuDeviceNodes, listGpus } from "./gpus.ts";
export {
  type InstallResult,
  installCommand,
  installSystemParts,
  type SystemPart,
} from "./package-manager.ts";
export { type SystemSetup, setupMachine } from "./setup-machine.ts";
export { type SetupOptions, type SetupProgress, setupToolchain } from "./setup-toolchain.ts";
export type { Mount, Toolchain } from "./toolchain.ts";
export { loadToolchain, type ToolchainOptions } from "./toolchain-store.ts";
