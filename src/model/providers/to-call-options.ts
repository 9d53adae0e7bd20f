import type { LanguageModelV3CallOptions, LanguageModelV3Message } from "@ai-sdk/provider";
import type { AssistantMessage, GenerateRequest, Message } from "../language-model.ts";
import { type AnswerPart, parseProviderState } from "./provider-state.ts";

type AssistantPart = Extract<LanguageModelV3Message, { role: "assistant" }>["content"][number];
type ToolSchema = Extract<
  NonNullable<LanguageModelV3CallOptions["tools"]>[number],
  { type: "function" }
>["inputSchema"];

/** The part of the prompt up to here may be kept in the provider's cache; providers without that ignore it. */
const cacheUpToHere = { anthropic: { cacheControl: { type: "ephemeral" } } } as const;

/** Our request in the words of the AI SDK. */
export function toCallOptions(
  request: GenerateRequest,
  modelId: string,
  providerOptions: NonNullable<LanguageModelV3CallOptions["providerOptions"]>,
): LanguageModelV3CallOptions {
  const { tools, toolChoice, temperature, maxOutputTokens } = request;
  return {
    prompt: toPrompt(request.messages, modelId),
    providerOptions,
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(tools === undefined || tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            type: "function" as const,
            name: tool.name,
            description: tool.description,
            inputSchema: tool.parameters as ToolSchema,
          })),
        }),
    ...(toolChoice === undefined
      ? {}
      : {
          toolChoice:
            typeof toolChoice === "string"
              ? { type: toolChoice }
              : { type: "tool" as const, toolName: toolChoice.tool },
        }),
  };
}

function toPrompt(messages: readonly Message[], modelId: string): LanguageModelV3Message[] {
  const lastSystem = messages.findLastIndex((message) => message.role === "system");
  return messages.map((message, index) => {
    const isBoundary = index === messages.length - 1 || index === lastSystem;
    return {
      ...toPromptMessage(message, modelId),
      ...(isBoundary ? { providerOptions: cacheUpToHere } : {}),
    };
  });
}

function toPromptMessage(message: Message, modelId: string): LanguageModelV3Message {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.text };
    case "user":
      return { role: "user", content: [{ type: "text", text: message.text }] };
    case "assistant":
      return { role: "assistant", content: toAssistantParts(message, modelId) };
    case "tool":
      return {
        role: "tool",
        content: [
          {
            type: "tool-result",
            toolCallId: message.toolCallId,
            toolName: message.toolName,
            output: { type: "text", value: message.text },
          },
        ],
      };
  }
}

function toAssistantParts(message: AssistantMessage, modelId: string): AssistantPart[] {
  const calls = message.toolCalls.map(
    (call): AssistantPart => ({
      type: "tool-call",
      toolCallId: call.id,
      toolName: call.name,
      input: toObject(call.arguments),
    }),
  );
  const written = parseProviderState(message, modelId);
  if (written !== null) return written.flatMap((part) => toWrittenPart(part, calls));
  // Providers refuse a message of the assistant that holds nothing.
  const text = message.text.length === 0 && calls.length === 0 ? "(empty)" : message.text;
  return [...(text.length === 0 ? [] : [{ type: "text" as const, text }]), ...calls];
}

/** A part as its model wrote it, signature included. */
function toWrittenPart(part: AnswerPart, calls: readonly AssistantPart[]): AssistantPart[] {
  const signed = part.metadata === undefined ? {} : { providerOptions: part.metadata };
  if (part.type === "tool-call") {
    const call = calls.find(
      (candidate) => candidate.type === "tool-call" && candidate.toolCallId === part.id,
    );
    return call === undefined ? [] : [{ ...call, ...signed }];
  }
  const isBare = part.text.length === 0 && part.metadata === undefined;
  return isBare ? [] : [{ type: part.type, text: part.text, ...signed }];
}

/** Providers take only objects as the arguments of an earlier call; anything else is wrapped into one. */
function toObject(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : { arguments: value };
}
