import { z } from "zod";
import type { GenerateRequest, Message } from "../language-model.ts";
import {
  callId,
  emptyOnly,
  mostTools,
  neutral,
  type ParsedCall,
  toGenerateRequest,
  toolName,
  toolParameters,
} from "./model-call.ts";
import { toRefusal } from "./parse-json.ts";
import { quoted, refuse } from "./refusal.ts";

/** A hint what to keep in the provider's cache; ours are set by ourselves, and it changes no answer. */
const cacheHint = z
  .strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() })
  .nullish();

const textBlock = z.strictObject({
  type: z.literal("text"),
  text: z.string(),
  cache_control: cacheHint,
  citations: emptyOnly,
});
// Text alone: an image, a document or an address would have the provider fetch something.
const texts = z.union([z.string(), z.array(textBlock)]);

const toolUse = z.strictObject({
  type: z.literal("tool_use"),
  id: callId,
  name: toolName,
  input: z.json(),
  cache_control: cacheHint,
});

const toolResult = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: callId,
  content: texts.nullish(),
  is_error: z.boolean().nullish(),
  cache_control: cacheHint,
});

const message = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(z.discriminatedUnion("type", [textBlock, toolResult]))]),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(z.discriminatedUnion("type", [textBlock, toolUse]))]),
  }),
]);

const tool = z.strictObject({
  // Any other kind is one that the provider runs, most of them with a network.
  type: z.literal("custom").nullish(),
  name: toolName,
  description: z.string().nullish(),
  input_schema: toolParameters,
  cache_control: cacheHint,
});

const oneAtATime = neutral(false);

const requestSchema = z.strictObject({
  model: z.string(),
  max_tokens: z.int().positive(),
  messages: z.array(message).min(1),
  system: texts.nullish(),
  tools: z.array(tool).max(mostTools).nullish(),
  tool_choice: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("none") }),
      z.strictObject({ type: z.enum(["auto", "any"]), disable_parallel_tool_use: oneAtATime }),
      z.strictObject({ type: z.literal("tool"), name: toolName, disable_parallel_tool_use: oneAtATime }),
    ])
    .nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  stream: z.boolean().nullish(),
  thinking: z.strictObject({ type: z.literal("disabled") }).nullish(),
  stop_sequences: emptyOnly,
  metadata: emptyOnly,
  top_p: neutral(1),
  top_k: neutral(),
  service_tier: neutral("auto", "standard_only"),
});

/** Reads a request for a message; whatever is not text and calls of the program's own tools is refused by name. */
export function parseAnthropicRequest(body: unknown): ParsedCall {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { refusal: toRefusal(parsed.error) };
  const request = parsed.data;
  const toolNames = new Map<string, string>();
  const messages: Message[] = [];
  if (request.system != null) messages.push({ role: "system", text: textOf(request.system) });
  for (const [index, sent] of request.messages.entries()) {
    const read =
      sent.role === "user" ? toUserMessages(sent.content, toolNames) : [toAssistant(sent.content, toolNames)];
    if (typeof read === "string") {
      const place = `messages.${index}`;
      return { refusal: refuse("parameter_not_allowed", `${place}: ${read}`, place) };
    }
    messages.push(...read);
  }
  const { tool_choice: choice } = request;
  return {
    call: {
      model: request.model,
      request: toGenerateRequest({
        messages,
        tools: choice?.type === "none" ? [] : toTools(request.tools ?? []),
        toolChoice: toToolChoice(choice),
        temperature: request.temperature,
        maxOutputTokens: request.max_tokens,
      }),
      answers: 1,
      streaming: request.stream ?? false,
      tellsUsage: true,
    },
  };
}

type UserContent = Extract<z.infer<typeof message>, { role: "user" }>["content"];
type AssistantContent = Extract<z.infer<typeof message>, { role: "assistant" }>["content"];

/** One message for each result of a tool, and one for each run of text between them. */
function toUserMessages(content: UserContent, toolNames: ReadonlyMap<string, string>): Message[] | string {
  if (typeof content === "string") return [{ role: "user", text: content }];
  const messages: Message[] = [];
  for (const block of content) {
    const last = messages.at(-1);
    if (block.type === "text") {
      if (last?.role === "user") last.text += block.text;
      else messages.push({ role: "user", text: block.text });
      continue;
    }
    const name = toolNames.get(block.tool_use_id);
    if (name === undefined) return `no message before it has a call ${quoted(block.tool_use_id)}`;
    const text = `${block.is_error === true ? "Error: " : ""}${textOf(block.content ?? "")}`;
    messages.push({ role: "tool", toolCallId: block.tool_use_id, toolName: name, text });
  }
  return messages;
}

function toAssistant(content: AssistantContent, toolNames: Map<string, string>): Message {
  if (typeof content === "string") return { role: "assistant", text: content, toolCalls: [] };
  const calls = content.filter((block) => block.type === "tool_use");
  for (const call of calls) toolNames.set(call.id, call.name);
  return {
    role: "assistant",
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    toolCalls: calls.map(({ id, name, input }) => ({ id, name, arguments: input })),
  };
}

function toTools(tools: readonly z.infer<typeof tool>[]) {
  return tools.map(({ name, description, input_schema }) => ({
    name,
    description: description ?? "",
    parameters: input_schema,
  }));
}

function toToolChoice(choice: z.infer<typeof requestSchema>["tool_choice"]): GenerateRequest["toolChoice"] {
  switch (choice?.type) {
    case "auto":
      return "auto";
    case "any":
      return "required";
    case "tool":
      return { tool: choice.name };
    default:
      return undefined;
  }
}

function textOf(sent: z.infer<typeof texts>): string {
  return typeof sent === "string" ? sent : sent.map((part) => part.text).join("");
}
