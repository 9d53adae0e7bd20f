import type { ChildProcess } from "node:child_process";
import { closeSync } from "node:fs";
import type { Socket } from "node:net";
import type { Cell } from "./cell.ts";
import type { PipePool } from "./pipe-pool.ts";

/** A command in a cell with our ends of its standard streams. */
export interface PipedCommand {
  readonly child: ChildProcess;
  readonly stdin: Socket | null;
  readonly output: { readonly stdout: Socket; readonly stderr: Socket };
}

/** Starts a command in a cell with real pipes; without input its stdin is `/dev/null`. */
export async function spawnPiped(
  cell: Cell,
  pipes: PipePool,
  argv: readonly [string, ...string[]],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly hasInput: boolean;
  },
): Promise<PipedCommand> {
  const stdin = options.hasInput ? await pipes.openInput() : null;
  const stdout = await pipes.openOutput();
  const stderr = await pipes.openOutput();
  try {
    const child = cell.spawn(argv, {
      cwd: options.cwd,
      env: options.env,
      stdio: [stdin?.theirs ?? "ignore", stdout.theirs, stderr.theirs],
    });
    return { child, stdin: stdin?.ours ?? null, output: { stdout: stdout.ours, stderr: stderr.ours } };
  } catch (error) {
    for (const pipe of [stdin, stdout, stderr]) pipe?.ours.destroy();
    throw error;
  } finally {
    for (const pipe of [stdin, stdout, stderr]) if (pipe !== null) closeSync(pipe.theirs);
  }
}
