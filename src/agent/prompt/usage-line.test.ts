import { expect, test } from "vitest";
import type { BudgetReading } from "../../run/index.ts";
import { usageLine } from "./usage-line.ts";

const reading = (timeShare: number, tokenShare: number | null): BudgetReading => ({
  time: { usedMs: timeShare * 1_800_000, limitMs: 1_800_000 },
  tokens: { used: (tokenShare ?? 0) * 2_000_000, limit: tokenShare === null ? null : 2_000_000 },
  costUsd: { used: null, limit: null },
});
const nudges = (line: string) => line.match(/Note:|IMPORTANT:/g) ?? [];

test("leads with the larger of time and token share, in numbers with units", () => {
  expect(usageLine(reading(0.5, 0.25))).toBe(
    "Budget: 50 % of your time limit is used (time 15 min of 30 min, 15 min left; tokens 500,000 of 2,000,000).",
  );
  expect(usageLine(reading(0.25, 0.5))).toMatch(/^Budget: 50 % of your token budget is used/);
});

test("leads with time on ties", () => {
  expect(usageLine(reading(0.5, 0.5))).toMatch(/^Budget: 50 % of your time limit is used/);
});

test("nudges once above 75 % and strongly above 90 %, whichever share it is", () => {
  expect(nudges(usageLine(reading(0.76, 0.5)))).toEqual(["Note:"]);
  expect(nudges(usageLine(reading(0.5, 0.76)))).toEqual(["Note:"]);
  expect(nudges(usageLine(reading(0.91, 0.5)))).toEqual(["IMPORTANT:"]);
  expect(nudges(usageLine(reading(0.75, 0.5)))).toEqual([]);
  expect(nudges(usageLine(reading(0.9, 0.5)))).toEqual(["Note:"]);
});

test("leaves out limits there are not, and says when the cost is not known", () => {
  expect(usageLine(reading(0.1, null))).toBe(
    "Budget: 10 % of your time limit is used (time 3 min of 30 min, 27 min left).",
  );
  const limited = { ...reading(0.1, null), costUsd: { used: null, limit: 5 } };
  expect(usageLine(limited)).toContain("cost unknown of $5.00");
});
