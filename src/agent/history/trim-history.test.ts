import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Message } from "../../model/index.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { trimHistory } from "./trim-history.ts";

const system: Message = { role: "system", text: "system" };
const task: Message = { role: "user", text: "task" };
const exchange = (id: number, size: number, results = 1): readonly Message[] => [
  {
    role: "assistant",
    text: "",
    toolCalls: Array.from({ length: results }, (_, call) => ({
      id: `${id}-${call}`,
      name: "bash",
      arguments: {},
    })),
  },
  ...Array.from({ length: results }, (_, call): Message => {
    return { role: "tool", toolCallId: `${id}-${call}`, toolName: "bash", text: "x".repeat(size) };
  }),
];
const total = (messages: readonly Message[]) =>
  messages.reduce((sum, message) => sum + estimateTokens(message), 0);
const isNotice = (message: Message | undefined) =>
  message?.role === "user" && message.text.includes("were left out");

test("a history that just fits is unchanged, and one token less cuts it", () => {
  const history = [system, task, ...[1, 2, 3, 4, 5].flatMap((id) => exchange(id, 600))];
  expect(trimHistory(history, total(history))).toEqual(history);
  expect(trimHistory(history, total(history) - 1)).not.toEqual(history);
});

test("keeps 4 head messages, a notice of how many are gone, and the longest tail that fits", () => {
  const history = [system, task, ...[1, 2, 3, 4, 5].flatMap((id) => exchange(id, 3_000))];
  const budget = total(history.slice(0, 4)) + total(history.slice(8)) + 100;
  const trimmed = trimHistory(history, budget);
  expect(trimmed.slice(0, 4)).toEqual(history.slice(0, 4));
  expect(trimmed[4]).toMatchObject({
    role: "user",
    text: expect.stringMatching(/^\[4 messages were left out/),
  });
  expect(trimmed.slice(5)).toEqual(history.slice(8));
});

test("never separates a call from its results where the head ends or the tail begins", () => {
  const idle: Message = { role: "assistant", text: "hm", toolCalls: [] };
  const history = [system, task, idle, ...[1, 2, 3].flatMap((id) => exchange(id, 900, 2))];
  const trimmed = trimHistory(history, total(history) - 1);
  expect(trimmed.slice(0, 6)).toEqual(history.slice(0, 6));
  expect(isNotice(trimmed[6])).toBe(true);
  expect(trimmed.slice(7)).toEqual(history.slice(9));
});

test("gives up the first exchange before the last, and never system, task and last exchange", () => {
  const history = [system, task, ...exchange(1, 9_000), ...exchange(2, 300), ...exchange(3, 9_000)];
  const shortened = trimHistory(history, 3_200);
  expect([shortened[0], shortened[1], shortened.length]).toEqual([system, task, 5]);
  const trimmed = trimHistory(history, 10);
  expect([trimmed[0], trimmed[1]]).toEqual([system, task]);
  expect(isNotice(trimmed[2])).toBe(true);
  expect(trimmed.slice(3)).toEqual(history.slice(-2));
  expect(trimHistory([system, task], 1)).toEqual([system, task]);
});

test("whatever the history: it fits where it can, calls and results stay together, order is kept", () => {
  const step = fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 3 }));
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.integer({ min: 1_500, max: 20_000 }),
      (steps, budget) => {
        const history = [
          system,
          task,
          ...steps.flatMap(([size, results], id) => exchange(id, size, results)),
        ];
        const trimmed = trimHistory(history, budget);
        const kept = trimmed.filter((message) => !isNotice(message));
        expect(kept).toEqual(history.filter((message) => kept.includes(message)));
        const called = kept.flatMap((message) =>
          message.role === "assistant" ? message.toolCalls.map(({ id }) => id) : [],
        );
        const answered = kept.flatMap((message) => (message.role === "tool" ? [message.toolCallId] : []));
        expect(answered).toEqual(called);
        const floor =
          total(history.slice(0, 2)) +
          total(kept.slice(kept.findLastIndex(({ role }) => role !== "tool"))) +
          120;
        if (floor <= budget) expect(total(trimmed)).toBeLessThanOrEqual(budget);
      },
    ),
  );
});
