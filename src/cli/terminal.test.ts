import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** Everything a hostile title could carry: a window title, a clipboard, a cleared screen, an 8-bit one, a reordering. */
const hostile = "a\u001b]0;title\u0007b\u001b]52;c;cm0=\u0007c\u001b[2Jd\u009b2Je\u202ef";
const harmless = /^[^\p{Cc}\u202e]*$/u;

/** What a terminal gets on stdout and stderr together. */
function printed(statement: string, env: NodeJS.ProcessEnv = {}): string {
  const program = `
    import { Terminal } from ${JSON.stringify(new URL("./terminal.ts", import.meta.url).href)};
    const terminal = new Terminal(process.stdout, process.stdout);
    const hostile = ${JSON.stringify(hostile)};
    ${statement}`;
  return execFileSync(process.execPath, ["--input-type=module-typescript", "-e", program], {
    encoding: "utf8",
    env,
  });
}

test.each([
  "terminal.print(hostile)",
  "terminal.say(hostile)",
  "terminal.progress(hostile, hostile)",
  "terminal.printTable([hostile], [[hostile]])",
  "terminal.printJson({ [hostile]: hostile })",
])("nothing that steers a terminal passes %s", (statement) => {
  const text = printed(statement);
  expect(text).toMatch(/a.*b.*c.*d.*e.*f/);
  for (const line of text.split("\n")) expect(line).toMatch(harmless);
});

test("a cell of a table stays on its line", () => {
  expect(printed('terminal.printTable(["heading"], [["one\\nchain head 00"]])')).toMatch(/one chain head 00/);
});

test("our own colours pass", () => {
  expect(printed('terminal.print(terminal.style("red", "x"))', { FORCE_COLOR: "1" })).toBe(
    "\u001b[31mx\u001b[39m\n",
  );
});
