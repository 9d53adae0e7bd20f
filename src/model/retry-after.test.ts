import { describe, expect, test } from "vitest";
import { parseRetryAfterMs } from "./retry-after.ts";

const wallClockMs = () => Date.parse("2026-11-24T10:00:00Z");

describe("parseRetryAfterMs", () => {
  test.each([
    [{}, null],
    [{ "retry-after": "20" }, 20_000],
    [{ "retry-after": " 1.5 " }, 1500],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after-ms": "250", "retry-after": "20" }, 250],
    [{ "retry-after-ms": "soon", "retry-after": "20" }, 20_000],
    [{ "retry-after": "-5" }, null],
    [{ "retry-after": "" }, null],
    [{ "retry-after": "a while" }, null],
    [{ "retry-after": "1e9" }, null],
    [{ "retry-after": "Tue, 24 Nov 2026 10:00:30 GMT" }, 30_000],
    [{ "retry-after": "Tue, 24 Nov 2026 09:59:30 GMT" }, 0],
    // The server's clock is an hour behind ours; what it means is still half a minute.
    [{ "retry-after": "Tue, 24 Nov 2026 09:00:30 GMT", date: "Tue, 24 Nov 2026 09:00:00 GMT" }, 30_000],
  ] as const)("%j means %s ms", (headers, expected) => {
    expect(parseRetryAfterMs(headers, wallClockMs)).toBe(expected);
  });
});
