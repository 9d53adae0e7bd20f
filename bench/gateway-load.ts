import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepHeapSmall } from "../src/cli/small-heap.ts";
import { type GatewayExchange, openGateway, openLanguageModel, openModelBudget } from "../src/model/index.ts";
import { type Figure, type Measurement, quantile } from "./measurement.ts";

/** Most calls of one load. */
export const mostCalls = 2_000_000;
/** Tokens that the provider charges for each call. */
export const inputTokens = 20;
export const outputTokens = 40;
/** Calls that the gateway has under way at the same time. */
const callsAtOnce = 64;

/** What became of a call, as its client saw it. `broken` is an answer that is wrong, or none. */
export const callEnds = ["none", "answered", "refused", "failed", "gone", "broken"] as const;
export type CallEnd = (typeof callEnds)[number];

/** The call a text names. */
export function callNumberOf(said: string): number {
  return Number(/call (\d+)/.exec(said)?.[1] ?? mostCalls - 1);
}

/** What a load did, counted three times over: by the clients, by the gateway's record, by the provider. */
export interface GatewayLoad {
  readonly calls: number;
  /** How many calls ended in which way. */
  readonly ends: Readonly<Record<CallEnd, number>>;
  readonly seconds: number;
  readonly latenciesMs: readonly number[];
  /** Calls answered to a client that the record does not hold, or holds more than once. */
  readonly lost: number;
  /** Calls that the provider charges other than the record says. */
  readonly wronglyCharged: number;
  /** Tokens of the record. */
  readonly tokens: number;
  readonly failedAttempts: number;
  /** Resident bytes of this process, once a second. */
  readonly residentBytes: readonly number[];
}

/** Puts clients on a gateway in this process; clients and the provider, which fails one call in five, have their own. */
export async function loadGateway(options: {
  readonly clients: number;
  readonly durationMs: number;
  /** Clients stop at the first refusal. */
  readonly tokens?: number;
}): Promise<GatewayLoad> {
  const folder = mkdtempSync(join(tmpdir(), "rebench-gateway-load-"));
  const upstream = start("gateway-upstream.ts", []);
  try {
    const port = await firstLine(upstream);
    const recorded = new Uint8Array(mostCalls);
    const charged = new Uint8Array(mostCalls);
    const residentBytes: number[] = [];
    let tokens = 0;
    let failedAttempts = 0;
    const record = (exchange: GatewayExchange): void => {
      tokens += (exchange.inputTokens ?? 0) + (exchange.outputTokens ?? 0);
      failedAttempts += exchange.failedAttempts.length;
      if (exchange.request?.kind !== "model") return;
      const call = callNumberOf(exchange.request.request.messages.at(-1)?.text ?? "");
      recorded[call] = (recorded[call] ?? 0) + 1;
      charged[call] = (charged[call] ?? 0) + exchange.completedCalls;
    };
    const gateway = openGateway({
      models: new Map([["small", { model: await openUpstream(port), ranges }]]),
      services: new Map(),
      budgets: [openModelBudget({ tokens: { limit: options.tokens ?? 1e12, used: () => tokens } })],
      limits: { callsAtOnce, callsWaiting: options.clients },
      record,
      signal: new AbortController().signal,
      now: () => Date.now(),
    });
    const listener = createServer(gateway.accept);
    await once(listener.listen(0, "127.0.0.1"), "listening");
    const address = listener.address();
    const gatewayPort = typeof address === "object" && address !== null ? address.port : 0;

    const startedAt = performance.now();
    const sampler = setInterval(() => residentBytes.push(process.memoryUsage.rss()), 1_000);
    const endsPath = join(folder, "ends");
    const clients = start("gateway-clients.ts", [
      String(gatewayPort),
      String(options.clients),
      String(options.durationMs),
      String(options.tokens !== undefined),
      endsPath,
    ]);
    const [exitCode] = await once(clients, "exit");
    if (exitCode !== 0) throw new Error(`the clients ended with exit code ${exitCode}`);
    const seconds = (performance.now() - startedAt) / 1_000;
    clearInterval(sampler);
    listener.close();
    await gateway[Symbol.asyncDispose]();
    const answeredPath = join(folder, "answered");
    const ended = once(upstream, "exit");
    upstream.stdin?.write(`${answeredPath}\n`);
    await ended;

    const ends = readFileSync(endsPath);
    const latenciesMs: number[] = JSON.parse(readFileSync(`${endsPath}.latencies`, "utf8"));
    const answered = readFileSync(answeredPath);
    const counts = { none: 0, answered: 0, refused: 0, failed: 0, gone: 0, broken: 0 };
    let lost = 0;
    let wronglyCharged = 0;
    for (let call = 0; call < ends.length; call += 1) {
      const end = callEnds[ends[call] ?? 0] ?? "none";
      counts[end] += 1;
      if (end === "answered" && recorded[call] !== 1) lost += 1;
      if ((charged[call] ?? 0) !== (answered[call] ?? 0)) wronglyCharged += 1;
      if ((charged[call] ?? 0) > 1) wronglyCharged += 1;
    }
    return {
      calls: ends.length,
      ends: counts,
      seconds,
      latenciesMs,
      lost,
      wronglyCharged,
      tokens,
      failedAttempts,
      residentBytes,
    };
  } finally {
    upstream.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Most tokens by which calls under way may pass a budget: their input, for their output is held to what is left. */
export const mostTokensOver = callsAtOnce * inputTokens;

const ranges = { temperature: [0, 1], inputCharacters: 10_000, maxOutputTokens: 100, answers: 1 } as const;

function openUpstream(port: string) {
  return openLanguageModel("openai-compatible/upstream", {
    env: {},
    prices: {},
    baseUrl: `http://127.0.0.1:${port}/v1`,
    limits: { maxAttempts: 12, firstWaitMs: 10, maxWaitMs: 100 },
  });
}

function start(file: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

function readable(child: ChildProcess): NonNullable<ChildProcess["stdout"]> {
  if (child.stdout === null) throw new Error("a child's output is a pipe");
  return child.stdout;
}

async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(readable(child), "data");
  return String(chunk).trim();
}

const clients = 200;
const mib = 2 ** 20;

/** Two hundred clients for a minute, and the end of a budget. */
export const gatewayLoad: Measurement = {
  name: "gateway-load",
  question: `do ${clients} clients for 60 s lose, double or overdraw anything, while one upstream call in five fails?`,
  async measure() {
    // As in a run.
    using _heap = keepHeapSmall();
    const load = await loadGateway({ clients, durationMs: 60_000 });
    const limit = 200_000;
    const spent = await loadGateway({ clients, durationMs: 60_000, tokens: limit });
    const readings = load.residentBytes.map((bytes) => bytes / mib);
    const part = (from: number, to: number) =>
      quantile(
        readings
          .slice(Math.floor(readings.length * from), Math.ceil(readings.length * to))
          .sort((a, b) => a - b),
        0.5,
      );
    const ends = Object.entries(load.ends).map(([end, count]) => `${count} ${end}`);
    const wrong = (name: string, value: number, note = ""): Figure => ({
      name,
      unit: "calls",
      values: [value],
      atMost: 0,
      note,
    });
    return [
      wrong("lost", load.lost + spent.lost, ends.join(", ")),
      wrong("charged otherwise than the provider did", load.wronglyCharged + spent.wronglyCharged),
      wrong("answered wrongly or not at all", load.ends.broken + load.ends.failed + spent.ends.broken),
      {
        name: "over a budget",
        unit: "tokens",
        values: [Math.max(0, spent.tokens - limit)],
        atMost: mostTokensOver,
        note: `${spent.tokens} of ${limit}; at most the input of the ${callsAtOnce} calls under way`,
      },
      {
        name: "resident growth, second to last quarter",
        unit: "MiB",
        values: [part(0.75, 1) - part(0.25, 0.5)],
        atMost: 16,
        note: readings
          .filter((_, second) => second % 5 === 0)
          .map((value) => value.toFixed(0))
          .join(", "),
      },
      {
        name: "calls",
        unit: "per second",
        values: [load.calls / load.seconds],
        atMost: null,
        note: `${load.calls} calls, ${load.failedAttempts} failed attempts`,
      },
      {
        name: "latency",
        unit: "ms",
        values: load.latenciesMs,
        atMost: null,
        note: "clients, provider and gateway share the cores",
      },
    ];
  },
};
