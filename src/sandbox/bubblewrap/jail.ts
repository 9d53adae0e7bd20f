import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Mount } from "../../machine/index.ts";
import { startClean } from "../clean-start.ts";
import type { ControlGroup } from "../control-group.ts";
import { openControlGroup } from "../control-group.ts";
import { sandboxErrors } from "../errors.ts";
import { Freezer } from "../freezer.ts";
import { type AcceptConnection, type GatewayDoor, openGatewayDoor } from "../gateway-door.ts";
import { startGuard } from "../guard.ts";
import { afterLines, inheritedDescriptors } from "../inherited-descriptors.ts";
import { hasEnded, killTree } from "../process-control.ts";
import {
  describeInside,
  type InsideProcess,
  listHostPids,
  readPidNamespace,
  readProcess,
  sendSignal,
} from "../process-table.ts";
import type { IsolationReport, NetworkAccess, SandboxLimits } from "../sandbox.ts";
import { quote, systemPath } from "../shell-words.ts";
import { bubblewrapArguments } from "./bubblewrap-arguments.ts";
import { keyFilter } from "./key-filter.ts";
import { reportIsolation } from "./report-isolation.ts";
import { planStage } from "./stage.ts";
import { startBubblewrap } from "./start-bubblewrap.ts";

/**
 * The user that sandboxed processes have on the host when the harness is root: never root itself. A number that
 * distributions give to nobody; inside it shows as 0.
 *
 * @see https://systemd.io/UIDS-GIDS/ (60578 to 61183 is unused)
 */
export const sandboxUser = { uid: 60_900, gid: 60_900 } as const;

/** What a jail shows and allows. */
export interface JailSpec {
  readonly mounts: readonly Mount[];
  /** Host folders that are writable inside; they are given to the sandbox's user when the harness is root. */
  readonly writable: readonly Mount[];
  /** Empty writable folders in memory, beside `/tmp`, `/root` and `/dev/shm`, which are always there. */
  readonly temporary: readonly string[];
  readonly network: NetworkAccess;
  /** Takes over connections to the gateway, where `network` is `gateway`. */
  readonly gateway?: AcceptConnection;
  readonly limits: SandboxLimits;
  /** Device nodes of the host, e.g. `/dev/nvidia0`. */
  readonly devices: readonly string[];
  /** True when programs inside may start sandboxes of their own with {@link runnerPrefix}; for judges. */
  readonly allowNesting: boolean;
}

/** How one program in a jail starts. */
export interface JailSpawnOptions {
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder inside. */
  readonly cwd: string;
  /** As for Node's `spawn`; descriptors above 2 reach the program. */
  readonly stdio: StdioOptions;
}

/**
 * A sealed place for processes, held open by a keeper: own mount, process, IPC, host-name, user and (unless it has
 * the internet) network namespaces, no capabilities, limits. It dies with the harness.
 */
export interface Jail extends AsyncDisposable {
  readonly isolation: IsolationReport;
  /** Where programs inside reach the gateway; null where they do not. */
  readonly gatewayUrl: string | null;
  /** Why the jail is gone; null while it stands. */
  readonly lost: string | null;
  /**
   * Starts a program inside. Its standard handle is that of a process outside that waits for it and ends the way
   * it ended: same exit code, same signal.
   */
  spawn(argv: readonly [string, ...string[]], options: JailSpawnOptions): ChildProcess;
  /** Processes inside, the keeper left out. */
  processes(): InsideProcess[];
  /** Kills a program started by {@link spawn} and everything below it; what it had detached goes on. */
  killTree(child: ChildProcess): Promise<void>;
  /** Kills everything inside but the keeper. */
  killContents(): void;
  /** Times the kernel killed a process inside for lack of memory; 0 where no control group counts. */
  memoryKills(): number;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Kills everything inside and removes what was made for it. Safe to call twice. */
  kill(): Promise<void>;
}

/**
 * Opens a jail.
 *
 * @throws SANDBOX_UNAVAILABLE when bubblewrap or user namespaces are missing
 * @throws SANDBOX_SOURCE_MISSING
 */
export async function openJail(spec: JailSpec): Promise<Jail> {
  const owner = process.getuid?.() === 0 ? sandboxUser : null;
  const plan = planStage({
    readOnly: spec.mounts,
    writable: spec.writable,
    temporary: temporaryFolders(spec),
    etcFiles: etcFiles(spec.network),
    owner,
  });
  for (const folder of plan.workFolders) {
    await removeWorkFolder(folder);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (owner !== null) chownSync(folder, owner.uid, owner.gid);
  }
  const group = openControlGroup(spec.limits);
  const joinLines = group.entryFiles.map((file) => `echo $$ > ${quote(file)}`);
  try {
    const started = await startBubblewrap({
      joinLines,
      stageScript: plan.script,
      owned: owner === null ? [] : spec.writable.map((mount) => realpathSync(mount.source)),
      owner,
      arguments: bubblewrapArguments({
        binds: plan.binds,
        network: spec.network,
        devices: spec.devices,
        hidden: hiddenFolders(),
      }),
      allowNesting: spec.allowNesting,
      networkIsShared: spec.network === "internet",
    });
    const door = await openDoor(spec, started, owner !== null);
    return new BubblewrapJail(spec, group, { ...started, joinLines }, plan.workFolders, door);
  } catch (error) {
    await group.remove();
    for (const folder of plan.workFolders) await removeWorkFolder(folder);
    throw error;
  }
}

async function openDoor(
  spec: JailSpec,
  { monitor, keeperPid }: { readonly monitor: ChildProcess; readonly keeperPid: number },
  isRoot: boolean,
): Promise<GatewayDoor | null> {
  if (spec.network !== "gateway" || spec.gateway === undefined) return null;
  const namespaces = isRoot ? ["-n"] : ["-U", "-n", "--preserve-credentials"];
  try {
    return await openGatewayDoor(
      "bubblewrap",
      ["nsenter", "-t", String(keeperPid), ...namespaces, "--"],
      spec.gateway,
    );
  } catch (error) {
    monitor.kill("SIGKILL");
    throw error;
  }
}

interface StartedBubblewrap {
  readonly joinLines: readonly string[];
  readonly monitor: ChildProcess;
  readonly keeperPid: number;
  /** argv up to the program's own wrapper that enters the jail as its user. */
  readonly enter: readonly string[];
  readonly plainTargets: readonly string[];
}

class BubblewrapJail implements Jail {
  readonly isolation: IsolationReport;
  readonly gatewayUrl: string | null;
  lost: string | null = null;
  readonly #door: GatewayDoor | null;
  readonly #spec: JailSpec;
  readonly #group: ControlGroup;
  readonly #started: StartedBubblewrap;
  readonly #workFolders: readonly string[];
  readonly #pidNamespace: string | null;
  readonly #guard: { release(): void };
  readonly #children = new Set<ChildProcess>();
  readonly #inherited = inheritedDescriptors();
  readonly #freezer: Freezer;

  constructor(
    spec: JailSpec,
    group: ControlGroup,
    started: StartedBubblewrap,
    workFolders: readonly string[],
    door: GatewayDoor | null,
  ) {
    this.#spec = spec;
    this.#door = door;
    this.gatewayUrl = door?.url ?? null;
    this.#group = group;
    this.#freezer = new Freezer("bubblewrap", group, () => this.processes());
    this.#started = started;
    this.#workFolders = workFolders;
    this.#pidNamespace = readPidNamespace(started.keeperPid);
    this.#guard = startGuard(`kill -9 ${started.monitor.pid} ${started.keeperPid} 2>/dev/null`, group);
    this.isolation = reportIsolation(spec, group, started.plainTargets);
    started.monitor.once("exit", (code, signal) => {
      this.lost ??= `its keeper ended (${signal ?? `exit code ${code}`})`;
    });
  }

  spawn(argv: readonly [string, ...string[]], options: JailSpawnOptions): ChildProcess {
    if (this.lost !== null) throw sandboxErrors.SANDBOX_LOST({ driver: "bubblewrap", reason: this.lost });
    const { limits, allowNesting } = this.#spec;
    const inside = [
      "setpriv",
      // A nested user namespace that maps user 0 needs this one capability and no other; see user_namespaces(7).
      `--bounding-set=-all${allowNesting ? ",+setfcap" : ""}`,
      ...["--inh-caps=-all", "--ambient-caps=-all", "--no-new-privs", "--"],
      ...keyFilter(),
      ...["prlimit", `--nproc=${limits.processes}`, `--nofile=${limits.openFiles}`],
      ...[`--fsize=${limits.diskBytes}`, "--core=0", "--"],
      ...startClean(argv, options),
    ];
    const given = Array.isArray(options.stdio) ? options.stdio.length : 3;
    const [program = "sh", ...rest] = afterLines(
      this.#started.joinLines,
      this.#inherited.filter((descriptor) => descriptor >= given),
      [...this.#started.enter, ...inside],
    );
    const child = spawn(program, rest, {
      stdio: options.stdio,
      env: { PATH: systemPath },
      cwd: "/",
      detached: true,
    });
    this.#children.add(child);
    child.once("exit", () => this.#children.delete(child));
    return child;
  }

  processes(): InsideProcess[] {
    return this.#hostPids().flatMap((pid) => {
      const record = readProcess(pid);
      const inside = record === null || record.state === "Z" ? null : describeInside(record);
      return inside === null || inside.insidePid === 1 ? [] : [inside];
    });
  }

  async killTree(child: ChildProcess): Promise<void> {
    await killTree(child);
  }

  killContents(): void {
    for (const { hostPid } of this.processes()) sendSignal(hostPid, "SIGKILL");
  }

  memoryKills(): number {
    return this.lost === null ? this.#group.memoryKills() : 0;
  }

  async freeze(): Promise<void> {
    if (this.lost !== null) throw sandboxErrors.SANDBOX_LOST({ driver: "bubblewrap", reason: this.lost });
    await this.#freezer.freeze();
  }

  async thaw(): Promise<void> {
    if (this.lost === null) await this.#freezer.thaw();
  }

  async kill(): Promise<void> {
    const { monitor, keeperPid } = this.#started;
    this.lost ??= "it was destroyed";
    this.#door?.[Symbol.dispose]();
    const ended = hasEnded(monitor) ? null : new Promise((resolve) => monitor.once("exit", resolve));
    const hasGroup = this.#group.folders.every((folder) => existsSync(folder));
    // Before the thaw: what is frozen must not run one step more, and dies of this as it wakes.
    if (hasGroup) for (const pid of this.#hostPids()) sendSignal(pid, "SIGKILL");
    sendSignal(keeperPid, "SIGKILL");
    if (this.#group.canFreeze && hasGroup) await this.#group.thaw();
    await ended;
    // With the keeper the kernel kills its whole process namespace; the waiting processes outside then end too.
    for (const child of this.#children) sendSignal(child.pid ?? 0, "SIGCONT");
    await this.#group.remove();
    this.#guard.release();
    for (const folder of this.#workFolders) await removeWorkFolder(folder);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #hostPids(): number[] {
    const members = this.#group.members();
    if (members !== null) return members;
    return listHostPids().filter((pid) => readPidNamespace(pid) === this.#pidNamespace);
  }
}

function temporaryFolders(spec: JailSpec): { target: string; sizeBytes: number }[] {
  // They live in memory: together they must stay well below the memory limit, or filling them kills the keeper.
  const share = (divisor: number) => Math.min(spec.limits.diskBytes, spec.limits.memoryBytes / divisor);
  return [
    { target: "/tmp", sizeBytes: share(4) },
    { target: "/dev/shm", sizeBytes: share(4) },
    { target: "/root", sizeBytes: share(8) },
    ...spec.temporary.map((target) => ({ target, sizeBytes: share(4 * spec.temporary.length) })),
  ];
}

function etcFiles(network: NetworkAccess): Record<string, string> {
  return {
    passwd: "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n",
    group: "root:x:0:\nnogroup:x:65534:\n",
    hosts: "127.0.0.1 localhost sandbox\n::1 localhost\n",
    hostname: "sandbox\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    ...(network === "internet" ? { "resolv.conf": readFileSync("/etc/resolv.conf", "utf8") } : {}),
  };
}

/** The harness's own folder and the text of its environments, when they are installed where sandboxes look. */
function hiddenFolders(): string[] {
  const packageFolder = realpathSync(`${import.meta.dirname}/../../..`);
  if (!packageFolder.startsWith("/usr/")) return [];
  // As a dependency, rebench has the packages with the text beside it.
  const textFolder = `${packageFolder}/../@stdlib`;
  return existsSync(textFolder) ? [packageFolder, realpathSync(textFolder)] : [packageFolder];
}

const removalAttempts = 250;
const removalPauseMs = 20;

/** Overlayfs leaves an empty folder without permissions in it. In a run folder from strangers it may be a link. */
async function removeWorkFolder(folder: string): Promise<void> {
  const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  // The kernel takes a mount down after the last process has gone, and cleans up in this very folder as it does.
  for (let attempt = 1; isFolder(folder) && attempt <= removalAttempts; attempt += 1) {
    if (attempt > 1) await delay(removalPauseMs);
    try {
      if (isFolder(`${folder}/work`)) chmodSync(`${folder}/work`, 0o700);
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (attempt === removalAttempts) throw error;
    }
  }
}
