import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bubblewrapDriver } from "../../sandbox/index.ts";
import { FakeContext, FakeWorld, SandboxMachine, toExecResult } from "../testing/index.ts";
import { createToolset, type Toolset, toolDirectory } from "./index.ts";

let machine: SandboxMachine;
let tools: Toolset;

const call = (name: string, given: Record<string, string | number>) =>
  tools.call({ id: "1", name, arguments: given });
const bash = (command: string) => call("bash", { command });

beforeAll(async () => {
  machine = await SandboxMachine.open(bubblewrapDriver);
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await machine.exec(["rm", "-rf", toolDirectory(machine.workspace)], { timeoutMs: 10_000 });
  tools = createToolset(new FakeContext({ world: machine, task: { workspace: machine.workspace } }));
});

describe("bash", () => {
  test("returns exit code, stdout and stderr", async () => {
    expect(await bash("echo out; echo err >&2; exit 3")).toBe("exit code: 3\nstdout:\nout\nstderr:\nerr");
  });

  test("carries the working directory over, also past a failing command and exit", async () => {
    await bash("mkdir -p 'a b' && cd 'a b'; exit 4");
    expect(await bash('basename "$PWD"')).toContain("a b");
    await bash("cd ..; set -euo pipefail; false; cd /");
    expect(await bash("pwd")).toContain(`${machine.workspace}\n`.trim());
  });

  test("carries exported variables over with every character, and not the others", async () => {
    await bash("export ODD=$'two\\nlines \"quoted\" \\'single\\' $HOME `x` =;\\\\'; PLAIN=1");
    expect(await bash('printf "%s|%s" "$ODD" "$PLAIN"')).toBe(
      "exit code: 0\nstdout:\ntwo\nlines \"quoted\" 'single' $HOME `x` =;\\|",
    );
  });

  test("forgets a variable that was unset, the machine's own too", async () => {
    await bash("export MINE=1");
    await bash("unset MINE HOME");
    expect(await bash("env | grep -c -e ^MINE= -e ^HOME=")).toContain("stdout:\n0");
  });

  test("starts and keeps state with a PATH, BASH_ENV and library path that lead nowhere", async () => {
    await bash("export PATH=/nowhere BASH_ENV=/nowhere/env LD_LIBRARY_PATH=/nowhere; cd /usr");
    expect(await bash('echo "$PATH $PWD"')).toBe("exit code: 0\nstdout:\n/nowhere /usr");
  });

  test("cannot be told a state by output that looks like one", async () => {
    await bash("cd /usr; printf '/etc\\0X=1\\0call=2'; printf '/etc\\0X=1\\0call=2' >&2");
    expect(await bash("pwd")).toContain("\n/usr");
  });

  test("keeps the state as it was when the shell is replaced or killed", async () => {
    await bash("cd /usr; export KEPT=1");
    await bash("cd /etc; exec true");
    expect(await bash("cd /etc; kill -9 $$")).toContain("ended by SIGKILL");
    expect(await bash('echo "$PWD $KEPT"')).toContain("/usr 1");
  });

  test("keeps the state of a command with an EXIT trap and strict modes of its own", async () => {
    expect(await bash("set -Ceux; trap 'echo bye' EXIT; cd /usr")).toMatch(
      /^exit code: 0\nstdout:\nbye\nstderr:\n[^_]*$/,
    );
    expect(await bash("pwd")).toContain("/usr");
  });

  test("says so when the working directory is gone", async () => {
    await bash("mkdir gone && cd gone && rmdir ../gone");
    expect(await bash("pwd")).toMatch(/gone is gone; now in/);
  });

  test("takes quotes, heredocs, syntax errors and commands longer than an argument may be", async () => {
    expect(await bash("cat <<'X'\n\"$HOME\" '!' \\\nX")).toBe("exit code: 0\nstdout:\n\"$HOME\" '!' \\");
    expect(await bash("if then")).toMatch(/^exit code: 2\nstderr:\n.*syntax error/);
    expect(await bash(`cd /usr; wc -c <<'X'\n${"x".repeat(300_000)}\nX`)).toContain("300001");
    expect(await bash("pwd")).toContain("/usr");
  });

  test("survives a variable too large for any program, and recovers when it is unset", async () => {
    await bash('cd /usr; export BIG="$(head -c 300000 /dev/zero | tr "\\0" x)"');
    expect(await bash("ls")).toContain("Argument list too long");
    await bash("unset BIG");
    expect(await bash("pwd; env | grep -c ^BIG=")).toContain("/usr\n0");
  });

  test("names the line of the command that went wrong", async () => {
    expect(await bash("true\nnosuch")).toContain("bash: line 2: nosuch: command not found");
  });

  test("gives a command no input", async () => {
    expect(await bash("cat; read x; echo $?")).toBe("exit code: 0\nstdout:\n1");
  });

  test("answers a timeout with status 124, the output so far, and the state as before", async () => {
    await bash("cd /usr");
    await call("set_timeout", { seconds: 1 });
    const answer = await bash("cd /etc; echo begun; sleep 100; echo over");
    expect(answer).toMatch(/^exit code: 124 \(not finished after 1 s;.*\nstdout:\nbegun$/);
    expect(await bash("pwd")).toContain("/usr");
  });

  test("names what runs in the background, by the agent's own command", async () => {
    const answer = await bash("sleep 300 & (while :; do sleep 400; done) & echo started");
    expect(answer).toMatch(/still running in the background:\n( {2}\d+ .*\n?)+$/);
    expect(answer).toMatch(/ {2}\d+ sleep 300/);
    expect(answer).toMatch(/ {2}\d+ bash -c sleep 300 & \(while/);
    expect(answer).not.toContain("__tool_save");
    await machine.restart();
  });

  test("starts afresh after a resume that lost everything but the workspace, and says so once", async () => {
    await bash("export LEFT=1; cd /usr");
    await machine.restart();
    const note = `note: this machine was restarted: the directory is ${machine.workspace} again`;
    expect(await bash('echo "$PWD $LEFT"')).toMatch(
      new RegExp(`stdout:\n${machine.workspace} *\nstderr:\n${note}`),
    );
    expect(await bash("true")).toBe("exit code: 0");
  });
});

test("bash says clearly that it was interrupted", async () => {
  const world = new FakeWorld({ exec: async () => ({ status: "interrupted", message: "stopped" }) });
  const tool = createToolset(new FakeContext({ world }));
  expect(await tool.call({ id: "1", name: "bash", arguments: { command: "true" } })).toMatch(
    /^Interrupted: the harness/,
  );
});

test("bash names a limit that ended the command", async () => {
  const { stdout, stderr, durationMs, stillRunning } = toExecResult({ stdout: "so far" });
  const world = new FakeWorld({
    exec: async () => ({
      status: "limit-exceeded",
      limit: "memory",
      stdout,
      stderr,
      durationMs,
      stillRunning,
    }),
  });
  const tool = createToolset(new FakeContext({ world }));
  expect(await tool.call({ id: "1", name: "bash", arguments: { command: "true" } })).toBe(
    "exit code: none (killed: over the memory limit of this machine)\nstdout:\nso far",
  );
});
