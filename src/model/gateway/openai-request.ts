import { z } from "zod";
import type { GenerateRequest, Message } from "../language-model.ts";
import { parseArguments } from "../parse-arguments.ts";
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

const content = z.union([
  z.string(),
  // Text alone: an image, a file or an address would have the provider fetch something.
  z.array(z.strictObject({ type: z.literal("text"), text: z.string() })).min(1),
]);

const toolCall = z.strictObject({
  id: callId,
  type: z.literal("function"),
  function: z.strictObject({ name: toolName, arguments: z.string() }),
  index: z.int().optional(),
});

const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "developer"]), content }),
  z.strictObject({ role: z.literal("user"), content }),
  z.strictObject({
    role: z.literal("assistant"),
    content: content.nullish(),
    tool_calls: z.array(toolCall).nullish(),
    // As the official client writes an answer back.
    refusal: neutral(),
    audio: neutral(),
    function_call: neutral(),
    annotations: emptyOnly,
  }),
  z.strictObject({ role: z.literal("tool"), tool_call_id: callId, content }),
]);

const tool = z.strictObject({
  // Any other kind is one that the provider runs, most of them with a network.
  type: z.literal("function"),
  function: z.strictObject({
    name: toolName,
    description: z.string().nullish(),
    parameters: toolParameters.nullish(),
    strict: neutral(false),
  }),
});

const requestSchema = z.strictObject({
  model: z.string(),
  messages: z.array(message).min(1),
  tools: z.array(tool).max(mostTools).nullish(),
  tool_choice: z
    .union([
      z.enum(["none", "auto", "required"]),
      z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: toolName }) }),
    ])
    .nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  n: z.int().positive().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().nullish(), include_obfuscation: neutral(false) })
    .nullish(),
  response_format: z.strictObject({ type: z.literal("text") }).nullish(),
  parallel_tool_calls: neutral(true),
  top_p: neutral(1),
  presence_penalty: neutral(0),
  frequency_penalty: neutral(0),
  logprobs: neutral(false),
  top_logprobs: neutral(0),
  logit_bias: emptyOnly,
  stop: emptyOnly,
  modalities: neutral(),
  store: neutral(false),
  metadata: emptyOnly,
  service_tier: neutral("auto", "default"),
});

type ParsedMessage = z.infer<typeof message>;

/** Reads a chat completion request; whatever is not text and function calls is refused by name. */
export function parseOpenAiRequest(body: unknown): ParsedCall {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) return { refusal: toRefusal(parsed.error) };
  const request = parsed.data;
  const toolNames = new Map<string, string>();
  const messages: Message[] = [];
  for (const [index, sent] of request.messages.entries()) {
    const read = toMessage(sent, toolNames);
    if (typeof read === "string") {
      const place = `messages.${index}`;
      return { refusal: refuse("parameter_not_allowed", `${place}: ${read}`, place) };
    }
    messages.push(read);
  }
  const { tool_choice: choice } = request;
  return {
    call: {
      model: request.model,
      request: toGenerateRequest({
        messages,
        tools: choice === "none" ? [] : toTools(request.tools ?? []),
        toolChoice: toToolChoice(choice),
        temperature: request.temperature,
        maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
      }),
      answers: request.n ?? 1,
      streaming: request.stream ?? false,
      tellsUsage: request.stream_options?.include_usage ?? false,
    },
  };
}

/** @param toolNames - Name of the tool by the id of its call, over all messages before. */
function toMessage(sent: ParsedMessage, toolNames: Map<string, string>): Message | string {
  switch (sent.role) {
    case "system":
    case "developer":
      return { role: "system", text: textOf(sent.content) };
    case "user":
      return { role: "user", text: textOf(sent.content) };
    case "assistant": {
      const calls = sent.tool_calls ?? [];
      for (const call of calls) toolNames.set(call.id, call.function.name);
      return {
        role: "assistant",
        text: textOf(sent.content ?? ""),
        toolCalls: calls.map((call) => ({
          id: call.id,
          name: call.function.name,
          arguments: parseArguments(call.function.arguments),
        })),
      };
    }
    case "tool": {
      const name = toolNames.get(sent.tool_call_id);
      if (name === undefined) return `no message before it has a call ${quoted(sent.tool_call_id)}`;
      return { role: "tool", toolCallId: sent.tool_call_id, toolName: name, text: textOf(sent.content) };
    }
  }
}

function toTools(tools: readonly z.infer<typeof tool>[]) {
  return tools.map(({ function: { name, description, parameters } }) => ({
    name,
    description: description ?? "",
    parameters: parameters ?? { type: "object", properties: {} },
  }));
}

function toToolChoice(choice: z.infer<typeof requestSchema>["tool_choice"]): GenerateRequest["toolChoice"] {
  if (choice == null || choice === "none") return undefined;
  return typeof choice === "string" ? choice : { tool: choice.function.name };
}

function textOf(sent: z.infer<typeof content>): string {
  return typeof sent === "string" ? sent : sent.map((part) => part.text).join("");
}
