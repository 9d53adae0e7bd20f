/**
 * A provider that fails one call in five, each time in another way, and counts the calls that it answered and would
 * charge. Prints its port; on a line of input it writes the counts, one byte for each call, and ends.
 */
import { writeFileSync } from "node:fs";
import { type ScriptStep, startScriptedServer } from "../src/model/index.ts";
import { callNumberOf, inputTokens, mostCalls, outputTokens } from "./gateway-load.ts";

const faults: readonly ScriptStep[] = [
  { fault: "server-error", status: 503 },
  { fault: "connection-lost" },
  { fault: "rate-limit", retryAfterMs: 10 },
  { fault: "cut-stream" },
  { fault: "malformed-json" },
];

const answered = new Uint8Array(mostCalls);
const server = await startScriptedServer({
  script: ({ number, messages, maxOutputTokens }) => {
    if (number % 5 === 4) return faults[Math.floor(number / 5) % faults.length] ?? { fault: "server-error" };
    const call = callNumberOf(messages.at(-1)?.text ?? "");
    answered[call] = (answered[call] ?? 0) + 1;
    const usage = { inputTokens, outputTokens: Math.min(outputTokens, maxOutputTokens ?? outputTokens) };
    return { text: `answer to call ${call} `.repeat(10), usage, delayMs: 5 + (number % 20) };
  },
});
process.stdout.write(`${server.port}\n`);
process.stdin.once("data", (path) => {
  writeFileSync(path.toString().trim(), answered);
  process.exit(0);
});
