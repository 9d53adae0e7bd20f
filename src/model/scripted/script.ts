import { readFile } from "node:fs/promises";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { reasonOf } from "../../errors/index.ts";
import { modelErrors } from "../errors.ts";

const scriptedUsageSchema = z.strictObject({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  cachedInputTokens: z.int().nonnegative().optional(),
});

const delayMs = z.number().nonnegative().optional();

/** One answer of the model. */
const turnSchema = z.strictObject({
  text: z.string().optional(),
  reasoning: z.string().optional(),
  toolCalls: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** Arguments as an object, or the exact text the model is to write in their place. */
        arguments: z.union([z.record(z.string(), z.json()), z.string()]),
      }),
    )
    .optional(),
  finishReason: z.enum(["stop", "length", "tool-calls"]).optional(),
  /** Counted from the length of the texts where absent; null for a server that does not report it. */
  usage: scriptedUsageSchema.nullable().optional(),
  /** Time the model takes to think, in milliseconds. */
  delayMs,
});

/** Something that goes wrong in place of an answer; it happens once, and the next request gets the next step. */
const faultSchema = z.discriminatedUnion("fault", [
  z.strictObject({
    fault: z.literal("rate-limit"),
    /** At most one of these; none at all means an answer without the header. */
    retryAfterSeconds: z.number().nonnegative().optional(),
    retryAfterMs: z.number().nonnegative().optional(),
    /** Sent as an HTTP date this many seconds from now. */
    retryAfterDateSeconds: z.number().nonnegative().optional(),
    delayMs,
  }),
  z.strictObject({ fault: z.literal("server-error"), status: z.int().min(500).max(599).optional(), delayMs }),
  z.strictObject({ fault: z.literal("rejected"), status: z.int().min(400).max(499).optional(), delayMs }),
  /** Takes the request and never answers; `midAnswer` begins an answer first. */
  z.strictObject({ fault: z.literal("hang"), midAnswer: z.boolean().optional() }),
  /** Closes the connection without a word. */
  z.strictObject({ fault: z.literal("connection-lost"), delayMs }),
  /** Begins an answer and closes the connection in the middle of it. */
  z.strictObject({ fault: z.literal("cut-stream"), delayMs }),
  /** Answers with what is no JSON; `midAnswer` streams something sound first. */
  z.strictObject({ fault: z.literal("malformed-json"), midAnswer: z.boolean().optional(), delayMs }),
]);

/** Short for a turn whose tool call no scaffold can carry out. */
const wrongToolCallSchema = z.strictObject({
  fault: z.literal("wrong-tool-call"),
  wrong: z.enum(["unknown-tool", "arguments-not-json"]),
  /** Tool to call with the bad arguments; `bash` by default. */
  tool: z.string().min(1).optional(),
  delayMs,
});

const stepSchema = z.union([wrongToolCallSchema, faultSchema, turnSchema]);

const scriptFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /**
   * Which turn answers a request: the one that stands at the number of assistant messages it holds (so a conversation
   * taken up again goes on where it was), or simply the next one.
   */
  select: z.enum(["by-history", "in-order"]).default("by-history"),
  /** What a request past the last turn gets. */
  atEnd: z.enum(["reject", "repeat-last", "start-over"]).default("reject"),
  steps: z.array(stepSchema).min(1),
});

/** Tokens that an answer is said to have used. */
export type ScriptedUsage = Readonly<z.infer<typeof scriptedUsageSchema>>;
/** One answer of the model. */
export type ScriptedTurn = Readonly<z.infer<typeof turnSchema>>;
/** Something that goes wrong in place of an answer. */
export type ScriptedFault = Readonly<z.infer<typeof faultSchema>>;
/** One step of a script. */
export type ScriptStep = Readonly<z.infer<typeof stepSchema>>;

/** Fixed answers: turns in order, with faults between them. */
export interface FixedScript {
  readonly steps: readonly ScriptStep[];
  readonly select?: "by-history" | "in-order";
  readonly atEnd?: "reject" | "repeat-last" | "start-over";
}

/** What a script may look at: the request in the words of neither protocol. */
export interface ScriptedRequest {
  /** Order of arrival, from 0. */
  readonly number: number;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly toolNames: readonly string[];
  readonly temperature: number | null;
  readonly maxOutputTokens: number | null;
  readonly streaming: boolean;
}

/** A script: fixed steps, or a function of the request. */
export type Script = FixedScript | ((request: ScriptedRequest) => ScriptStep | Promise<ScriptStep>);

/**
 * Reads a script from a JSON or YAML file.
 *
 * @throws SCRIPT_UNREADABLE when the file is missing or is neither.
 * @throws SCRIPT_INVALID when it does not follow the format; the message names the key.
 */
export async function loadScript(path: string): Promise<FixedScript> {
  let content: unknown;
  try {
    // Every JSON text is YAML too.
    content = parseYaml(await readFile(path, "utf8"));
  } catch (error) {
    const reason = reasonOf(error);
    throw modelErrors.SCRIPT_UNREADABLE({ path, reason }, error);
  }
  const parsed = scriptFileSchema.safeParse(content);
  if (!parsed.success) throw modelErrors.SCRIPT_INVALID({ path, problem: z.prettifyError(parsed.error) });
  return parsed.data;
}
