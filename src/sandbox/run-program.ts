import { spawn } from "node:child_process";

/** How a program of the host ended, with all it said. */
export interface ProgramResult {
  /** Null when it did not start or was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program of the host to its end. A failure is a result. It gets a process group of its own, so that Ctrl-C,
 * which goes to the harness's group, does not end it in the middle of its work.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: NodeJS.ProcessEnv },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const chunks: { readonly stdout: Buffer[]; readonly stderr: Buffer[] } = { stdout: [], stderr: [] };
    child.stdout.on("data", (chunk: Buffer) => chunks.stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.stderr.push(chunk));
    const finish = (exitCode: number | null, complaint = ""): void =>
      resolve({
        exitCode,
        stdout: Buffer.concat(chunks.stdout).toString(),
        stderr: Buffer.concat(chunks.stderr).toString() || complaint,
      });
    child.once("error", (error) => finish(null, error.message));
    child.once("close", (code, signal) => finish(code, signal === null ? "" : `killed by ${signal}`));
  });
}
