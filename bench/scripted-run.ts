import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import {
  findRunDirectory,
  loadRunRecord,
  type RunEvent,
  type RunPaths,
  readEvents,
} from "../src/run/index.ts";

const root = join(import.meta.dirname, "..");
const program = join(root, "bin", "rebench.js");
const environment = {
  ...process.env,
  REBENCH_ENVIRONMENTS: join(root, "tests", "fixtures", "environments"),
};

/** A run of the real program with a scripted model in a process of its own, stopped after some steps. */
export interface ScriptedRun extends Disposable {
  readonly paths: RunPaths;
  readonly events: readonly RunEvent[];
  /** Resident memory of the harness, with the steps done by then. */
  readonly memory: readonly { readonly steps: number; readonly residentBytes: number }[];
}

/** Serves one answer for ever, `bash true`, over HTTP. */
export async function startModelServer(): Promise<{ readonly baseUrl: string } & Disposable> {
  const folder = mkdtempSync(join(tmpdir(), "rebench-bench-"));
  const script = join(folder, "script.json");
  const text = "I will check that the machine answers before I go on with the next change.";
  const turn = { text, toolCalls: [{ name: "bash", arguments: { command: "true" } }] };
  writeFileSync(script, JSON.stringify({ schemaVersion: 1, atEnd: "repeat-last", steps: [turn] }));
  const server = spawn(process.execPath, [program, "scripted-model", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [baseUrl] = await once(createInterface({ input: server.stdout }), "line");
  return {
    baseUrl: String(baseUrl),
    [Symbol.dispose]() {
      server.kill("SIGKILL");
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Runs the agent `modular` on the test environment until it has done so many steps, then interrupts it in order.
 *
 * @param memoryEvery - Steps between two readings of the harness's memory.
 */
export async function runSteps(baseUrl: string, steps: number, memoryEvery: number): Promise<ScriptedRun> {
  const folder = mkdtempSync(join(tmpdir(), "rebench-bench-"));
  const model = ["--model", "openai-compatible/scripted", "--base-url", baseUrl];
  const harness = spawn(
    process.execPath,
    [program, "run", "quick", "--agent", "modular", ...model, "--time", "2h", "--runs", folder],
    { env: environment, stdio: ["ignore", "ignore", "pipe"] },
  );
  let complaint = "";
  harness.stderr.on("data", (data) => {
    complaint = `${complaint}${data}`.slice(-2_000);
  });
  const ended = once(harness, "exit");
  const memory: ScriptedRun["memory"][number][] = [];
  const counter = new StepCounter(folder);
  let next = 0;
  while (counter.read() < steps) {
    await sleep(50);
    if (harness.exitCode !== null) throw new Error(`the run ended early: ${complaint}`);
    if (counter.read() < next) continue;
    memory.push({ steps: counter.read(), residentBytes: readResidentBytes(harness) });
    next += memoryEvery;
  }
  memory.push({ steps: counter.read(), residentBytes: readResidentBytes(harness) });
  harness.kill("SIGINT");
  await ended;
  const paths = findRunDirectory("last", folder);
  const events = [...readEvents(paths.events, loadRunRecord(paths).sha256)].flatMap((item) =>
    "kind" in item ? [] : [item],
  );
  return { paths, events, memory, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Counts finished commands in the log of the only run in a folder, reading each byte once. */
class StepCounter {
  readonly #folder: string;
  readonly #chunk = Buffer.alloc(1 << 20);
  #file: number | undefined;
  #count = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  read(): number {
    const [name] = readdirSync(this.#folder);
    if (name === undefined) return 0;
    try {
      this.#file ??= openSync(join(this.#folder, name, "events.jsonl"), "r");
    } catch {
      return 0;
    }
    const length = readSync(this.#file, this.#chunk, 0, this.#chunk.length, null);
    this.#count += this.#chunk.toString("latin1", 0, length).split('"type":"command-finished"').length - 1;
    return this.#count;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}

function readResidentBytes(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
