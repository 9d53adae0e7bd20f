import { expect } from "vitest";
import type { EndedRebench } from "../command-line/rebench.ts";

/** What a person and a program must be told. */
export interface ExpectedError {
  readonly exitCode: 2 | 3 | 4 | 5;
  readonly code: string;
  /** Words of the message: the thing and its place. */
  readonly says: readonly string[];
  /** Words of the remedy. */
  readonly remedy: string;
}

/**
 * One error, told once and in full: its message and remedy on stderr, no stack trace, the exit code, and for
 * `--json` one object on stdout. Without `--json` stdout is empty.
 */
export function expectOneError(ended: EndedRebench, expected: ExpectedError): void {
  const { stdout, stderr, exitCode } = ended;
  expect(stderr.match(/^error/gm), stderr).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  expect(stderr).toContain(`error ${expected.code}: `);
  for (const words of [...expected.says, expected.remedy]) expect(stderr).toContain(words);
  expect(exitCode).toBe(expected.exitCode);
  if (stdout === "") return;
  const { error } = JSON.parse(stdout);
  expect(Object.keys(error).sort()).toEqual(["code", "fault", "message", "remedy"]);
  expect(error.code).toBe(expected.code);
  for (const words of expected.says) expect(error.message).toContain(words);
  expect(error.remedy).toContain(expected.remedy);
}

/** As {@link expectOneError}, for a command that was given `--json`. */
export function expectOneJsonError(ended: EndedRebench, expected: ExpectedError): void {
  expect(ended.stdout).not.toBe("");
  expectOneError(ended, expected);
}
