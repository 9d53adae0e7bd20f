import fc from "fast-check";
import { expect, test } from "vitest";
import type { GenerateRequest, Message } from "../model/index.ts";
import { expandMessages, parseStoredRequest, RequestShortener } from "./request-log.ts";

const user = (text: string): Message => ({ role: "user", text });

test("a longer conversation keeps only what is new", () => {
  const shortener = new RequestShortener();
  const first = [user("task"), user("one"), user("usage 1")];
  shortener.shorten({ messages: first, temperature: 1 }, 4);
  const second = parseStoredRequest(
    shortener.shorten({ messages: [user("task"), user("one"), user("two"), user("usage 2")] }, 7),
  );
  expect(second).toMatchObject({
    base: { operation: 4, messages: 2 },
    messages: [user("two"), user("usage 2")],
  });
});

test("property: every conversation comes back whole, trimmed histories and repeats included", () => {
  const message = fc.constantFrom("a", "b", "c").map(user);
  fc.assert(
    fc.property(fc.array(fc.array(message, { maxLength: 6 }), { maxLength: 12 }), (conversations) => {
      const shortener = new RequestShortener();
      const stored = conversations.map((messages, operation) =>
        parseStoredRequest(shortener.shorten({ messages } satisfies GenerateRequest, operation)),
      );
      const read = (operation: number) => {
        const found = stored[operation];
        if (found === undefined) throw new Error(`no operation ${operation}`);
        return found;
      };
      stored.forEach((request, operation) => {
        expect(expandMessages(request, read)).toEqual(conversations[operation]);
      });
    }),
  );
});
