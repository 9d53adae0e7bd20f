import type { Message, ToolDefinition } from "../../model/index.ts";

const bytesPerToken = 3;
const tokensPerMessage = 8;

/**
 * Estimate of what a message costs: its UTF-8 bytes (text, reasoning, tool calls and provider state as JSON) over 3, plus 8 for the
 * frame around it. English prose runs at about 4 bytes a token and code at about 3, so this errs on the safe side;
 * callers correct it with the counts the provider reports.
 */
export function estimateTokens(message: Message): number {
  return Math.ceil(messageBytes(message) / bytesPerToken) + tokensPerMessage;
}

/** Estimate of what the tool definitions add to every prompt. */
export function estimateToolTokens(tools: readonly ToolDefinition[]): number {
  return Math.ceil(Buffer.byteLength(JSON.stringify(tools)) / bytesPerToken);
}

function messageBytes(message: Message): number {
  if (message.role !== "assistant") return Buffer.byteLength(message.text);
  const { text, reasoning = "", toolCalls, providerState } = message;
  const others = [...toolCalls, ...(providerState === undefined ? [] : [providerState])];
  const json = others.map((other) => JSON.stringify(other)).join("");
  return Buffer.byteLength(text) + Buffer.byteLength(reasoning) + Buffer.byteLength(json);
}
