import { z } from "zod";
import { assertNever } from "../errors/index.ts";
import { toResultText } from "../scoring/index.ts";
import type { BlobStore } from "./blob-store.ts";
import { initialClock, reduceClock } from "./clock.ts";
import type { RunEvent } from "./events.ts";
import { execResultSchema, generateResultSchema } from "./recorded-results.ts";
import { parseStoredRequest } from "./request-log.ts";

/** One paragraph of a run's story. */
export interface TranscriptItem {
  readonly seq: number;
  /** Clock of the run at the event, milliseconds. */
  readonly clockMs: number;
  readonly who: "run" | "agent" | "model" | "command" | "score" | "clock";
  readonly title: string;
  /** Whole text; empty where the title says all. */
  readonly body: string;
}

const commandRequest = z.looseObject({ argv: z.array(z.string()), stdin: z.string().optional() });
const pathRequest = z.looseObject({ path: z.string(), content: z.string().optional() });

/** Tells a run as people read it: what was asked, what came back, what it scored; ticks are left out. */
export function* toTranscript(events: Iterable<RunEvent>, blobs: BlobStore): Generator<TranscriptItem> {
  let clock = initialClock;
  for (const event of events) {
    clock = reduceClock(clock, event);
    const item = describe(event, blobs);
    if (item !== null) yield { seq: event.seq, clockMs: clock.elapsedMs, ...item };
  }
}

type Description = Pick<TranscriptItem, "who" | "title" | "body">;

function describe(event: RunEvent, blobs: BlobStore): Description | null {
  switch (event.type) {
    case "run-started":
      return { who: "run", title: "run started", body: "" };
    case "run-resumed":
      return { who: "run", title: "run resumed by a new process", body: "" };
    case "run-interrupted":
      return { who: "run", title: "run interrupted; it can be resumed", body: event.message };
    case "run-ended":
      return { who: "run", title: `run ended: ${event.reason}`, body: event.message };
    case "sandbox-opened":
      return { who: "run", title: "sandbox opened", body: "" };
    case "sandbox-lost":
      return { who: "run", title: "sandbox lost", body: event.message };
    case "clock-started":
      return { who: "clock", title: "clock started", body: "" };
    case "clock-stopped":
      return { who: "clock", title: `clock stopped: ${event.reason}`, body: event.message };
    case "clock-paused":
      return { who: "clock", title: `clock paused (${event.reason})`, body: "" };
    case "clock-resumed":
      return { who: "clock", title: `clock goes on (${event.reason})`, body: "" };
    case "clock-credited":
      return {
        who: "clock",
        title: `${Math.round(event.creditMs)} ms taken off the clock (${event.reason})`,
        body: "",
      };
    case "clock-ticked":
      return null;
    case "start-made": {
      const result = execResultSchema.parse(JSON.parse(blobs.read(event.result)));
      return { who: "run", title: "makes the starting solution", body: result.stdout.text };
    }
    case "command-started": {
      const { argv, stdin } = commandRequest.parse(JSON.parse(blobs.read(event.request)));
      return { who: "agent", title: "runs", body: [argv.join(" "), stdin ?? ""].filter(Boolean).join("\n") };
    }
    case "command-finished": {
      const result = execResultSchema.parse(JSON.parse(blobs.read(event.result)));
      const how = result.status === "exited" ? `exit code ${result.exitCode}` : result.status;
      const body = [result.stdout.text, result.stderr.text].filter(Boolean).join("\n");
      return { who: "command", title: `${how} after ${(result.durationMs / 1000).toFixed(1)} s`, body };
    }
    case "file-read":
      return { who: "agent", title: `reads ${pathOf(blobs.read(event.request)).path}`, body: "" };
    case "file-written": {
      const { path, content } = pathOf(blobs.read(event.request));
      return { who: "agent", title: `writes ${path}`, body: content ?? "" };
    }
    case "solution-installed":
      return { who: "agent", title: "installs a solution", body: blobs.read(event.request) };
    case "note-added":
      return { who: "agent", title: "notes", body: blobs.read(event.request) };
    case "model-requested": {
      const { base, messages } = parseStoredRequest(blobs.read(event.request));
      const count = (base?.messages ?? 0) + messages.length;
      return {
        who: "agent",
        title: `asks the model (${count} messages)`,
        body: messages.at(-1)?.text ?? "",
      };
    }
    case "model-attempt-failed":
      return { who: "model", title: `attempt ${event.attempt} failed: ${event.fault}`, body: event.message };
    case "model-responded":
      return describeAnswer(blobs.read(event.result));
    case "gateway-exchange":
      return describeExchange(event, blobs);
    case "gateway-closed":
      return {
        who: "model",
        title: `${event.unrecordedRefusals} more requests to the gateway were refused`,
        body: "",
      };
    case "score-requested":
      return {
        who: "score",
        title: `entry ${event.entry}: snapshot ${event.snapshot.treeSha256.slice(0, 12)}`,
        body: "",
      };
    case "score-refused":
      return { who: "score", title: "refused: as many as may be asked for are recorded", body: "" };
    case "score-recorded":
      return {
        who: "score",
        title: `entry ${event.entry}: ${toResultText(event.result)}`,
        body: event.result.message,
      };
    case "entry-rescored":
      return {
        who: "score",
        title: `entry ${event.entry} judged again (${event.purpose}): ${toResultText(event.result)}`,
        body: event.result.message,
      };
    case "operation-recovered":
      return { who: "run", title: `operation ${event.operation} was under way: ${event.how}`, body: "" };
    default:
      return assertNever(event);
  }
}

const exchangeRequest = z.union([
  z.object({
    kind: z.literal("model"),
    request: z.object({ messages: z.array(z.object({ text: z.string() })) }),
  }),
  z.object({ kind: z.literal("service"), request: z.json() }),
  z.null(),
]);
const exchangeResult = z.object({
  outcome: z.union([
    z.object({
      status: z.literal("completed"),
      answers: z.array(z.object({ message: z.object({ text: z.string() }) })),
    }),
    z.object({ status: z.literal("served"), answer: z.json() }),
    z.object({ status: z.string(), message: z.string().optional() }),
  ]),
});

function describeExchange(
  event: Extract<RunEvent, { type: "gateway-exchange" }>,
  blobs: BlobStore,
): Description {
  const asked = exchangeRequest.parse(JSON.parse(blobs.read(event.request)));
  const { outcome } = exchangeResult.parse(JSON.parse(blobs.read(event.result)));
  const question =
    asked?.kind === "model"
      ? (asked.request.messages.at(-1)?.text ?? "")
      : JSON.stringify(asked?.request ?? null);
  const answers =
    "answers" in outcome
      ? outcome.answers.map(({ message }) => message.text)
      : [
          "answer" in outcome
            ? JSON.stringify(outcome.answer)
            : "message" in outcome
              ? (outcome.message ?? "")
              : "",
        ];
  const tokens = event.outputTokens === null ? "?" : String(event.outputTokens);
  return {
    who: "model",
    title: `a program asks ${event.name ?? "the gateway"}: ${event.status} (${tokens} tokens, ${(event.durationMs / 1000).toFixed(1)} s)`,
    body: [question, ...answers].filter(Boolean).join("\n"),
  };
}

function pathOf(request: string): z.infer<typeof pathRequest> {
  return pathRequest.parse(JSON.parse(request));
}

function describeAnswer(text: string): Description {
  const result = generateResultSchema.parse(JSON.parse(text));
  if (result.status !== "completed") {
    return { who: "model", title: result.status, body: "message" in result ? result.message : "" };
  }
  const calls = result.message.toolCalls.map((call) => `${call.name}(${JSON.stringify(call.arguments)})`);
  return {
    who: "model",
    title: `answers (${result.usage.outputTokens ?? "?"} tokens, ${(result.durationMs / 1000).toFixed(1)} s)`,
    body: [result.message.text, ...calls, ...(result.warnings ?? [])].filter(Boolean).join("\n"),
  };
}
