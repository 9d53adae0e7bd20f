import { blankOut, type Language } from "./blank-out.ts";

/** A named number in a file. */
export interface Constant {
  readonly path: string;
  readonly name: string;
  /** Which of the constants of this name in its file, from 0: an identity that outlives edits of values. */
  readonly ordinal: number;
  /** Where the number stands, as offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly kind: "integer" | "float";
  readonly value: number;
  /** The number as written. */
  readonly literal: string;
}

const number = String.raw`[-+]?(?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][-+]?\d+)?`;

/** Each pattern has the groups `name` and `number`. */
const patterns: Readonly<Record<Language, readonly RegExp[]>> = {
  // Assignments, annotated ones, and keyword arguments; nothing that goes on as an expression.
  python: [
    new RegExp(
      String.raw`(?<![\w.])(?<name>[A-Za-z_]\w*)[ \t]*(?::[ \t]*(?:int|float)[ \t]*)?=[ \t]*(?<number>${number})(?=[ \t]*(?:[,);\n]|$))`,
      "gd",
    ),
  ],
  c: [
    new RegExp(
      String.raw`#[ \t]*define[ \t]+(?<name>[A-Za-z_]\w*)[ \t]+\(?(?<number>${number})(?=[uUlLfF]*\)?[ \t]*(?:\n|$))`,
      "gd",
    ),
    new RegExp(
      String.raw`\b(?:const|constexpr)\b[\w:<>\s]{0,80}?\b(?<name>[A-Za-z_]\w*)[ \t]*(?:=[ \t]*|\{[ \t]*)(?<number>${number})(?=[uUlLfF]*[ \t]*[,;}])`,
      "gd",
    ),
  ],
  yaml: [
    new RegExp(
      String.raw`^[ \t]*(?:-[ \t]+)?(?<name>[\w.-]+):[ \t]+(?<number>${number})(?=[ \t]*\r?$)`,
      "gdm",
    ),
  ],
  toml: [
    new RegExp(String.raw`^[ \t]*(?<name>[\w.-]+)[ \t]*=[ \t]*(?<number>${number})(?=[ \t]*\r?$)`, "gdm"),
  ],
  json: [new RegExp(String.raw`"(?<name>[^"\\\n]+)"\s*:\s*(?<number>${number})(?=\s*[,}\]])`, "gd")],
};

/** Names whose change is no improvement: chance, identity, format. */
const leftAlone = /(?:^|_)(?:seed|version|schema)|(?:Seed|Version)$|^__/;

/** Finds the named numeric constants of one file, in order; numbers written in hexadecimal or as expressions are not. */
export function findConstants(path: string, text: string): readonly Constant[] {
  const language = languageOf(path);
  if (language === null) return [];
  const bare = blankOut(text, language);
  const found = patterns[language].flatMap((pattern) =>
    [...bare.matchAll(pattern)].flatMap((match) => {
      const name = match.groups?.name;
      const literal = match.groups?.number;
      const place = match.indices?.groups?.number;
      if (name === undefined || literal === undefined || place === undefined || leftAlone.test(name))
        return [];
      const value = Number(literal.replaceAll("_", ""));
      if (!Number.isFinite(value)) return [];
      const kind = /[.eE]/.test(literal) ? ("float" as const) : ("integer" as const);
      return [{ path, name, start: place[0], end: place[1], kind, value, literal }];
    }),
  );
  found.sort((a, b) => a.start - b.start);
  const seen = new Map<string, number>();
  return found.map((constant) => {
    const ordinal = seen.get(constant.name) ?? 0;
    seen.set(constant.name, ordinal + 1);
    return { ...constant, ordinal };
  });
}

function languageOf(path: string): Language | null {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (extension === "py") return "python";
  if (["c", "h", "cc", "cpp", "cxx", "hpp", "cu", "cuh"].includes(extension)) return "c";
  if (extension === "yaml" || extension === "yml") return "yaml";
  if (extension === "toml") return "toml";
  return extension === "json" ? "json" : null;
}
