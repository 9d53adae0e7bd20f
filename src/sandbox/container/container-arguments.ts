import { realSource } from "../real-source.ts";
import { type SandboxSpec, workspacePath } from "../sandbox.ts";
import type { Engine } from "./engine.ts";

/**
 * Processes of one user, over all containers, that Podman is asked to allow; each container's own limit is
 * `--pids-limit`. Its default is above what its runtime may set.
 */
const podmanProcesses = 16_384;

/** Arguments of `docker run` or `podman run` for a sandbox. @throws SANDBOX_SOURCE_MISSING */
export function containerArguments(
  engine: Engine,
  spec: SandboxSpec,
  image: string,
  user: { readonly uid: number; readonly gid: number },
  seccompProfile: string | null,
): string[] {
  const { limits } = spec;
  const memory = limits.memoryBytes.toFixed(0);
  const share = (divisor: number) => Math.floor(Math.min(limits.diskBytes, limits.memoryBytes / divisor));
  const temporary = (path: string, sizeBytes: number) => [
    "--tmpfs",
    `${path}:rw,exec,size=${sizeBytes},mode=1777`,
  ];
  const isPodman = engine.name === "podman";
  return [
    ...["run", "--detach", "--hostname", "sandbox", "--workdir", "/"],
    ...["--user", `${user.uid}:${user.gid}`, ...(engine.isRootless ? ["--userns", "keep-id"] : [])],
    ...["--memory", memory, "--memory-swap", memory, "--pids-limit", String(limits.processes)],
    ...["--cpus", String(limits.cpuCores)],
    ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--log-driver", "none"],
    ...(seccompProfile === null ? [] : ["--security-opt", `seccomp=${seccompProfile}`]),
    ...["--read-only", ...(isPodman ? ["--read-only-tmpfs=false"] : [])],
    ...temporary("/tmp", share(4)),
    ...temporary("/root", share(8)),
    ...["--shm-size", String(share(4))],
    ...(spec.network === "internet" ? [] : ["--network", "none", ...(isPodman ? ["--no-hosts"] : [])]),
    // Podman's own defaults may be above what this process may set.
    ...["--ulimit", `nofile=${limits.openFiles}:${limits.openFiles}`, "--ulimit", "core=0:0"],
    ...(isPodman ? ["--ulimit", `nproc=${podmanProcesses}:${podmanProcesses}`] : []),
    ...deviceArguments(engine, spec.devices),
    ...mountArgument(spec.workspace, workspacePath, "writable"),
    ...spec.mounts.flatMap(({ source, target }) => mountArgument(source, target, "read-only")),
    ...["--entrypoint", "", image],
    // The default image has a copy of `sleep` that may be run but not read, so that nothing inside can trace it.
    ...[
      "sh",
      "-c",
      "keeper=/.init/sleep; [ -x $keeper ] || keeper=sleep; exec env -i --ignore-signal=CHLD $keeper infinity",
    ],
  ];
}

function deviceArguments(engine: Engine, devices: readonly string[]): string[] {
  const isNvidia = (device: string) => device.startsWith("/dev/nvidia");
  const others = devices.filter((device) => !isNvidia(device)).flatMap((device) => ["--device", device]);
  if (!devices.some(isNvidia)) return others;
  return [...(engine.name === "docker" ? ["--gpus", "all"] : ["--device", "nvidia.com/gpu=all"]), ...others];
}

function mountArgument(source: string, target: string, access: "read-only" | "writable"): string[] {
  const fields = [
    "type=bind",
    `source=${realSource({ source, target })}`,
    `target=${target}`,
    ...(access === "read-only" ? ["readonly"] : []),
  ];
  return ["--mount", fields.map(toCsvField).join(",")];
}

function toCsvField(field: string): string {
  return /[",\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
