import type { ChildProcess } from "node:child_process";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Cell } from "./cell.ts";
import type { ReadFileResult, WriteFileResult } from "./sandbox.ts";

const helperEnvironment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };
/** A helper that takes longer (a pipe that nobody writes, a frozen disk) is killed. */
const helperTimeoutMs = 60_000;
/** How many outputs are kept inside; older ones are removed, because they fill memory. */
const keptOutputs = 20;

/** Reads one file from inside with the sandbox's own rights. */
export async function readSandboxFile(cell: Cell, path: string, maxBytes: number): Promise<ReadFileResult> {
  const script = [
    'if [ -d "$1" ]; then echo "is a folder" >&2; exit 1; fi',
    'if [ -e "$1" ] && [ ! -f "$1" ]; then echo "is not a regular file" >&2; exit 1; fi',
    'size=$(stat -L -c %s -- "$1") || exit 1',
    `printf '%s\\n' "$size"`,
    'exec head -c "$2" -- "$1"',
  ].join("\n");
  const helper = await runHelper(cell, ["sh", "-c", script, "sh", path, String(maxBytes)], null);
  const border = helper.stdout.indexOf(0x0a);
  if (helper.failure !== null || border < 0)
    return { status: "failed", reason: helper.failure ?? `cannot read ${path}` };
  const content = new Uint8Array(helper.stdout.subarray(border + 1));
  const statedBytes = Number(helper.stdout.subarray(0, border).toString());
  // Files of /proc state no size.
  return { status: "read", content, totalBytes: Math.max(statedBytes, content.length) };
}

/** Writes one file from inside with the sandbox's own rights. */
export async function writeSandboxFile(
  cell: Cell,
  path: string,
  content: string | Uint8Array | Readable,
): Promise<WriteFileResult> {
  const script = 'mkdir -p -- "$2" && exec cat > "$1"';
  const helper = await runHelper(cell, ["sh", "-c", script, "sh", path, dirname(path)], content);
  return helper.failure === null ? { status: "written" } : { status: "failed", reason: helper.failure };
}

/** Stores a command's full output inside. @returns its path there, or null when there is no room for it */
export async function storeOutput(cell: Cell, name: string, content: Readable): Promise<string | null> {
  const path = `${cell.outputsInside}/${name}`;
  const script = [
    'mkdir -p -- "$2" || exit 1',
    `ls -1 -- "$2" | head -n -${keptOutputs} | while read -r old; do rm -f -- "$2/$old"; done`,
    'cat > "$1" || { rm -f -- "$1"; exit 1; }',
  ].join("\n");
  const helper = await runHelper(cell, ["sh", "-c", script, "sh", path, cell.outputsInside], content);
  return helper.failure === null ? path : null;
}

async function runHelper(
  cell: Cell,
  argv: readonly [string, ...string[]],
  input: string | Uint8Array | Readable | null,
): Promise<{ stdout: Buffer; failure: string | null }> {
  const child = cell.spawn(argv, { cwd: cell.workspaceInside, env: helperEnvironment });
  const timer = setTimeout(() => void cell.killTree(child), helperTimeoutMs);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  await feed(child, input);
  const exitCode = await closed;
  clearTimeout(timer);
  const said = Buffer.concat(stderr).toString("utf8").trim().slice(0, 1_000);
  return { stdout: Buffer.concat(stdout), failure: exitCode === 0 ? null : said || "the helper was stopped" };
}

async function feed(child: ChildProcess, input: string | Uint8Array | Readable | null): Promise<void> {
  const { stdin } = child;
  if (stdin === null) return;
  stdin.on("error", () => {});
  if (input === null || typeof input === "string" || input instanceof Uint8Array) {
    stdin.end(input ?? "");
    return;
  }
  // A helper that fails stops reading; its exit code says so.
  await pipeline(input, stdin).catch(() => {});
}
