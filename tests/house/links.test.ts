import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { describe, expect, test } from "vitest";
import * as commands from "../../src/cli/commands/index.ts";
import type { CliContext } from "../../src/cli/context.ts";
import { Terminal } from "../../src/cli/terminal.ts";

/** Every file of a kind that git tracks or would track. */
function listFiles(pattern: string): readonly string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "--", pattern],
    { encoding: "utf8" },
  );
  return listed.split("\n").filter((path) => path !== "" && existsSync(path));
}

const withoutCode = (text: string): string =>
  text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

/** The anchor that a heading gets, as forges make it. */
function toAnchor(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function listAnchors(text: string): readonly string[] {
  return [...text.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    toAnchor(heading),
  );
}

/** Relative links of a page that lead nowhere, as `page: target`. */
function findDeadLinks(page: string): readonly string[] {
  const links = withoutCode(readFileSync(page, "utf8")).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g);
  return [...links].flatMap(([, target = ""]) => {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return [];
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : join(dirname(page), decodeURIComponent(path));
    if (!existsSync(file)) return [`${page}: ${target}`];
    if (anchor === undefined || !file.endsWith(".md")) return [];
    return listAnchors(readFileSync(file, "utf8")).includes(anchor) ? [] : [`${page}: ${target}`];
  });
}

/** The command line, as `rebench --help` shows it; nothing is run. */
function buildProgram(): Command {
  const program = new Command("rebench");
  const context: CliContext = {
    terminal: new Terminal(process.stdout, process.stderr),
    env: {},
    cacheDirectory: "",
    environmentRoots: [],
    signal: new AbortController().signal,
    now: () => 0,
    version: "",
    openHost: () => Promise.reject(new Error("no command is run here")),
  };
  for (const register of Object.values(commands)) register(program, context);
  return program;
}

/** What a page has people type that the command line does not know, as `page: what`. */
function findUnknownCommands(page: string, text: string, program: Command): readonly string[] {
  const typed = text.matchAll(/(?:npx |`)rebench ([a-z][a-z-]*)([^`\n#]*)/g);
  return [...typed].flatMap(([, name = "", rest = ""]) => {
    if (name === "help") return [];
    const command = program.commands.find((candidate) => candidate.name() === name);
    if (command === undefined) return [`${page}: rebench ${name}`];
    const known = command.options.flatMap(({ long, short }) => [long, short]);
    return [...rest.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)]
      .filter(([option]) => !known.includes(option))
      .map(([option]) => `${page}: rebench ${name} ${option}`);
  });
}

/** Source in which only those backticks are left that a message shows. */
function withoutTemplateMarks(source: string): string {
  const kept = "\u0000";
  return source
    .replace(/"[^"\n]*"/g, (text) => text.replaceAll("`", kept))
    .replaceAll("\\`", kept)
    .replaceAll("`", "")
    .replaceAll(kept, "`");
}

describe("documentation", () => {
  const pages = listFiles("*.md");
  const program = buildProgram();

  test("every relative link leads to a file, and every anchor to a heading", () => {
    expect(pages.flatMap(findDeadLinks)).toEqual([]);
  });

  test("every command and option that a page has people type exists", () => {
    const unknown = pages.flatMap((page) => findUnknownCommands(page, readFileSync(page, "utf8"), program));
    expect(unknown).toEqual([]);
  });

  test("every command and option that a message of the program has people type exists", () => {
    const sources = listFiles("src/*.ts").filter((path) => !path.endsWith(".test.ts"));
    const unknown = sources.flatMap((path) =>
      findUnknownCommands(path, withoutTemplateMarks(readFileSync(path, "utf8")), program),
    );
    expect(unknown).toEqual([]);
  });

  test("the index of docs/ names every page of docs/", () => {
    const index = readFileSync("docs/README.md", "utf8");
    const missing = pages
      .filter((page) => /^docs\/(?!README)[^/]+\.md$/.test(page))
      .filter((page) => !index.includes(`(${page.slice("docs/".length)})`));
    expect(missing).toEqual([]);
  });

  test("a dead link and a dead anchor are found; code, addresses and live ones are not", () => {
    const folder = mkdtempSync(join(tmpdir(), "links-"));
    mkdirSync(join(folder, "sub"));
    writeFileSync(join(folder, "sub", "there.md"), "# It is, here!\n");
    const page = join(folder, "page.md");
    writeFileSync(
      page,
      [
        "[a](sub/there.md) [b](sub/there.md#it-is-here) [c](https://example.org/x) `[d](nowhere.md)`",
        "```\n[e](nowhere.md)\n```",
        "[f](nowhere.md) [g](sub/there.md#elsewhere)",
      ].join("\n"),
    );
    expect(findDeadLinks(page)).toEqual([`${page}: nowhere.md`, `${page}: sub/there.md#elsewhere`]);
    rmSync(folder, { recursive: true });
  });

  test.each([
    ["npx rebench fly", ["p: rebench fly"]],
    ["npx rebench run x --agent y --wings 2", ["p: rebench run --wings"]],
    ["type `rebench verify last`", []],
    ["npx rebench confirm last -k 9  # --not-an-option", []],
  ])("of “%s” what does not exist is found", (text, found) => {
    expect(findUnknownCommands("p", text, program)).toEqual(found);
  });
});
