import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { collectErrors, toErrorReference } from "../../scripts/error-reference.ts";

const errors = await collectErrors("src");

test("no two folders use the same error code", () => {
  const seen = new Set<string>();
  const twice = errors.filter(({ code }) => seen.size === seen.add(code).size);
  expect(twice).toEqual([]);
});

test("every error says what happened and what to do", () => {
  expect(errors.length).toBeGreaterThan(40);
  for (const { code, message, remedy } of errors) {
    expect.soft(code).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
    expect.soft(message, code).toMatch(/\w/);
    expect.soft(message, code).not.toMatch(/\.$|undefined/);
    expect.soft(remedy, code).toMatch(/\w/);
    expect.soft(remedy, code).not.toContain("undefined");
  }
});

test("docs/errors.md is what `npx node scripts/generate-error-reference.ts` writes", () => {
  expect(readFileSync("docs/errors.md", "utf8")).toBe(toErrorReference(errors));
});
