import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { describe, expect, test } from "vitest";
import { LogCapture } from "./log-capture.ts";

async function capture(chunks: Iterable<string>) {
  const stream = new PassThrough();
  const log = new LogCapture(stream);
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  return log.read();
}

describe("LogCapture", () => {
  test("up to 256 KiB are kept whole", async () => {
    const text = "a".repeat(100_000) + "b".repeat(162_144);
    expect(await capture([text])).toEqual({ text, totalBytes: 262_144 });
    expect((await capture(text.match(/.{1,999}/g) ?? [])).text).toBe(text);
  });

  test("of a longer stream both ends are kept and the rest is counted", async () => {
    const { text, totalBytes } = await capture(["first", ...Array(300).fill("x".repeat(10_000)), "last"]);
    expect(totalBytes).toBe(3_000_009);
    expect(text.startsWith("first")).toBe(true);
    expect(text.endsWith("last")).toBe(true);
    expect(text).toContain(`[… ${3_000_009 - 262_144} bytes left out …]`);
  });

  test("a stream of single characters is kept like any other", async () => {
    const { text, totalBytes } = await capture(Array(300_000).fill("y"));
    expect(totalBytes).toBe(300_000);
    expect(text.replace(/\n.*\n/, "")).toHaveLength(262_144);
  });
});
