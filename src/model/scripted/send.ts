import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** Waits, where there is something to wait. */
export async function pause(ms: number | undefined): Promise<void> {
  if (ms !== undefined && ms > 0) await delay(ms);
}

/** Answers a request with one JSON value. */
export function sendJson(
  outgoing: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(JSON.stringify(body));
}
