/** Languages in which constants are looked for. */
export type Language = "python" | "c" | "yaml" | "toml" | "json";

/** Comments and strings of each language, longest opening first. JSON keeps its strings: they are its keys. */
const skipped: Readonly<Record<Language, RegExp>> = {
  python:
    /#[^\n]*|"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/g,
  c: /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\[\s\S]|[^"\\\n])*"?|(?<![0-9a-fA-F])'(?:\\[\s\S]|[^'\\\n])*'?/g,
  yaml: /(?<=^|\s)#[^\n]*/g,
  toml: /#[^\n]*|"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'[^'\n]*'?/g,
  json: /$^/g,
};

/** The text with comments and strings turned into spaces; offsets and lines stay as they are. */
export function blankOut(text: string, language: Language): string {
  return text.replaceAll(skipped[language], (match) => match.replaceAll(/[^\n]/g, " "));
}
