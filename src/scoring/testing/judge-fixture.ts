import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Environment, manifestSchema } from "../../environment/index.ts";
import type { Toolchain } from "../../machine/index.ts";
import type { SandboxLimits } from "../../sandbox/index.ts";

/** For tests: what a judge of a few lines needs to run in a real jail, in a temporary folder. */
export interface JudgeFixture extends Disposable {
  /** Holds `environment/`, `common/`, `assets/`, `snapshot/`. */
  readonly root: string;
  readonly environment: Environment;
  readonly toolchain: Toolchain;
  readonly limits: SandboxLimits;
}

/** What a fixture has other than the usual. */
export interface FixtureOptions {
  readonly scoringTimeoutSeconds?: number;
  readonly limits?: Partial<SandboxLimits>;
}

/** Opens descriptor 3, reads the request, and offers `answer(raw, **changes)` and `send(bytes)`. */
const preamble = `
import json, os, socket, sys, time
channel = socket.socket(fileno=3)
request = json.loads(channel.makefile("rb").readline())
def send(data):
    channel.sendall(data)
def answer(raw, **changes):
    fields = {"requestId": request["requestId"], "result": "scored", "raw": raw, "message": "", "details": {}}
    fields.update(changes)
    send(json.dumps(fields).encode() + b"\\n")
`;

/**
 * An environment whose judge is the given Python, which depends on nothing but the standard library.
 *
 * @param judge - Body of `judge.py`, after a preamble that defines `request`, `answer` and `send`.
 */
export function openJudgeFixture(judge: string, options: FixtureOptions = {}): JudgeFixture {
  const root = mkdtempSync(join(tmpdir(), "judge-"));
  const write = (path: string, content: string) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  write("common/rebench_common/__init__.py", "");
  write("common/rebench_common/judge_main.py", "import runpy, sys\nrunpy.run_path(sys.argv[1])\n");
  write("environment/judge/judge.py", preamble + judge);
  write("assets/held-out.txt", "held out");
  write("snapshot/solution.py", "print('solution')\n");
  return {
    root,
    environment: {
      manifest: toManifest(options.scoringTimeoutSeconds ?? 30),
      directory: join(root, "environment"),
      sha256: "0".repeat(64),
    },
    toolchain: systemToolchain(),
    limits: {
      memoryBytes: 512 << 20,
      processes: 64,
      cpuCores: 2,
      diskBytes: 64 << 20,
      openFiles: 256,
      outputBytes: 1 << 20,
      ...options.limits,
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function toManifest(scoringTimeoutSeconds: number): Environment["manifest"] {
  const scale = {
    resources: { cpus: 2, memoryGib: 1, diskGib: 1, gpus: 0 },
    timeLimitMinutes: 1,
    scoringTimeoutSeconds,
    prepareTimeoutMinutes: 1,
    parameters: { elements: 7 },
    anchors: { kind: "measured-here" },
  };
  return manifestSchema.parse({
    schemaVersion: 1,
    id: "fixture",
    title: "Fixture",
    question: "Does the judge's answer become a result?",
    score: { name: "score", unit: "points", direction: "lower", final: "best", visible: true },
    network: "none",
    solution: { files: ["solution.py"] },
    scales: { laptop: scale, paper: scale },
  });
}

/** The machine's own Python, which every jail shows below `/usr`. */
function systemToolchain(): Toolchain {
  const path = "/usr/local/bin:/usr/bin:/bin";
  const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { env: { PATH: path } })
    .toString()
    .trim();
  return { hostPython: python, python, mounts: [], env: { PATH: path }, versions: {} };
}
