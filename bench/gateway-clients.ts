/**
 * Clients that ask without a pause, in both protocols, streaming and not; some go away before they are answered.
 * Arguments: port, clients, milliseconds, whether to stop at the first refusal, and a file for what became of each
 * call, one byte each; times of those that were answered lie beside it.
 */
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { type CallEnd, callEnds, mostCalls } from "./gateway-load.ts";

const [port = "", clients = "", durationMs = "", stopsAtRefusal = "", path = ""] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(clients) });
const ends = new Uint8Array(mostCalls);
const latencies: number[] = [];
const until = performance.now() + Number(durationMs);
let count = 0;

async function client(): Promise<void> {
  while (performance.now() < until && count < mostCalls) {
    const number = count++;
    const end = await ask(number);
    ends[number] = callEnds.indexOf(end);
    if (stopsAtRefusal === "true" && end === "refused") return;
  }
}

function ask(number: number): Promise<CallEnd> {
  const streaming = number % 2 === 0;
  const isOpenAi = number % 4 < 2;
  const leavesAfterMs = number % 10 === 9 ? number % 40 : null;
  const startedAt = performance.now();
  const body = JSON.stringify({
    model: "small",
    messages: [{ role: "user", content: `call ${number}` }],
    max_tokens: 100,
    stream: streaming,
  });
  return new Promise((resolve) => {
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        path: isOpenAi ? "/v1/chat/completions" : "/v1/messages",
        method: "POST",
        agent,
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (incoming) => {
        let text = "";
        incoming.setEncoding("utf8");
        incoming.on("data", (chunk: string) => {
          text += chunk;
        });
        incoming.on("end", () => {
          latencies.push(performance.now() - startedAt);
          resolve(judge(incoming.statusCode ?? 0, text, number, streaming));
        });
        incoming.on("error", () => resolve("gone"));
      },
    );
    outgoing.on("error", () => resolve(leavesAfterMs === null ? "broken" : "gone"));
    outgoing.end(body);
    if (leavesAfterMs !== null) setTimeout(() => outgoing.destroy(), leavesAfterMs);
  });
}

function judge(status: number, text: string, number: number, streaming: boolean): CallEnd {
  if (status === 429 && text.includes("budget_used_up")) return "refused";
  if (status !== 200) return "failed";
  const said = streaming ? joinDeltas(text) : text;
  const isWhole = streaming ? /\[DONE\]|"message_stop"/.test(text) : true;
  return isWhole && said.includes(`answer to call ${number} `) ? "answered" : "broken";
}

function joinDeltas(text: string): string {
  return [...text.matchAll(/"(?:content|text)":("(?:[^"\\]|\\.)*")/g)]
    .map(([, piece = '""']) => String(JSON.parse(piece)))
    .join("");
}

await Promise.all(Array.from({ length: Number(clients) }, client));
writeFileSync(path, ends.subarray(0, count));
writeFileSync(`${path}.latencies`, JSON.stringify(latencies));
process.exit(0);
