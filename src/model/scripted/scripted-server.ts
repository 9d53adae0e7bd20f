import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { anthropicWire } from "./anthropic-wire.ts";
import { openaiWire } from "./openai-wire.ts";
import { playFault } from "./play-fault.ts";
import type { Script, ScriptedRequest } from "./script.ts";
import { createScriptPlayer, type PlayedStep } from "./script-player.ts";
import { toScriptedAnswer } from "./scripted-answer.ts";
import { pause, sendJson } from "./send.ts";
import type { Wire } from "./wire.ts";

/** What is served and where. */
export interface ScriptedServerOptions {
  readonly script: Script;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  readonly host?: string;
  /** Keep every request; off by default, so that a long run needs no more memory than a short one. */
  readonly record?: boolean;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/** One request as it came and went; times in milliseconds of the server's clock. */
export interface ScriptedRecord {
  readonly protocol: "openai" | "anthropic";
  readonly request: ScriptedRequest;
  readonly step: PlayedStep;
  /** When its headers had arrived. */
  readonly arrivedMs: number;
  /** When the last byte was sent or the connection ended; null while it is open. */
  readonly endedMs: number | null;
}

/** A scripted model at work. Dispose of it. */
export interface ScriptedServer extends AsyncDisposable {
  readonly port: number;
  /** For `openai/…` and `openai-compatible/…`, and for `anthropic/…` alike. */
  readonly baseUrl: string;
  /** In order of arrival; empty unless `record` is set. */
  readonly records: () => readonly ScriptedRecord[];
  readonly requestCount: () => number;
}

/** Largest request body taken, in bytes. */
const maxBodyBytes = 64 * 1024 * 1024;

/**
 * Serves a scripted model over HTTP: `POST /v1/chat/completions`, `POST /v1/messages`, `GET /v1/models`. Keys are
 * neither asked for nor looked at. The caller disposes of it, which ends every open connection.
 */
export async function startScriptedServer(options: ScriptedServerOptions): Promise<ScriptedServer> {
  const now = options.now ?? (() => performance.now());
  const play = createScriptPlayer(options.script);
  const records: { -readonly [Key in keyof ScriptedRecord]: ScriptedRecord[Key] }[] = [];
  let requestCount = 0;

  async function answerModelCall(
    protocol: ScriptedRecord["protocol"],
    wire: Wire,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<void> {
    const arrivedMs = now();
    const request = wire.parseRequest(parseJson(await readBody(incoming)), requestCount);
    if (request === null) {
      return sendJson(outgoing, 400, wire.toErrorBody(400, "the body is not a request of this protocol"));
    }
    requestCount += 1;
    const step = await play(request);
    if (options.record === true) {
      const record = { protocol, request, step, arrivedMs, endedMs: null as number | null };
      records.push(record);
      outgoing.on("close", () => {
        record.endedMs = now();
      });
    }
    if (step.kind === "fault") return await playFault(step.fault, { wire, request, outgoing });
    await pause(step.turn.delayMs);
    const answer = toScriptedAnswer(step.turn, request);
    if (!request.streaming) return sendJson(outgoing, 200, wire.toBody(answer));
    outgoing.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of wire.toEvents(answer)) outgoing.write(event);
    outgoing.end();
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const route = `${incoming.method} ${new URL(incoming.url ?? "/", "http://server").pathname}`;
    switch (route) {
      case "POST /v1/chat/completions":
        return await answerModelCall("openai", openaiWire, incoming, outgoing);
      case "POST /v1/messages":
        return await answerModelCall("anthropic", anthropicWire, incoming, outgoing);
      case "GET /v1/models":
        return sendJson(outgoing, 200, {
          object: "list",
          data: [{ id: "scripted", object: "model", created: 0, owned_by: "rebench" }],
        });
      default:
        return sendJson(outgoing, 404, { error: { message: `there is nothing at ${route}` } });
    }
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;

  return {
    port,
    baseUrl: `http://${host.includes(":") ? `[${host}]` : host}:${port}/v1`,
    records: () => records,
    requestCount: () => requestCount,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    sizeBytes += bytes.byteLength;
    if (sizeBytes > maxBodyBytes) return "";
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
