import type { ServerResponse } from "node:http";
import { assertNever } from "../../errors/index.ts";
import type { ScriptedFault, ScriptedRequest } from "./script.ts";
import { toScriptedAnswer } from "./scripted-answer.ts";
import { pause, sendJson } from "./send.ts";
import type { Wire } from "./wire.ts";

interface Stage {
  readonly wire: Wire;
  readonly request: ScriptedRequest;
  readonly outgoing: ServerResponse;
}

/** Lets one thing go wrong, the way a real server would. */
export async function playFault(fault: ScriptedFault, stage: Stage): Promise<void> {
  const { wire, outgoing } = stage;
  const fail = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
    sendJson(outgoing, status, wire.toErrorBody(status, message), headers);
  if (fault.fault !== "hang") await pause(fault.delayMs);

  switch (fault.fault) {
    case "rate-limit":
      return fail(429, "scripted rate limit", retryAfterHeaders(fault));
    case "server-error":
      return fail(fault.status ?? 500, "scripted server error");
    case "rejected":
      return fail(fault.status ?? 400, "scripted rejection");
    case "hang":
      if (fault.midAnswer === true) beginAnswer(stage);
      return;
    case "connection-lost":
      outgoing.destroy();
      return;
    case "cut-stream":
      beginAnswer(stage);
      // Only what has left the process can be cut short of its end.
      outgoing.write("", () => outgoing.destroy());
      return;
    case "malformed-json":
      if (fault.midAnswer === true && stage.request.streaming) beginAnswer(stage);
      else outgoing.writeHead(200, { "content-type": contentType(stage) });
      outgoing.end(stage.request.streaming ? 'data: {"id": "scripted", \n\n' : '{"id": "scripted", ');
      return;
    default:
      return assertNever(fault);
  }
}

/** Sends the first half of an answer and leaves the connection open. */
function beginAnswer(stage: Stage): void {
  const { wire, request, outgoing } = stage;
  const answer = toScriptedAnswer({ text: "This answer never comes to its" }, request);
  outgoing.writeHead(200, { "content-type": contentType(stage) });
  if (request.streaming) {
    const events = wire.toEvents(answer);
    for (const event of events.slice(0, Math.ceil(events.length / 2))) outgoing.write(event);
  } else {
    const body = JSON.stringify(wire.toBody(answer));
    outgoing.write(body.slice(0, Math.ceil(body.length / 2)));
  }
}

function contentType({ request }: Stage): string {
  return request.streaming ? "text/event-stream" : "application/json";
}

function retryAfterHeaders(
  fault: Extract<ScriptedFault, { fault: "rate-limit" }>,
): Readonly<Record<string, string>> {
  if (fault.retryAfterMs !== undefined) return { "retry-after-ms": String(fault.retryAfterMs) };
  if (fault.retryAfterSeconds !== undefined) return { "retry-after": String(fault.retryAfterSeconds) };
  if (fault.retryAfterDateSeconds === undefined) return {};
  const answeredMs = Date.now();
  return {
    date: new Date(answeredMs).toUTCString(),
    "retry-after": new Date(answeredMs + fault.retryAfterDateSeconds * 1000).toUTCString(),
  };
}
