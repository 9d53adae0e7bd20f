import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Mount } from "../../machine/index.ts";
import { sandboxErrors } from "../errors.ts";
import { realSource } from "../real-source.ts";
import { quote } from "../shell-words.ts";

/**
 * Where the stage is mounted, in a mount namespace of its own that only bubblewrap's outer process lives in. Any
 * folder serves that exists everywhere, that everyone may enter and that holds no source of a mount.
 */
export const stagePath = "/sys";

/** Everything a jail shows, before it is arranged. */
export interface StageRequest {
  readonly readOnly: readonly Mount[];
  readonly writable: readonly Mount[];
  readonly temporary: readonly { readonly target: string; readonly sizeBytes: number }[];
  /** Files below `/etc` by name. */
  readonly etcFiles: Readonly<Record<string, string>>;
  /** The user everything writable belongs to; null when the harness has no privileges to give away. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
}

/** A shell script that builds the stage, and where each target's content then lies on it. */
export interface StagePlan {
  readonly script: string;
  readonly binds: readonly {
    readonly staged: string;
    readonly target: string;
    readonly access: "read-only" | "writable";
  }[];
  /** Folders for overlayfs to work in, one beside each writable folder; made before, removed after. */
  readonly workFolders: readonly string[];
}

/**
 * Plans a stage on which every folder is an overlay over the real one: a mount table shows the path that a bind
 * mount was taken from, and of an overlay only the names it was given. Where the kernel or the file system refuses,
 * the folder is bound plainly and the script prints `plain <target>`.
 *
 * @throws SANDBOX_SOURCE_MISSING, SANDBOX_SOURCE_UNREADABLE
 */
export function planStage(request: StageRequest): StagePlan {
  const owner = request.owner;
  const lines = [
    "set -eu",
    "umask 022",
    `mount -t tmpfs -o size=64m,mode=755 stage ${stagePath}`,
    `cd ${stagePath}`,
    "mkdir etc init empty raw shown link",
    // Not readable, so not inspectable: nothing inside can trace or read the keeper that holds the sandbox open.
    `cp "$(command -v sleep)" init/sleep`,
    owner === null ? "" : `chown ${owner.uid}:${owner.gid} init/sleep`,
    "chmod 0111 init/sleep",
    ...etcLines(request.etcFiles),
  ];
  const binds: StagePlan["binds"][number][] = [
    { staged: `${stagePath}/etc`, target: "/etc", access: "read-only" },
    { staged: `${stagePath}/init`, target: "/.init", access: "read-only" },
  ];
  const workFolders: string[] = [];
  let index = 0;

  for (const mount of request.readOnly) {
    const source = realSource(mount);
    const status = statSync(source);
    const isFolder = status.isDirectory();
    const needed = isFolder ? 0o005 : 0o004;
    if (owner !== null && status.uid !== owner.uid && (status.mode & needed) !== needed) {
      throw sandboxErrors.SANDBOX_SOURCE_UNREADABLE(mount);
    }
    const folder = isFolder ? source : dirname(source);
    lines.push(
      `mkdir raw/${index} shown/${index}`,
      `mount --rbind ${quote(folder)} raw/${index}`,
      `mount -t overlay files -o ro,lowerdir=raw/${index}:empty shown/${index} 2>/dev/null || ` +
        `{ mount --rbind raw/${index} shown/${index}; echo plain ${quote(mount.target)}; }`,
    );
    const staged = `${stagePath}/shown/${index}`;
    binds.push({
      staged: isFolder ? staged : join(staged, basename(source)),
      target: mount.target,
      access: "read-only",
    });
    index += 1;
  }

  for (const mount of request.writable) {
    const source = realSource(mount);
    const work = overlayWorkFolder(source);
    workFolders.push(work);
    const userXattr = owner === null ? "userxattr," : "";
    lines.push(
      `mkdir raw/${index} shown/${index}`,
      // Both folders of an overlay must be reached through one mount: that of their parent.
      `mount --rbind ${quote(dirname(source))} raw/${index}`,
      // Links keep the folder's own name out of the mount table.
      `ln -s ${quote(`../raw/${index}/${basename(source)}`)} link/${index}`,
      `ln -s ${quote(`../raw/${index}/${basename(work)}`)} link/${index}work`,
      `mount -t overlay workspace -o index=off,${userXattr}lowerdir=empty,upperdir=link/${index},workdir=link/${index}work shown/${index} 2>/dev/null || ` +
        `{ mount --bind link/${index}/. shown/${index}; echo plain ${quote(mount.target)}; }`,
    );
    binds.push({ staged: `${stagePath}/shown/${index}`, target: mount.target, access: "writable" });
    index += 1;
  }

  for (const { target, sizeBytes } of request.temporary) {
    const ownership = owner === null ? "" : `,uid=${owner.uid},gid=${owner.gid}`;
    lines.push(
      `mkdir shown/${index}`,
      `mount -t tmpfs -o size=${Math.ceil(sizeBytes)},mode=1777${ownership} temporary shown/${index}`,
    );
    binds.push({ staged: `${stagePath}/shown/${index}`, target, access: "writable" });
    index += 1;
  }
  lines.push("echo staged");

  return {
    script: lines.filter((line) => line !== "").join("\n"),
    // A folder must be there before what is mounted inside it.
    binds: binds.sort((a, b) => a.target.split("/").length - b.target.split("/").length),
    workFolders,
  };
}

/** The folder overlayfs works in for a writable folder: beside it, because it must share its file system. */
function overlayWorkFolder(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.overlay`);
}

function etcLines(files: Readonly<Record<string, string>>): string[] {
  const generated = Object.entries(files).map(([name, text]) => `printf %s ${quote(text)} > etc/${name}`);
  return [
    ...generated,
    "if [ -d /etc/alternatives ]; then cp -dR /etc/alternatives etc/; fi",
    "if [ -e /etc/ld.so.cache ]; then cp /etc/ld.so.cache etc/; fi",
    "if [ -d /etc/ssl/certs ]; then mkdir etc/ssl; cp -dR /etc/ssl/certs etc/ssl/; fi",
  ];
}
