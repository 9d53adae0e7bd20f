import type { AgentContext } from "../../run/index.ts";

const filesRead = 100;
const fileCapBytes = 100_000;
const extensions = ["py", "c", "h", "cc", "cpp", "cxx", "hpp", "cu", "cuh", "yaml", "yml", "toml", "json"];
const prunedNames = [
  ".*",
  "test",
  "tests",
  "test_*",
  "*_test.*",
  "__pycache__",
  "node_modules",
  "instructions*",
  "build",
];

/**
 * Reads the small text files of the workspace that may hold constants, path → text, solution files first and then by
 * path. Hidden folders, tests and instructions are left out, and so is what is not UTF-8.
 */
export async function readWorkspaceFiles(context: AgentContext): Promise<ReadonlyMap<string, string>> {
  const { task } = context;
  const solution = new Set(task.solutionFiles.map((file) => file.replace(/^\.\//, "")));
  const paths = (await findPaths(context)).toSorted(
    (a, b) => Number(solution.has(b)) - Number(solution.has(a)) || (a < b ? -1 : 1),
  );
  const files = new Map<string, string>();
  for (const path of paths.slice(0, filesRead)) {
    const file = await context.readFile(`${task.workspace}/${path}`, { maxBytes: fileCapBytes });
    if (file.status === "failed" || file.totalBytes > file.content.byteLength) continue;
    const text = decode(file.content);
    if (text !== null) files.set(path, text);
  }
  return files;
}

async function findPaths(context: AgentContext): Promise<readonly string[]> {
  const any = (test: string, patterns: readonly string[]) =>
    patterns.flatMap((pattern, index) => (index === 0 ? [test, pattern] : ["-o", test, pattern]));
  const wanted = any(
    "-name",
    extensions.map((extension) => `*.${extension}`),
  );
  const find: readonly [string, ...string[]] = [
    ...([
      "find",
      ".",
      "-mindepth",
      "1",
      "-xdev",
      "(",
      ...any("-name", prunedNames),
      ")",
      "-prune",
      "-o",
    ] as const),
    ...["-type", "f", "-size", `-${fileCapBytes}c`, "(", ...wanted, ")", "-print0"],
  ];
  // A second try, should the first have been cut off by a stop of the harness.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const found = await context.exec(find, { timeoutMs: 30_000, cwd: context.task.workspace });
    if (found.status === "interrupted") continue;
    if (found.stdout.truncated)
      await context.note("the workspace has too many files; only some are looked at");
    return found.stdout.text.split("\0").flatMap((path) => (path.startsWith("./") ? [path.slice(2)] : []));
  }
  return [];
}

function decode(content: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}
