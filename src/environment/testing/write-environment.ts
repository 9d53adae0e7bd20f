import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A complete manifest for tests; both scales are the same. */
export const exampleManifest = `schemaVersion: 1
id: demo
title: Demo
question: How fast is it?
score:
  name: time
  unit: seconds
  direction: lower
  final: best
  visible: true
network: none
solution:
  files: [solution.py]
scales:
  laptop: &scale
    resources: { cpus: 2, memoryGib: 1, diskGib: 1, gpus: 0 }
    timeLimitMinutes: 2
    scoringTimeoutSeconds: 60
    prepareTimeoutMinutes: 1
    parameters: { size: 5, names: [a, b] }
    anchors: { kind: measured-here }
  paper: *scale
`;

const parts: Readonly<Record<string, string>> = {
  "environment.yaml": exampleManifest,
  "instructions.md": "Make it fast for {{size}} items.\n",
  "README.md": "# Demo\n",
  "prepare.py": "",
  "start/solution.py": "pass\n",
  "reference/solution.py": "pass\n",
  "judge/judge.py": "pass\n",
};

/** A temporary folder of environments, deleted on disposal. */
export interface EnvironmentFolder extends AsyncDisposable {
  /** Holds the one environment `demo`; pass it as a root. */
  readonly root: string;
  /** Writes a file of `demo`; null removes it. */
  write(path: string, content: string | null): Promise<void>;
}

/** Writes the environment `demo` with some files changed. */
export async function writeEnvironment(
  changes: Readonly<Record<string, string | null>> = {},
): Promise<EnvironmentFolder> {
  const root = await mkdtemp(join(tmpdir(), "rebench-environment-"));
  const write = async (path: string, content: string | null) => {
    const absolute = join(root, "demo", path);
    if (content === null) return rm(absolute, { recursive: true });
    await mkdir(dirname(absolute), { recursive: true });
    await writeFile(absolute, content);
  };
  for (const [path, content] of Object.entries({ ...parts, ...changes })) {
    if (content !== null) await write(path, content);
  }
  return { root, write, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
