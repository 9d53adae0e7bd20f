import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { BlobStore, EventLog, type RunEvent } from "../src/run/index.ts";
import { type Figure, type Measurement, timeEach } from "./measurement.ts";
import { runSteps, type ScriptedRun, startModelServer } from "./scripted-run.ts";

const steps = 300;

/** What the harness adds to each step of an agent whose model and command take no time. */
export const agentStep: Measurement = {
  name: "agent-step",
  question: "what does a step cost: a scripted model over HTTP, then `bash true` in the sandbox?",
  async measure() {
    using server = await startModelServer();
    using run = await runSteps(server.baseUrl, steps, steps);
    const spans = toSpans(run.events);
    return [
      { name: "one step", unit: "ms", values: spans.map(({ total }) => total), atMost: 80 },
      { name: "· model call", unit: "ms", values: spans.map(({ model }) => model), atMost: null },
      { name: "· command", unit: "ms", values: spans.map(({ command }) => command), atMost: null },
      {
        name: "· scaffold and the rest",
        unit: "ms",
        values: spans.map(({ total, model, command }) => total - model - command),
        atMost: null,
      },
      {
        name: "writing its events",
        unit: "ms",
        values: replayWriting(run),
        atMost: null,
        note: "the same events and texts written once more; contained in the parts above",
      },
      ...(await measureFloors(server.baseUrl, run)),
    ];
  },
};

interface Span {
  readonly model: number;
  readonly command: number;
  readonly total: number;
}

/** Milliseconds of each step, from one question to the model to the next. */
export function toSpans(events: readonly RunEvent[]): readonly Span[] {
  const spans: Span[] = [];
  let times: { asked: number; answered?: number; began?: number; ended?: number } | undefined;
  for (const { type, at } of events) {
    if (type === "model-responded" && times !== undefined) times.answered = at;
    if (type === "command-started" && times !== undefined) times.began = at;
    if (type === "command-finished" && times !== undefined) times.ended = at;
    if (type !== "model-requested") continue;
    if (times?.answered !== undefined && times.began !== undefined && times.ended !== undefined) {
      const { asked, answered, began, ended } = times;
      spans.push({ model: answered - asked, command: ended - began, total: at - asked });
    }
    times = { asked: at };
  }
  return spans;
}

/** Milliseconds that the events of each step take to write, on the same file system. */
function replayWriting(run: ScriptedRun): readonly number[] {
  const folder = mkdtempSync(join(run.paths.root, "replay-"));
  const from = new BlobStore(run.paths.blobs);
  const to = new BlobStore(join(folder, "blobs"));
  using log = EventLog.open({
    path: join(folder, "events.jsonl"),
    firstPrevious: "0".repeat(64),
    now: () => performance.now(),
    onEvent: () => {},
  });
  const times: number[] = [];
  let sum: number | undefined;
  for (const { hash: _, previous: __, seq: ___, at: ____, schemaVersion: _____, ...body } of run.events) {
    if (body.type === "model-requested") {
      if (sum !== undefined) times.push(sum);
      sum = 0;
    }
    const texts = [
      ...("request" in body ? [body.request] : []),
      ...("result" in body && ("text" in body.result || "sha256" in body.result) ? [body.result] : []),
    ].map((payload) => from.read(payload));
    const startedAt = performance.now();
    for (const text of texts) to.toPayload(text);
    log.append(body);
    if (sum !== undefined) sum += performance.now() - startedAt;
  }
  rmSync(folder, { recursive: true });
  return times;
}

/** The least that a model call and a command can cost here. */
async function measureFloors(baseUrl: string, run: ScriptedRun): Promise<readonly Figure[]> {
  const request = run.events.filter((event) => event.type === "model-requested").at(steps / 2);
  if (request?.type !== "model-requested") throw new Error("the run asked no model");
  const { messages } = JSON.parse(new BlobStore(run.paths.blobs).read(request.request));
  const body = JSON.stringify({
    model: "scripted",
    stream: true,
    messages: messages.map(({ role, text }: { role: string; text: string }) => ({ role, content: text })),
  });
  const ask = async (): Promise<void> => {
    const answer = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    await answer.text();
  };
  const jail = [
    "--unshare-all",
    "--die-with-parent",
    "--ro-bind",
    "/",
    "/",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
  ];
  return [
    {
      name: "floor: bare HTTP round trip",
      unit: "ms",
      values: await timeEach(200, ask),
      atMost: null,
      note: `fetch, the same server, ${Math.round(body.length / 1024)} KiB`,
    },
    {
      name: "floor: spawn `true`",
      unit: "ms",
      values: await timeEach(100, () => spawnToEnd("true", [])),
      atMost: null,
    },
    {
      name: "floor: spawn `unshare true`",
      unit: "ms",
      values: await timeEach(100, () =>
        spawnToEnd("unshare", ["--user", "--mount", "--pid", "--fork", "true"]),
      ),
      atMost: null,
    },
    {
      name: "peer: a new `bwrap` for each `true`",
      unit: "ms",
      values: await timeEach(100, () => spawnToEnd("bwrap", [...jail, "true"])),
      atMost: null,
    },
  ];
}

async function spawnToEnd(command: string, args: readonly string[]): Promise<void> {
  await once(spawn(command, args, { stdio: "ignore" }), "close");
}
