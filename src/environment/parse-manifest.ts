import { type Document, isMap, isNode, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { closestName, reasonOf } from "../errors/index.ts";
import type { EnvironmentProblem } from "./errors.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

/** A manifest, or all that is wrong with its text. */
export type ParsedManifest =
  | { readonly status: "parsed"; readonly manifest: Manifest }
  | { readonly status: "broken"; readonly problems: readonly EnvironmentProblem[] };

/** Reads the text of an `environment.yaml`; every problem found names its line and what to do. */
export function parseManifest(text: string, file: string): ParsedManifest {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    return {
      status: "broken",
      problems: document.errors.map((error) => ({
        file,
        line: lines.linePos(error.pos[0]).line,
        key: null,
        problem: `not valid YAML: ${error.message}`,
        remedy: "correct the YAML on that line",
      })),
    };
  }
  let data: unknown;
  try {
    data = document.toJS();
  } catch (error) {
    const problem = `not valid YAML: ${reasonOf(error)}`;
    return {
      status: "broken",
      problems: [{ file, line: null, key: null, problem, remedy: "define the &name before its *name" }],
    };
  }
  const result = manifestSchema.safeParse(data);
  if (result.success) return { status: "parsed", manifest: result.data };
  const problems = result.error.issues.flatMap((issue) => toProblems(issue, data, document, lines, file));
  // A mistyped key is one mistake, not an unknown key and a missing one.
  const mistyped = new Set(problems.map((problem) => problem.meant));
  return {
    status: "broken",
    problems: problems
      .filter((problem) => !(problem.problem === "missing" && mistyped.has(problem.key)))
      .map(({ meant: _, ...problem }) => problem),
  };
}

/** `meant` is the known key that an unknown one stands for, dotted. */
type FoundProblem = EnvironmentProblem & { readonly meant: string | null };

function toProblems(
  issue: z.core.$ZodIssue,
  data: unknown,
  document: Document,
  lines: LineCounter,
  file: string,
): FoundProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => {
      const closest = closestName(key, known);
      return {
        file,
        line: lineOf([...issue.path, key], document, lines),
        key: [...issue.path, key].join("."),
        problem: "unknown key",
        meant: closest === null ? null : [...issue.path, closest].join("."),
        remedy:
          closest === null
            ? `remove "${key}"; keys known here: ${known.join(", ")}`
            : `did you mean "${closest}" instead of "${key}"?`,
      };
    });
  }
  const key = issue.path.join(".");
  const value = valueAt(data, issue.path);
  const expected = describeIssue(issue);
  const at = { file, line: lineOf(issue.path, document, lines), key: key === "" ? null : key, meant: null };
  if (key === "")
    return [
      { ...at, problem: expected, remedy: "write the keys that schemas/environment.schema.json describes" },
    ];
  if (value === undefined) return [{ ...at, problem: "missing", remedy: `add "${key}" (${expected})` }];
  const closest =
    typeof value === "string" && issue.code === "invalid_value"
      ? closestName(value, issue.values.map(String))
      : null;
  const remedy = closest === null ? `correct "${key}"` : `did you mean "${closest}" instead of "${value}"?`;
  return [{ ...at, problem: expected, remedy }];
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
    data,
  );
}

function describeIssue(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `${issue.expected} expected`;
    case "invalid_value":
      return `one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")} expected`;
    default:
      return issue.message;
  }
}

/** Line of the key that the path names, or of the nearest one above it that exists. */
function lineOf(path: readonly PropertyKey[], document: Document, lines: LineCounter): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const name = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isNode(item.key) && item.key.toJSON() === name);
      if (pair !== undefined && isNode(pair.key) && pair.key.range)
        return lines.linePos(pair.key.range[0]).line;
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

const jsonSchemaNode = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

/** Keys that the schema allows at a path, over all members of a union. */
function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  let nodes: unknown[] = [z.toJSONSchema(manifestSchema, { io: "input" })];
  for (const name of [...path, null]) {
    const objects = nodes
      .map((node) => jsonSchemaNode.parse(node))
      .flatMap((node) => [node, ...(node.oneOf ?? []).map((option) => jsonSchemaNode.parse(option))]);
    if (name === null) return [...new Set(objects.flatMap((node) => Object.keys(node.properties ?? {})))];
    nodes = objects.flatMap((node) => node.properties?.[String(name)] ?? []);
  }
  return [];
}
