import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { sandboxErrors } from "../errors.ts";
import { afterLines, inheritedDescriptors } from "../inherited-descriptors.ts";
import { readCommand } from "../process-table.ts";
import { quote, systemPath } from "../shell-words.ts";
import { keeper } from "./bubblewrap-arguments.ts";

/** What bubblewrap is started with. */
export interface StartRequest {
  /** Shell lines that put the process into its control group. */
  readonly joinLines: readonly string[];
  readonly stageScript: string;
  /** Host folders to give to {@link owner}. */
  readonly owned: readonly string[];
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  readonly arguments: readonly string[];
  readonly allowNesting: boolean;
  readonly networkIsShared: boolean;
}

/**
 * Builds the stage in a fresh mount namespace, starts bubblewrap on it as a user without privileges, and waits
 * until the keeper runs. The monitor ends when the keeper does.
 *
 * @throws SANDBOX_UNAVAILABLE
 */
export async function startBubblewrap(request: StartRequest): Promise<{
  monitor: ChildProcess;
  keeperPid: number;
  enter: string[];
  plainTargets: string[];
}> {
  const { owner } = request;
  const drop =
    owner === null ? [] : ["setpriv", `--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups", "--"];
  const script = [
    ...request.joinLines.map((line) => `${line} || exit 70`),
    ...request.owned.map((folder) => `chown -hR ${owner?.uid}:${owner?.gid} ${quote(folder)}`),
    request.stageScript,
    "exec 1>/dev/null",
    `exec ${[...drop, "bwrap", "--args", "3", ...keeper].map(quote).join(" ")}`,
  ].join("\n");
  // Without privileges, the stage is built in a user namespace of our own, above bubblewrap's.
  const namespaces = owner === null ? ["--user", "--map-root-user", "--mount"] : ["--mount"];
  const inherited = inheritedDescriptors();
  const [program = "unshare", ...rest] = afterLines(
    [],
    inherited.filter((descriptor) => descriptor > 4),
    ["unshare", ...namespaces, "--propagation", "private", "sh", "-c", script],
  );
  const monitor = spawn(program, rest, {
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
    env: { PATH: systemPath },
    cwd: "/",
    detached: true,
  });
  const failed = new Promise<never>((_, reject) => {
    let complaint = "";
    monitor.stderr?.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(0, 2_000);
    });
    monitor.once("error", (cause) => reject(unavailable(String(cause.message), cause)));
    monitor.once("close", (code, signal) =>
      reject(unavailable(complaint.trim() || `it ended at once (${signal ?? `exit code ${code}`})`)),
    );
  });
  failed.catch(() => {});
  const said = readAll(stream(monitor.stdio[1]));
  const info = readAll(stream(monitor.stdio[4]));
  const options = sink(monitor.stdio[3]);
  options.on("error", () => {});
  options.end(request.arguments.map((argument) => `${argument}\0`).join(""));

  const keeperPid = Number(/"child-pid":\s*(\d+)/.exec(await Promise.race([info, failed]))?.[1]);
  const plainTargets = (await said)
    .split("\n")
    .flatMap((line) => (line.startsWith("plain ") ? [line.slice(6)] : []));
  const namespacesOf = ["-U", "-m", "-p", "-i", "-u", "-C", ...(request.networkIsShared ? [] : ["-n"])];
  const enter = [
    ...drop,
    "nsenter",
    "-t",
    String(keeperPid),
    ...namespacesOf,
    "--preserve-credentials",
    "--",
  ];
  try {
    await Promise.race([keeperRuns(keeperPid), failed]);
    if (!request.allowNesting) await Promise.race([forbidUserNamespaces(request, enter), failed]);
  } catch (error) {
    monitor.kill("SIGKILL");
    throw error;
  }
  return { monitor, keeperPid, enter, plainTargets };
}

/** Returns when bubblewrap has arranged everything and become the keeper; what enters before finds half a jail. */
async function keeperRuns(keeperPid: number): Promise<void> {
  while (!readCommand(keeperPid).startsWith("/.init/")) await delay(1);
}

/**
 * Forbids further user namespaces. A process that enters has every capability of the sandbox's own user namespace
 * until it lays them down; this is the one that does not.
 */
async function forbidUserNamespaces(request: StartRequest, enter: readonly string[]): Promise<void> {
  const script = "echo 0 > /proc/sys/user/max_user_namespaces";
  const [program = "sh", ...rest] = afterLines(
    request.joinLines,
    inheritedDescriptors().filter((descriptor) => descriptor > 2),
    [...enter, "/usr/bin/sh", "-c", script],
  );
  const child = spawn(program, rest, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: systemPath },
    cwd: "/",
    detached: true,
  });
  const complaint = readAll(child.stderr);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0)
    throw unavailable(
      `user namespaces could not be forbidden inside: ${(await complaint).trim() || `exit code ${code}`}`,
    );
}

function unavailable(reason: string, cause?: unknown) {
  const missing = /bwrap.*not found|No such file.*bwrap/i.test(reason);
  const forbidden =
    /unshare.*(not permitted|denied|failed)|user namespace|uid map|mount.*(permission denied)/i.test(reason);
  const remedy = missing
    ? "install it: `sudo apt-get install bubblewrap` (or your distribution's command), or run `rebench setup`"
    : forbidden
      ? "allow user namespaces: `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu, " +
        "`sudo sysctl user.max_user_namespaces=10000` elsewhere, or use `--driver container`"
      : "see what `rebench doctor` says about bubblewrap and user namespaces";
  return sandboxErrors.SANDBOX_UNAVAILABLE({ driver: "bubblewrap", reason, remedy }, cause);
}

function readAll(stream: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      text += chunk;
    });
    stream.once("close", () => resolve(text));
    stream.once("error", () => resolve(text));
  });
}

function stream(end: Readable | Writable | null | undefined): Readable {
  if (end === null || end === undefined || !("read" in end))
    throw new Error("a pipe to bubblewrap is missing");
  return end;
}

function sink(end: Readable | Writable | null | undefined): Writable {
  if (end === null || end === undefined || !("write" in end))
    throw new Error("a pipe to bubblewrap is missing");
  return end;
}
