import type { SandboxLimits } from "../sandbox.ts";
import { deviceFolder, systemFolders } from "./bubblewrap-arguments.ts";

/** What a runner sandbox shows and allows, in paths of the judge's jail. */
export interface RunnerRequest {
  /** Seen at `/workspace`, read-only; the working directory. */
  readonly snapshot: string;
  /** Seen at `/runner`, read-only: the only folder of the judge's side it sees. */
  readonly runner: string;
  /** Further folders or files seen, read-only, at the same path as in the judge's jail: the toolchain. */
  readonly shared: readonly string[];
  /** The whole environment of what runs. */
  readonly env: Readonly<Record<string, string>>;
  readonly devices: readonly string[];
  /** `gateway` leaves it the loopback of the judge's jail, on which nothing but the gateway may listen. */
  readonly network: "none" | "gateway";
  readonly limits: Pick<SandboxLimits, "processes" | "openFiles" | "diskBytes" | "memoryBytes">;
}

/**
 * The start of a command line that runs a program in a sandbox inside a jail opened with `allowNesting`. Ends in
 * `--`. Descriptors above 2 reach the program; killing the process it starts kills everything inside.
 */
export function runnerPrefix(request: RunnerRequest): string[] {
  const { limits } = request;
  const readOnly = (path: string, target = path) => ["--ro-bind", path, target];
  const temporaryBytes = String(Math.ceil(Math.min(limits.diskBytes, limits.memoryBytes / 8)));
  return [
    // Dies first when the judge's memory runs out, so that the judge lives to say so.
    ...["choom", "-n", "1000", "--"],
    // bubblewrap's first process can be read from inside: it must not carry the judge's environment.
    ...["env", "-i", "bwrap"],
    ...["--unshare-user", "--uid", "0", "--gid", "0", "--disable-userns"],
    ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"],
    ...(request.network === "gateway" ? [] : ["--unshare-net"]),
    ...["--hostname", "sandbox", "--die-with-parent", "--new-session"],
    ...["--cap-drop", "ALL"],
    ...systemFolders(),
    ...readOnly("/etc"),
    ...["--proc", "/proc", ...deviceFolder(request.devices)],
    ...["/tmp", "/root", "/dev/shm"].flatMap((path) => ["--size", temporaryBytes, "--tmpfs", path]),
    ...request.shared.flatMap((path) => readOnly(path)),
    ...readOnly(request.snapshot, "/workspace"),
    ...readOnly(request.runner, "/runner"),
    // A read-only /proc: nothing inside can take back that it dies first.
    ...["--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/workspace"],
    "--clearenv",
    ...Object.entries(request.env).flatMap(([name, value]) => ["--setenv", name, value]),
    "--",
    ...["prlimit", `--nproc=${limits.processes}`, `--nofile=${limits.openFiles}`],
    ...[`--fsize=${limits.diskBytes}`, "--core=0", "--"],
  ];
}
