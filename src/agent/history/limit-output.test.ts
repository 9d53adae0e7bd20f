import { expect, test } from "vitest";
import { limitOutput, outputLimitChars } from "./limit-output.ts";

const shown = (length: number, tokenShare: number) =>
  limitOutput("x".repeat(length), outputLimitChars(tokenShare), "the whole text is in /tmp/out.txt");

test("8,001 characters are kept at half of the tokens and cut above", () => {
  expect(shown(8_001, 0.5)).toBe("x".repeat(8_001));
  expect(shown(8_000, 0.51)).toBe("x".repeat(8_000));
  expect(shown(8_001, 0.51)).toBe(
    `${"x".repeat(300)}\n[… 7,401 characters left out; the whole text is in /tmp/out.txt …]\n${"x".repeat(300)}`,
  );
});

test("100,000 characters are kept and 100,001 cut while tokens last", () => {
  expect(shown(100_000, 0)).toHaveLength(100_000);
  expect(shown(100_001, 0)).toMatch(/^x{300}\n\[… 99,401 .*\]\nx{300}$/);
});

test("a character is not cut in half", () => {
  const text = limitOutput(`${"x".repeat(299)}${"🙂".repeat(9_000)}`, 8_000, "");
  expect(text.isWellFormed()).toBe(true);
});
