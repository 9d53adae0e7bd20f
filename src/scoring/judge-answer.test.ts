import { PassThrough } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AnswerReader, parseAnswer } from "./judge-answer.ts";

const requestId = "request-1";
const answer = { requestId, result: "scored", raw: 1.5, message: "", details: { calls: [1, 2] } };
const line = Buffer.from(`${JSON.stringify(answer)}\n`);

/** What the reader makes of a stream that ends. */
async function receive(chunks: readonly Uint8Array[]) {
  const channel = new PassThrough();
  const reader = new AnswerReader(channel, requestId);
  for (const chunk of chunks) channel.write(chunk);
  channel.end();
  await reader.settled;
  return reader.read();
}

describe("AnswerReader", () => {
  test("an answer is the same however its bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(line.length), { maxLength: 6 }), async (cuts) => {
        const edges = [0, ...cuts.toSorted((left, right) => left - right), line.length];
        const chunks = edges.slice(1).map((edge, index) => line.subarray(edges[index], edge));
        expect(await receive(chunks.filter(({ length }) => length > 0))).toEqual({ kind: "answer", answer });
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ["nothing", [], "no-answer"],
    ["half a line", [line.subarray(0, 20)], "no-answer"],
    ["a second line", [line, line], "second-answer"],
    ["a byte after the line", [Buffer.concat([line, Buffer.from(" ")])], "second-answer"],
    ["an empty line first", [Buffer.from("\n"), line], "second-answer"],
    ["a megabyte without a newline", [Buffer.alloc(1 << 20, "x")], "answer-too-long"],
    ["a line of 64 KiB and one", [Buffer.from(`${" ".repeat(65_536)}\n`)], "answer-too-long"],
  ] as const)("%s is a fault", async (_what, chunks, fault) => {
    expect(await receive(chunks)).toMatchObject({ kind: "fault", fault });
  });

  test("a line of exactly 64 KiB is read", async () => {
    const padded = Buffer.from(`${JSON.stringify(answer).padEnd(65_535)}\n`);
    expect(await receive([padded])).toMatchObject({ kind: "answer" });
  });
});

describe("parseAnswer", () => {
  test.each([
    ["no JSON", "scored 3"],
    ["NaN as Python writes it", JSON.stringify(answer).replace("1.5", "NaN")],
    ["a number too large to be finite", JSON.stringify(answer).replace("1.5", "1e999")],
    ["an infinite plausible limit", JSON.stringify(answer).replace("1.5", '1.5,"plausibleLimit":-1e999')],
    ["an infinity in the details", JSON.stringify(answer).replace("[1,2]", "1e999")],
    ["a number as text", JSON.stringify({ ...answer, raw: "1.5" })],
    ["no score at all", JSON.stringify({ ...answer, raw: undefined })],
    ["an unknown result", JSON.stringify({ ...answer, result: "won" })],
    ["an extra key", JSON.stringify({ ...answer, normalized: 1 })],
    ["an invalid one without a reason", JSON.stringify({ ...answer, result: "invalid" })],
    ["a message without end", JSON.stringify({ ...answer, message: "x".repeat(8_001) })],
    [
      "nesting without end",
      JSON.stringify(answer).replace("[1,2]", `${"[".repeat(30_000)}${"]".repeat(30_000)}`),
    ],
    ["an array", "[]"],
    ["null", "null"],
  ])("%s is malformed", (_what, text) => {
    expect(parseAnswer(Buffer.from(text), requestId)).toMatchObject({ fault: "malformed-answer" });
  });

  test("bytes that are no UTF-8 are malformed", () => {
    const bytes = Buffer.from(JSON.stringify({ ...answer, message: "?" }));
    bytes[bytes.indexOf("?")] = 0xff;
    expect(parseAnswer(bytes, requestId)).toMatchObject({ fault: "malformed-answer" });
  });

  test("the answer to another request is none", () => {
    expect(parseAnswer(Buffer.from(JSON.stringify(answer)), "request-2")).toMatchObject({
      fault: "wrong-request-id",
    });
  });

  test("whatever the bytes, the outcome is a value", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parseAnswer(bytes, requestId).kind).toBe("fault");
      }),
    );
  });
});
