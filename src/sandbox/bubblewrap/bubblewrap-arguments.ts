import { lstatSync, readlinkSync } from "node:fs";
import type { NetworkAccess } from "../sandbox.ts";
import type { StagePlan } from "./stage.ts";

/** The program that holds a jail open: it cannot be signalled, traced or read from inside, and reaps orphans. */
export const keeper = ["/usr/bin/env", "--ignore-signal=CHLD", "/.init/sleep", "infinity"];

const standardDevices = ["null", "zero", "full", "random", "urandom"];

/** Options of bubblewrap for a jail; passed on a descriptor so that `/proc` shows none of them. */
export function bubblewrapArguments(request: {
  readonly binds: StagePlan["binds"];
  readonly network: NetworkAccess;
  readonly devices: readonly string[];
  /** Folders below `/usr` that must not show: the harness's own, when it is installed there. */
  readonly hidden: readonly string[];
}): string[] {
  const devices = [...standardDevices.map((name) => `/dev/${name}`), ...request.devices];
  return [
    ...["--unshare-user", "--uid", "0", "--gid", "0"],
    ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"],
    ...(request.network === "internet" ? [] : ["--unshare-net"]),
    ...["--die-with-parent", "--new-session", "--as-pid-1"],
    ...systemFolders(),
    ...request.hidden.flatMap((folder) => ["--tmpfs", folder, "--remount-ro", folder]),
    ...["--proc", "/proc", "--tmpfs", "/dev"],
    // Not `--dev`: for it bubblewrap makes a second user namespace, which commands could then not enter.
    ...devices.flatMap((device) => ["--dev-bind", device, device]),
    ...["--symlink", "/proc/self/fd", "/dev/fd", "--symlink", "/proc/self/fd/0", "/dev/stdin"],
    ...["--symlink", "/proc/self/fd/1", "/dev/stdout", "--symlink", "/proc/self/fd/2", "/dev/stderr"],
    ...["--dir", "/run", "--dir", "/var", "--symlink", "../tmp", "/var/tmp"],
    ...request.binds.flatMap(({ staged, target, access }) => [
      access === "writable" ? "--bind" : "--ro-bind",
      staged,
      target,
    ]),
    ...["--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"],
    ...["--info-fd", "4"],
  ];
}

/** `/usr`, and what belongs to it at the root: links on most distributions, folders on some. */
function systemFolders(): string[] {
  const roots = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].flatMap((path) => {
    try {
      return lstatSync(path).isSymbolicLink()
        ? ["--symlink", readlinkSync(path), path]
        : ["--ro-bind", path, path];
    } catch {
      return [];
    }
  });
  return ["--ro-bind", "/usr", "/usr", ...roots];
}
