import { afterAll, beforeAll, expect, test } from "vitest";
import { bubblewrapDriver } from "../../sandbox/index.ts";
import { FakeContext, FakeWorld, SandboxMachine, toExecResult } from "../testing/index.ts";
import { createToolset, type Toolset } from "./index.ts";

let machine: SandboxMachine;
let tools: Toolset;

const call = (name: string, given: Record<string, string | number>) =>
  tools.call({ id: "1", name, arguments: given });
const python = (code: string) => call("python", { code });

beforeAll(async () => {
  machine = await SandboxMachine.open(bubblewrapDriver);
  tools = createToolset(new FakeContext({ world: machine, task: { workspace: machine.workspace } }));
});
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
});

test("python keeps variables, imports and its directory between calls, and works in the workspace", async () => {
  expect(await python("import os, json\nx = 20\nos.getcwd()")).toBe(`'${machine.workspace}'`);
  expect(await python("x += 1\nprint(json.dumps(x))\nx * 2")).toBe("21\n42");
  expect(await python("y = x")).toBe("(no output)");
});

test("python shows errors from the agent's own lines on and lives on", async () => {
  await python("def divide(a):\n    return a / 0");
  const answer = await python("print('before')\ndivide(1)");
  expect(answer).toMatch(
    /^before\nTraceback[\s\S]*divide\(1\)[\s\S]*return a \/ 0[\s\S]*ZeroDivisionError: division by zero$/,
  );
  expect(answer).not.toContain("python-session");
  expect(await python("def broken(:")).toContain("SyntaxError");
  expect(await python("import sys; sys.exit(3)")).toMatch(
    /SystemExit: 3\n\(the interpreter keeps running\)$/,
  );
  expect(await python("x")).toBe("21");
});

test("python shows what child processes and C code write, in order", async () => {
  expect(
    await python(
      "import ctypes, subprocess\nprint('a')\nsubprocess.run(['echo', 'b'])\nctypes.CDLL(None).puts(b'c')\nNone",
    ),
  ).toBe("a\nb\nc");
});

test("python gives cells a main module of their own and survives forks that run off their end", async () => {
  expect(
    await python(
      "import os, pickle\nclass Point: pass\ntype(pickle.loads(pickle.dumps(Point()))).__module__",
    ),
  ).toBe("'__main__'");
  expect(await python("child = os.fork()\nif child: _ = os.waitpid(child, 0)\nchild > 0")).toBe(
    "False\nTrue",
  );
  expect(await python("x")).toBe("21");
});

test("python finds modules of the workspace", async () => {
  await call("bash", { command: "echo 'value = 5' > own_module.py" });
  expect(await python("import own_module; own_module.value")).toBe("5");
});

test("python interrupts a call that takes too long and keeps variables", async () => {
  await call("set_timeout", { seconds: 1 });
  const answer = await python("import time\nprint('begun')\ntime.sleep(100)");
  expect(answer).toMatch(
    /^begun\nTraceback[\s\S]*KeyboardInterrupt\nstatus 124: not finished after 1 s and interrupted/,
  );
  expect(await python("x")).toBe("21");
});

test("python interrupts a child process it waits for", async () => {
  const answer = await python("import os\nos.system('sleep 100')");
  expect(answer).toContain("status 124");
  expect(await python("x")).toBe("21");
});

test("python kills an interpreter that is deaf to interrupts, and says that variables are lost", async () => {
  const deaf =
    "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('deaf')\nwhile True: time.sleep(1)";
  expect(await python(deaf)).toMatch(/^deaf\nstatus 124: .* killed/);
  expect(await python("x")).toMatch(
    /^note: the interpreter was gone and has been restarted[^\n]*\nTraceback[\s\S]*NameError/,
  );
});

test("python says when the interpreter died, and restarts it", async () => {
  expect(await python("import os\nprint('last words', flush=True)\nos._exit(0)")).toMatch(
    /^last words\nthe interpreter died during this call/,
  );
  expect(await python("1 + 1")).toMatch(/restarted; earlier variables are lost\n2$/);
});

test("python restarts after a resume that lost the sandbox, and says so", async () => {
  await python("kept = 1");
  await machine.restart();
  expect(await python("kept")).toMatch(/^note: the interpreter was gone[\s\S]*NameError/);
});

test("python takes long code, and output is not mistaken for a status", async () => {
  expect(await python(`text = '${"x".repeat(300_000)}'\nlen(text)`)).toBe("300000");
  expect(await python("import sys\nprint('status 124')\nsys.stderr.write('97\\n')\nNone")).toBe(
    "status 124\n97",
  );
});

test("the interpreter is not named among the agent's background processes", async () => {
  await python("1");
  await call("bash", { command: "true" });
  expect(await call("bash", { command: "true" })).toBe("exit code: 0");
});

test("python explains that there is no Python", async () => {
  const world = new FakeWorld({
    exec: async () => toExecResult({ exitCode: 127, stderr: "python3: not found" }),
  });
  const other = createToolset(new FakeContext({ world }));
  expect(await other.call({ id: "1", name: "python", arguments: { code: "1" } })).toBe(
    "Error: the Python interpreter did not start: exit code: 127\npython3: not found",
  );
});
