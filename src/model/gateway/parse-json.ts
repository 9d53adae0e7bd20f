import type { z } from "zod";
import { type Refusal, refuse } from "./refusal.ts";

/** Deepest nesting of arrays and objects taken; schemas of tools rarely pass 20. */
const deepest = 64;

/** Most values taken in one body. */
const mostValues = 200_000;

/**
 * Parses a body without trusting it: nesting is counted before anything walks it, and a key that would become the
 * prototype of a copy is refused.
 */
export function parseBody(bytes: Uint8Array): { readonly body: unknown } | { readonly refusal: Refusal } {
  const malformed = (message: string) => ({ refusal: refuse("body_malformed", message) });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return malformed("the body is not UTF-8");
  }
  if (isTooDeep(text)) return malformed(`the body is nested deeper than ${deepest} levels`);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return malformed("the body is not JSON");
  }
  const problem = findValueProblem(body);
  return problem === null ? { body } : malformed(problem);
}

/** The first thing wrong with a body, as a refusal that names its field. */
export function toRefusal(error: z.ZodError): Refusal {
  const issue = deepestIssue(error.issues);
  if (issue === null) return refuse("body_malformed", "the body is not a request of this protocol");
  const keys = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  const path = [...issue.path, ...keys].map(String).join(".").slice(0, 100);
  const problem =
    issue.code === "unrecognized_keys" ? "the gateway does not know or does not allow it" : issue.message;
  return refuse("parameter_not_allowed", `${path}: ${problem.slice(0, 300)}`, path === "" ? null : path);
}

/** In a union the branch that came furthest says best what was meant. */
function deepestIssue(
  issues: readonly z.core.$ZodIssue[],
  before: readonly PropertyKey[] = [],
): z.core.$ZodIssue | null {
  let best: z.core.$ZodIssue | null = null;
  for (const issue of issues) {
    const here = { ...issue, path: [...before, ...issue.path] };
    const inner =
      issue.code === "invalid_union" ? issue.errors.map((branch) => deepestIssue(branch, here.path)) : [];
    for (const candidate of [here, ...inner]) {
      if (candidate !== null && (best === null || candidate.path.length > best.path.length)) best = candidate;
    }
  }
  return best;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

function findValueProblem(body: unknown): string | null {
  const pending: unknown[] = [body];
  let values = 0;
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    values += 1;
    if (values > mostValues) return `the body holds more than ${mostValues} values`;
    if (typeof value !== "object" || value === null) continue;
    if (Object.hasOwn(value, "__proto__")) return 'the body has a key "__proto__"';
    for (const inner of Object.values(value)) pending.push(inner);
  }
  return null;
}
