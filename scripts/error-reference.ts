import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ErrorDefinition } from "../src/errors/index.ts";

/** One error as the reference page tells it. */
export interface ErrorEntry {
  readonly code: string;
  /** Folder of `src` that throws it. */
  readonly folder: string;
  readonly definition: Pick<ErrorDefinition<never>, "fault" | "exitCode">;
  readonly message: string;
  readonly remedy: string;
}

/** Every error of every catalogue (`errors.ts`) below a folder of sources, by folder and code. */
export async function collectErrors(sourceRoot: string): Promise<readonly ErrorEntry[]> {
  const files = readdirSync(sourceRoot, { recursive: true })
    .map(String)
    .filter((file) => /(^|\/)errors\.ts$/.test(file))
    .sort();
  const entries: ErrorEntry[] = [];
  for (const file of files) {
    const exported: Readonly<Record<string, unknown>> = await import(
      pathToFileURL(join(sourceRoot, file)).href
    );
    for (const value of Object.values(exported)) {
      for (const [code, definition] of definitionsOf(value)) {
        entries.push({
          code,
          folder: dirname(file),
          definition,
          message: sample(definition.message),
          remedy: sample(definition.remedy),
        });
      }
    }
  }
  return entries.sort((a, b) => (`${a.folder} ${a.code}` < `${b.folder} ${b.code}` ? -1 : 1));
}

/** The page `docs/errors.md`. */
export function toErrorReference(entries: readonly ErrorEntry[]): string {
  const folders = [...new Set(entries.map(({ folder }) => folder))];
  const sections = folders.map((folder) => {
    const rows = entries
      .filter((entry) => entry.folder === folder)
      .map(
        ({ code, definition, message, remedy }) =>
          `### ${code}\n\n${definition.fault} · exit code ${definition.exitCode}\n\n> ${toQuote(message)}\n\n${toQuote(remedy)}\n`,
      );
    return `## ${folder}\n\n${rows.join("\n")}`;
  });
  return `${head}\n${sections.join("\n")}`;
}

const head = `# Errors

<!-- Written by \`npx node scripts/generate-error-reference.ts\` from the catalogues \`src/*/errors.ts\`. Do not edit. -->

Every error that rebench raises on purpose prints one message with its remedy on stderr, and with \`--json\` the
object \`{"error": {"code", "message", "remedy", "fault"}}\` on stdout. Codes are permanent. Words in angle brackets
are filled in when the error happens.

| exit code | meaning |
|---|---|
| 2 | usage: the command line asked for something that cannot be |
| 3 | environment or set-up: something must be installed, freed or corrected first |
| 4 | the run failed through no fault of the agent |
| 5 | verification failed: a record does not hold |
| 130 | stopped by a person; the run can be resumed |

| fault | whose promise was broken |
|---|---|
| agent | the agent's: the only fault that may lower a score |
| environment | the environment's: its files, judge or anchors |
| platform | the machine's, a provider's or rebench's own |
| caller | the command line's |
`;

type Definitions = Readonly<Record<string, ErrorDefinition<unknown>>>;

function definitionsOf(value: unknown): readonly (readonly [string, ErrorDefinition<unknown>])[] {
  return isCatalogue(value) ? Object.entries(value.definitions) : [];
}

function isCatalogue(value: unknown): value is { readonly definitions: Definitions } {
  return typeof value === "object" && value !== null && "definitions" in value;
}

/** What a template says when each detail is its own name in angle brackets. */
function sample(template: (details: unknown) => string): string {
  return String(template(placeholder([])));
}

/** Stands for any detail: as text its own name, as a list one element of that name. */
function placeholder(path: readonly string[]): unknown {
  const text = `<${path.at(-1) ?? "details"}>`;
  const asText = (): string => text;
  return new Proxy(asText, {
    get(_target, key) {
      if (key === Symbol.toPrimitive || key === "toFixed" || key === "slice" || key === "join") return asText;
      if (key === "map") return (each: (element: unknown) => unknown) => [each(placeholder(path))];
      return typeof key === "symbol" ? undefined : placeholder([...path, key]);
    },
  });
}

function toQuote(text: string): string {
  return text.replaceAll("\n", " ").replaceAll("<", "\\<");
}
