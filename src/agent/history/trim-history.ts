import type { Message } from "../../model/index.ts";
import { estimateTokens } from "./estimate-tokens.ts";

/**
 * Makes a history fit: the first 4 messages (system, task, first exchange), a notice of what was left out, and the
 * longest tail that fits. A tool call and its results stay together on either side of the gap. A history that fits
 * is returned as it is. System and task are never cut, and neither is the last exchange: where these alone are over
 * the budget, so is the result.
 *
 * @param messages - Starts with the system message and the task.
 * @param budgetTokens - In units of {@link estimateTokens}.
 */
export function trimHistory(messages: readonly Message[], budgetTokens: number): readonly Message[] {
  if (tailStart(messages, 0, budgetTokens) === 0) return messages;
  for (const headLength of [4, 2]) {
    const headEnd = exchangeEnd(messages, headLength);
    const head = messages.slice(0, headEnd);
    const spent = [...head, notice(messages.length)].reduce(
      (sum, message) => sum + estimateTokens(message),
      0,
    );
    const start = tailStart(messages, headEnd, budgetTokens - spent);
    if (start < messages.length) return join(messages, headEnd, start);
  }
  const last = messages.findLastIndex((message) => message.role !== "tool");
  return last <= 2 ? messages : join(messages, 2, last);
}

function join(messages: readonly Message[], headEnd: number, start: number): readonly Message[] {
  const head = messages.slice(0, headEnd);
  const left = start - headEnd;
  return left === 0 ? messages : [...head, notice(left), ...messages.slice(start)];
}

function notice(count: number): Message {
  return {
    role: "user",
    text: `[${count} messages were left out here because the conversation outgrew its room. What you did in them still holds: look at the files and the score log to see where things stand.]`,
  };
}

/** Smallest index from which everything fits and no tool result lacks its call; `messages.length` when none does. */
function tailStart(messages: readonly Message[], from: number, budgetTokens: number): number {
  let start = messages.length;
  let left = budgetTokens;
  for (let index = messages.length - 1; index >= from; index -= 1) {
    const message = messages[index];
    if (message === undefined) break;
    left -= estimateTokens(message);
    if (left < 0) break;
    if (message.role !== "tool") start = index;
  }
  return start;
}

/** `length`, moved on past the results of a call that stands before it. */
function exchangeEnd(messages: readonly Message[], length: number): number {
  let end = Math.min(length, messages.length);
  while (messages[end]?.role === "tool") end += 1;
  return end;
}
