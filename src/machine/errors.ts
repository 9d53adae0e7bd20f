import { defineErrors } from "../errors/index.ts";

/** What a machine can lack, and what can go wrong with set-up. */
export const machineErrors = defineErrors({
  TOOLCHAIN_MISSING: {
    fault: "platform",
    exitCode: 3,
    message: (d: { cacheDirectory: string }) =>
      `there is no Python environment for this version of rebench in ${d.cacheDirectory}`,
    remedy: () => "run `rebench setup`",
  },
  PYTHON_MISSING: {
    fault: "platform",
    exitCode: 3,
    message: (d: { tried: readonly string[] }) =>
      `no Python from 3.10 to 3.13 was found (${d.tried.length === 0 ? "nothing named python3 on PATH" : d.tried.join("; ")})`,
    remedy: (d: { tried: readonly string[]; installCommand: string }) => `run \`${d.installCommand}\``,
  },
  PYTHON_VENV_MISSING: {
    fault: "platform",
    exitCode: 3,
    message: (d: { python: string; lacks: string }) =>
      `${d.python} cannot make virtual environments: its module ${d.lacks} is missing`,
    remedy: (d: { python: string; lacks: string; installCommand: string }) => `run \`${d.installCommand}\``,
  },
  TOOLCHAIN_STEP_FAILED: {
    fault: "platform",
    exitCode: 3,
    message: (d: { step: string; reason: string }) =>
      `setting up the Python environment failed while ${d.step}: ${d.reason}`,
    remedy: (d: { step: string; reason: string; log: string }) =>
      `read ${d.log}, then run \`rebench setup\` again`,
  },
  PACKAGES_UNREACHABLE: {
    fault: "platform",
    exitCode: 3,
    message: (d: { reason: string }) => `pip could not fetch the pinned Python packages: ${d.reason}`,
    remedy: (d: { reason: string; log: string }) =>
      "connect to the network or point pip at a mirror (`pip config set global.index-url URL`, or " +
      `PIP_FIND_LINKS=FOLDER for wheels on disk), then run \`rebench setup\` again; pip's words are in ${d.log}`,
  },
  DISK_TOO_FULL: {
    fault: "platform",
    exitCode: 3,
    message: (d: { path: string; freeGib: number; neededGib: number }) =>
      `${d.path} has ${d.freeGib.toFixed(1)} GiB free and the Python environment needs ${d.neededGib} GiB`,
    remedy: () => "free some space, or set REBENCH_CACHE to a folder on a larger disk",
  },
  CACHE_NOT_WRITABLE: {
    fault: "platform",
    exitCode: 3,
    message: (d: { path: string; reason: string }) =>
      `the cache folder ${d.path} cannot be written: ${d.reason}`,
    remedy: () => "set REBENCH_CACHE to a folder that you may write to",
  },
  MACHINE_NOT_READY: {
    fault: "caller",
    exitCode: 3,
    message: (d: { missing: readonly string[] }) => `this machine is not ready: ${d.missing.join(", ")}`,
    remedy: () => "see `rebench doctor` for what each means and what to type",
  },
});
