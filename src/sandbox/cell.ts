import type { ChildProcess } from "node:child_process";
import type { DriverName, IsolationReport, ProcessInfo } from "./sandbox.ts";

/** How a command is started in a {@link Cell}. */
export interface CellSpawnOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors of the harness for stdin (or none), stdout and stderr. */
  readonly stdio: readonly [number | "ignore", number, number];
}

/** What a driver supplies; {@link createSandbox} makes the whole interface of a sandbox from it. */
export interface Cell {
  readonly driver: DriverName;
  readonly isolation: IsolationReport;
  readonly workspaceOnHost: string;
  readonly workspaceInside: string;
  /** Folder inside for outputs that were cut; `/tmp/outputs` where the sandbox has a `/tmp` of its own. */
  readonly outputsInside: string;
  /** Where programs inside reach the gateway; null where they do not. */
  readonly gatewayUrl: string | null;
  /** Why the cell is gone; null while it stands. */
  readonly lost: string | null;
  /** Starts a command; the handle is that of a process which ends as the command does. */
  spawn(argv: readonly [string, ...string[]], options: CellSpawnOptions): ChildProcess;
  processes(): Promise<readonly ProcessInfo[]>;
  killTree(child: ChildProcess): Promise<void>;
  /** Kills everything inside but the keeper. */
  killContents(): Promise<void>;
  /** Times a process inside was killed for lack of memory, as last counted. */
  readonly memoryKills: number;
  /** The same, counted now. */
  countMemoryKills(): Promise<number>;
  /** Bytes of memory the contents use, for drivers where only watching limits it; null where something else does. */
  watchedMemoryBytes(): number | null;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  destroy(): Promise<void>;
}
