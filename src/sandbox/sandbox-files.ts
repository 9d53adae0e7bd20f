import { once } from "node:events";
import { dirname } from "node:path";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { Cell } from "./cell.ts";
import type { PipePool } from "./pipe-pool.ts";
import type { ReadFileResult, WriteFileResult } from "./sandbox.ts";
import { spawnPiped } from "./spawn-piped.ts";

const helperEnvironment = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" };
/** A helper that takes longer (a pipe that nobody writes, a frozen disk) is killed. */
const helperTimeoutMs = 60_000;
/** How many outputs are kept inside; older ones are removed, because they fill memory. */
const keptOutputs = 20;
/**
 * How long after a helper's end its pipes may stay open. Only a process inside that opened them as well, to write what
 * the helper never said, holds them any longer.
 */
const lingerMs = 1_000;
/** Most a helper says on stdout beside a file's content, and on stderr. */
const longestWordsBytes = 4_096;

/** Where helpers run, and the pipes they talk through. */
export interface HelperContext {
  readonly cell: Cell;
  readonly pipes: PipePool;
}

/** Reads one file from inside with the sandbox's own rights. */
export async function readSandboxFile(
  context: HelperContext,
  path: string,
  maxBytes: number,
): Promise<ReadFileResult> {
  const script = [
    'if [ -d "$1" ]; then echo "is a folder" >&2; exit 1; fi',
    'if [ -e "$1" ] && [ ! -f "$1" ]; then echo "is not a regular file" >&2; exit 1; fi',
    'size=$(stat -L -c %s -- "$1") || exit 1',
    `printf '%s\\n' "$size"`,
    'exec head -c "$2" -- "$1"',
  ].join("\n");
  const argv = ["sh", "-c", script, "sh", path, String(maxBytes)] as const;
  const helper = await runHelper(context, argv, null, maxBytes + longestWordsBytes);
  const border = helper.stdout.indexOf(0x0a);
  const statedBytes = Number(helper.stdout.subarray(0, Math.max(0, border)).toString());
  if (helper.failure !== null || border < 0 || !Number.isSafeInteger(statedBytes))
    return { status: "failed", reason: helper.failure ?? `cannot read ${path}` };
  const content = new Uint8Array(helper.stdout.subarray(border + 1, border + 1 + maxBytes));
  // Files of /proc state no size.
  return { status: "read", content, totalBytes: Math.max(statedBytes, content.length) };
}

/** Writes one file from inside with the sandbox's own rights. */
export async function writeSandboxFile(
  context: HelperContext,
  path: string,
  content: string | Uint8Array | Readable,
): Promise<WriteFileResult> {
  const script = 'mkdir -p -- "$2" && exec cat > "$1"';
  const helper = await runHelper(context, ["sh", "-c", script, "sh", path, dirname(path)], content);
  return helper.failure === null ? { status: "written" } : { status: "failed", reason: helper.failure };
}

/** Stores a command's full output inside. @returns its path there, or null when there is no room for it */
export async function storeOutput(
  context: HelperContext,
  name: string,
  content: Readable,
): Promise<string | null> {
  const path = `${context.cell.outputsInside}/${name}`;
  const script = [
    'mkdir -p -- "$2" || exit 1',
    `ls -1 -- "$2" | head -n -${keptOutputs} | while read -r old; do rm -f -- "$2/$old"; done`,
    'cat > "$1" || { rm -f -- "$1"; exit 1; }',
  ].join("\n");
  const helper = await runHelper(
    context,
    ["sh", "-c", script, "sh", path, context.cell.outputsInside],
    content,
  );
  return helper.failure === null ? path : null;
}

/** Processes inside may open a helper's pipes through `/proc` and write there: what comes is bounded. */
async function runHelper(
  { cell, pipes }: HelperContext,
  argv: readonly [string, ...string[]],
  input: string | Uint8Array | Readable | null,
  stdoutBytes = longestWordsBytes,
): Promise<{ stdout: Buffer; failure: string | null }> {
  const { child, stdin, output } = await spawnPiped(cell, pipes, argv, {
    cwd: cell.workspaceInside,
    env: helperEnvironment,
    hasInput: input !== null,
  });
  const timer = setTimeout(() => void cell.killTree(child), helperTimeoutMs);
  const stdout = collect(output.stdout, stdoutBytes);
  const stderr = collect(output.stderr, longestWordsBytes);
  const drained = Promise.all([once(output.stdout, "close"), once(output.stderr, "close")]);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (stdin !== null && input !== null) await feed(stdin, input);
  const exitCode = await ended;
  stdin?.destroy();
  await Promise.race([drained, delay(lingerMs, undefined, { ref: false })]);
  output.stdout.destroy();
  output.stderr.destroy();
  clearTimeout(timer);
  const said = Buffer.concat(stderr).toString("utf8").trim().slice(0, 1_000);
  return { stdout: Buffer.concat(stdout), failure: exitCode === 0 ? null : said || "the helper was stopped" };
}

/** Keeps the first bytes of a stream and reads on past them. */
function collect(stream: Readable, maxBytes: number): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let leftBytes = maxBytes;
  stream.on("data", (chunk: Buffer) => {
    if (leftBytes > 0) chunks.push(chunk.subarray(0, leftBytes));
    leftBytes -= chunk.length;
  });
  return chunks;
}

async function feed(stdin: Writable, input: string | Uint8Array | Readable): Promise<void> {
  stdin.on("error", () => {});
  if (typeof input === "string" || input instanceof Uint8Array) {
    stdin.end(input);
    return;
  }
  // A helper that fails stops reading; its exit code says so.
  await pipeline(input, stdin).catch(() => {});
}
