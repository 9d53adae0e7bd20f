import { lstatSync, readlinkSync } from "node:fs";
import type { NetworkAccess } from "../sandbox.ts";
import type { StagePlan } from "./stage.ts";

/** The program that holds a jail open: it cannot be signalled, traced or read from inside, and reaps orphans. */
export const keeper = ["/usr/bin/env", "--ignore-signal=CHLD", "/.init/sleep", "infinity"];

/** Options of bubblewrap for a jail; passed on a descriptor so that `/proc` shows none of them. */
export function bubblewrapArguments(request: {
  readonly binds: StagePlan["binds"];
  readonly network: NetworkAccess;
  readonly devices: readonly string[];
  /** Folders below `/usr` that must not show: the harness's own, when it is installed there. */
  readonly hidden: readonly string[];
}): string[] {
  return [
    ...["--unshare-user", "--uid", "0", "--gid", "0"],
    ...["--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"],
    ...(request.network === "internet" ? [] : ["--unshare-net"]),
    ...["--die-with-parent", "--new-session", "--as-pid-1"],
    ...systemFolders(),
    ...request.hidden.flatMap((folder) => ["--tmpfs", folder, "--remount-ro", folder]),
    ...["--proc", "/proc", ...deviceFolder(request.devices)],
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
export function systemFolders(): string[] {
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

/** A `/dev` of harmless nodes. Not `--dev`: its second user namespace is one that commands could not enter. */
export function deviceFolder(devices: readonly string[]): string[] {
  const standard = ["null", "zero", "full", "random", "urandom"].map((name) => `/dev/${name}`);
  const links = ["fd", "fd/0", "fd/1", "fd/2"].map((path) => `/proc/self/${path}`);
  const names = ["fd", "stdin", "stdout", "stderr"];
  return [
    ...["--tmpfs", "/dev"],
    ...[...standard, ...devices].flatMap((device) => ["--dev-bind", device, device]),
    ...names.flatMap((name, index) => ["--symlink", links[index] ?? "", `/dev/${name}`]),
  ];
}
