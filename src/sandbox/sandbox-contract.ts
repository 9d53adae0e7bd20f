import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { homedir, hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox, SandboxDriver, SandboxSpec } from "./sandbox.ts";

/** What a driver promises beyond running commands. */
export interface ContractSubject {
  readonly driver: SandboxDriver;
  /** False for a driver that only runs commands; the tests of walls are then left out. */
  readonly isolates: boolean;
  /**
   * True for a driver that goes through an engine's command line: it hears exit codes only, and the output of a
   * command closes when the command ends.
   */
  readonly usesEngine: boolean;
  /** Why this machine cannot run the driver; null when it can. */
  readonly missing: string | null;
}

const mebibyte = 1024 * 1024;
const timeoutMs = 20_000;

/** Every sandbox driver passes this. */
export function sandboxContract({ driver, isolates, usesEngine, missing }: ContractSubject): void {
  const title = `Sandbox contract: ${driver.name}${missing === null ? "" : ` (skipped: ${missing})`}`;
  describe.skipIf(missing !== null)(title, { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), "rebench-contract-"));
    let count = 0;

    /** Opens a sandbox on a fresh workspace, with small limits. */
    async function open(change: Partial<SandboxSpec> = {}): Promise<Sandbox> {
      count += 1;
      const workspace = mkdtempSync(join(folder, `workspace-${count}-`));
      return driver.openSandbox({
        workspace,
        mounts: [],
        env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/root", LANG: "C.UTF-8" },
        network: "none",
        devices: [],
        ...change,
        limits: {
          memoryBytes: 512 * mebibyte,
          processes: 100,
          cpuCores: 2,
          diskBytes: 64 * mebibyte,
          openFiles: 200,
          outputBytes: 4 * mebibyte,
          ...change.limits,
        },
      });
    }

    const shell = (
      sandbox: Sandbox,
      script: string,
      options: { timeoutMs?: number; captureChars?: number } = {},
    ) => sandbox.exec(["bash", "-c", script], { timeoutMs, ...options });
    const textOf = async (sandbox: Sandbox, script: string) => (await shell(sandbox, script)).stdout.text;

    let shared: Sandbox;
    const opened: Sandbox[] = [];
    beforeAll(async () => {
      shared = await open();
      opened.push(shared);
    }, 60_000);
    afterAll(async () => {
      for (const sandbox of opened) await sandbox.destroy();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    describe("commands", () => {
      test("C++ and Rust programs are compiled, linked and run", async () => {
        const script = [
          "mkdir compiled && cd compiled",
          "echo 'int main() { return 0; }' > a.cc && c++ -o a a.cc && ./a && echo C++",
          "echo 'fn main() { println!(\"Rust\") }' > b.rs && rustc -o b b.rs && ./b",
          "rm -r ../compiled",
        ];
        expect(await shell(shared, script.join("\n"))).toMatchObject({
          stdout: { text: "C++\nRust\n" },
          stderr: { text: "" },
        });
      });

      test("a command's output, errors and exit code come back", async () => {
        const result = await shell(shared, "echo out; echo err >&2; exit 3");
        expect(result).toMatchObject({
          status: "exited",
          exitCode: 3,
          stdout: { text: "out\n", totalBytes: 4, truncated: false },
          stderr: { text: "err\n", totalBytes: 4, truncated: false },
        });
      });

      test("arguments reach the program as they are", async () => {
        const argv = ["printf", "%s|", "a b", "$HOME", "it's", "*", "", "x=y", "é\n"] as const;
        const result = await shared.exec(argv, { timeoutMs });
        expect(result.stdout.text).toBe("a b|$HOME|it's|*||x=y|é\n|");
      });

      test("a program that does not exist ends with exit code 127", async () => {
        const result = await shared.exec(["no-such-program"], { timeoutMs });
        expect(result).toMatchObject({ status: "exited", exitCode: 127 });
        expect(result.stderr.text).toContain("no-such-program");
      });

      test("a command killed by a signal says which", async () => {
        const expected = usesEngine
          ? { status: "exited", exitCode: 143 }
          : { status: "signaled", signal: "SIGTERM" };
        expect(await shell(shared, "kill -TERM $$")).toMatchObject(expected);
      });

      test("commands begin in the workspace, or where they are told", async () => {
        expect(await textOf(shared, "pwd")).toBe(`${shared.workspaceInside}\n`);
        await shell(shared, "mkdir -p below/deep");
        const cwd = `${shared.workspaceInside}/below/deep`;
        expect((await shared.exec(["pwd"], { timeoutMs, cwd })).stdout.text).toBe(`${cwd}\n`);
        const lost = await shared.exec(["pwd"], { timeoutMs, cwd: "/no/such/folder" });
        expect(lost.status === "exited" && lost.exitCode).not.toBe(0);
        expect(lost.stderr.text).toContain("/no/such/folder");
      });

      test("variables of one command are added to the sandbox's own", async () => {
        const result = await shared.exec(["printenv", "HOME", "EXTRA"], {
          timeoutMs,
          env: { EXTRA: "a=b c" },
        });
        expect(result.stdout.text).toBe("/root\na=b c\n");
      });

      test("input is given in full, and nobody hangs for want of it", async () => {
        const input = "line\n".repeat(100_000);
        const counted = await shared.exec(["wc", "-c"], { timeoutMs, stdin: input });
        expect(counted.stdout.text.trim()).toBe(String(input.length));
        expect((await shared.exec(["cat"], { timeoutMs })).stdout.text).toBe("");
        const bytes = await shared.exec(["od", "-An", "-tx1"], {
          timeoutMs,
          stdin: new Uint8Array([0, 255, 10]),
        });
        expect(bytes.stdout.text.trim()).toBe("00 ff 0a");
      });

      test("a command that ends without reading its input is an ordinary result", async () => {
        const result = await shared.exec(["true"], { timeoutMs, stdin: new Uint8Array(3 * mebibyte) });
        expect(result).toMatchObject({ status: "exited", exitCode: 0 });
      });

      test("scripts can write to /dev/stderr and /dev/stdout by name", async () => {
        const result = await shell(shared, "echo out > /dev/stdout; echo err > /dev/stderr");
        expect([result.stdout.text, result.stderr.text]).toEqual(["out\n", "err\n"]);
      });

      test("output is told while the command runs", async () => {
        const seen: string[] = [];
        const running = shared.exec(
          ["bash", "-c", "echo first; until [ -e go ]; do sleep 0.02; done; echo second"],
          {
            timeoutMs,
            onOutput: ({ stream, text }) => seen.push(`${stream}:${text}`),
          },
        );
        while (!seen.includes("stdout:first\n")) await delay(10);
        await shared.writeFile("go", "");
        await running;
        expect(seen).toEqual(["stdout:first\n", "stdout:second\n"]);
      });

      test("characters whose bytes come apart are put together, and bytes that are none become U+FFFD", async () => {
        const script = "printf '\\xe2'; sleep 0.1; printf '\\x82\\xac'; printf '\\xff|\\xe2'";
        const parts: string[] = [];
        const result = await shared.exec(["bash", "-c", script], {
          timeoutMs,
          onOutput: ({ text }) => parts.push(text),
        });
        expect(result.stdout.text).toBe("€\uFFFD|\uFFFD");
        expect(parts.join("")).toBe(result.stdout.text);
        expect(result.stdout.totalBytes).toBe(6);
      });

      test("commands may overlap", async () => {
        const waiting = shell(shared, "until [ -e met ]; do sleep 0.02; done; echo waited");
        await shell(shared, "touch met");
        expect((await waiting).stdout.text).toBe("waited\n");
      });
    });

    describe("long output", () => {
      test("the middle is cut, and the notice names the file with all of it", async () => {
        const result = await shell(shared, "seq 1 100000", { captureChars: 1_000 });
        const { text, truncated, totalBytes, fullPath } = result.stdout;
        expect(truncated).toBe(true);
        expect(totalBytes).toBe(588_895);
        expect(text.startsWith("1\n2\n3\n")).toBe(true);
        expect(text.endsWith("99999\n100000\n")).toBe(true);
        expect(text.length).toBeLessThan(1_200);
        expect(text).toContain(fullPath);
        expect(await textOf(shared, `seq 1 100000 | cmp - ${fullPath} && echo same`)).toBe("same\n");
      });

      test("each stream is cut on its own", async () => {
        const result = await shell(shared, "echo short; seq 1 1000 >&2", { captureChars: 100 });
        expect(result.stdout).toEqual({ text: "short\n", totalBytes: 6, truncated: false });
        expect(result.stderr.truncated).toBe(true);
      });

      test("no character is cut in half", async () => {
        const result = await shell(shared, "for i in $(seq 200); do printf '😀'; done", {
          captureChars: 101,
        });
        expect(result.stdout.text).not.toMatch(
          /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/,
        );
      });

      test("what is beyond the sandbox's allowance is counted and dropped", async () => {
        const result = await shell(shared, "head -c 10000000 /dev/zero | tr '\\0' x; echo end", {
          captureChars: 100,
        });
        expect(result.stdout.totalBytes).toBe(10_000_004);
        expect(result.stdout.text.endsWith("xend\n")).toBe(true);
        expect((await textOf(shared, `stat -c %s ${result.stdout.fullPath}`)).trim()).toBe(
          String(4 * mebibyte),
        );
      });
    });

    describe("processes", () => {
      test("background processes survive the command that started them, and are named", async () => {
        const started = await shell(shared, "sleep 1001 & echo started");
        expect(started).toMatchObject({ status: "exited", exitCode: 0, stdout: { text: "started\n" } });
        expect(started.stillRunning).toEqual([{ pid: expect.any(Number), command: "sleep 1001" }]);
        expect(await shared.processes()).toEqual(started.stillRunning);
        await shell(
          shared,
          `kill $1; while [ -e /proc/$1 ]; do sleep 0.01; done`.replaceAll(
            "$1",
            String(started.stillRunning[0]?.pid),
          ),
        );
        expect(await shared.processes()).toEqual([]);
      });

      test.skipIf(usesEngine)(
        "a background process may go on writing to the output nobody reads any more",
        async () => {
          await shell(
            shared,
            "(for i in $(seq 300); do echo $i; head -c 1000 /dev/zero; done; touch wrote) & true",
          );
          expect(await textOf(shared, "until [ -e wrote ]; do sleep 0.02; done; echo alive")).toBe("alive\n");
        },
      );

      test("a timeout kills the whole tree, those in sessions of their own too, and keeps the output", async () => {
        const script = "setsid sleep 1002 & (trap '' TERM INT; sleep 1003) & echo begun; sleep 1004";
        const result = await shell(shared, script, { timeoutMs: 700 });
        expect(result).toMatchObject({ status: "timed-out", exitCode: 124, stdout: { text: "begun\n" } });
        expect(result.stillRunning).toEqual([]);
      });

      test("a timeout spares and names what was detached before", async () => {
        const result = await shell(shared, "(setsid sleep 1005 &); sleep 0.2; sleep 1006", {
          timeoutMs: 700,
        });
        expect(result.status).toBe("timed-out");
        expect(result.stillRunning.map(({ command }) => command)).toEqual(["sleep 1005"]);
        await shell(shared, "pkill -f 'sleep 100[5]'");
      });

      test("a timeout reaches a command that has stopped itself", async () => {
        const result = await shell(shared, "kill -STOP $$", { timeoutMs: 500 });
        expect(result.status).toBe("timed-out");
        expect(await shared.processes()).toEqual([]);
      });

      test("a signal of the caller cancels a command like a timeout", async () => {
        const cancel = new AbortController();
        const running = shared.exec(["bash", "-c", "echo begun; sleep 1007"], {
          timeoutMs,
          signal: cancel.signal,
          onOutput: () => cancel.abort(),
        });
        expect(await running).toMatchObject({
          status: "cancelled",
          stdout: { text: "begun\n" },
          stillRunning: [],
        });
        const never = await shared.exec(["sleep", "1008"], { timeoutMs, signal: AbortSignal.abort() });
        expect(never.status).toBe("cancelled");
      });

      test("nothing stays behind of processes that ended", async () => {
        await shell(shared, "for i in $(seq 20); do (sleep 0.01 &); done; sleep 0.3");
        expect(await shared.processes()).toEqual([]);
      });
    });

    describe("freezing", () => {
      test("nothing inside moves while frozen, and all of it goes on after", async () => {
        await shell(shared, "(while :; do echo >> counter; done) & true");
        while ((await shared.readFile("counter")).status !== "read") await delay(5);
        await shared.freeze();
        await shared.freeze();
        const size = () => statSync(join(shared.workspaceOnHost, "counter")).size;
        const before = size();
        await delay(200);
        expect(size()).toBe(before);
        await shared.thaw();
        while (size() === before) await delay(5);
        await shell(shared, "pkill -f 'echo >> counte[r]'");
      });

      test("a process stopped before stays stopped after", async () => {
        const { stillRunning } = await shell(shared, "sleep 1009 & kill -STOP $!; sleep 0.05");
        const pid = stillRunning[0]?.pid;
        await shared.freeze();
        await shared.thaw();
        expect(await textOf(shared, `cut -d' ' -f3 /proc/${pid}/stat; kill -9 ${pid}`)).toBe("T\n");
      });

      test("a command given while frozen runs after the thaw", async () => {
        await shared.freeze();
        const running = shell(shared, "echo ran");
        await delay(50);
        await shared.thaw();
        expect((await running).stdout.text).toBe("ran\n");
      });

      test("a command given while frozen can be cancelled", async () => {
        await shared.freeze();
        const cancel = new AbortController();
        const running = shared.exec(["true"], { timeoutMs, signal: cancel.signal });
        cancel.abort();
        expect((await running).status).toBe("cancelled");
        await shared.thaw();
      });
    });

    describe("files", () => {
      test("written bytes are read back, parent folders included", async () => {
        const content = new Uint8Array([0, 1, 2, 254, 255, 10, 13]);
        expect(await shared.writeFile("new/folders/data.bin", content)).toEqual({ status: "written" });
        expect(await shared.readFile("new/folders/data.bin")).toEqual({
          status: "read",
          content,
          totalBytes: 7,
        });
        expect(readFileSync(join(shared.workspaceOnHost, "new/folders/data.bin"))).toEqual(
          Buffer.from(content),
        );
      });

      test("paths may be absolute and hold anything a path can", async () => {
        const path = `${shared.workspaceInside}/-odd $name 'x'\n"é"`;
        expect(await shared.writeFile(path, "content")).toEqual({ status: "written" });
        expect(await shared.readFile(path)).toMatchObject({ status: "read", totalBytes: 7 });
        expect(await shared.writeFile("-n", "dash")).toEqual({ status: "written" });
        expect(await shared.readFile("-n")).toMatchObject({ status: "read", totalBytes: 4 });
      });

      test("a read stops at its limit and tells the whole size", async () => {
        await shared.writeFile("long", "x".repeat(1_000));
        const result = await shared.readFile("long", { maxBytes: 10 });
        expect(result).toMatchObject({ status: "read", totalBytes: 1_000 });
        expect(result.status === "read" && result.content.length).toBe(10);
      });

      test("what cannot be read or written is a result with a reason", async () => {
        await shell(shared, "mkfifo pipe; mkdir -p dir");
        for (const path of ["missing", "dir", "pipe", "/dev/zero"]) {
          expect(await shared.readFile(path)).toEqual({
            status: "failed",
            reason: expect.stringMatching(/./),
          });
        }
        expect(await shared.writeFile("dir", "x")).toMatchObject({ status: "failed" });
        expect(await shared.writeFile("/proc/nothing/x", "x")).toMatchObject({ status: "failed" });
      });
    });

    describe("limits", () => {
      test("every limit says how it is held", () => {
        expect(Object.keys(shared.isolation.limits).sort()).toEqual(
          ["cpuCores", "diskBytes", "memoryBytes", "openFiles", "outputBytes", "processes"].sort(),
        );
        expect(shared.isolation.driver).toBe(driver.name);
      });

      test("a command that takes too much memory is stopped and the sandbox lives", async () => {
        await using sandbox = await open();
        const result = await shell(sandbox, "head -c 2G /dev/zero | tail");
        expect(result).toMatchObject({ status: "limit-exceeded", limit: "memory" });
        expect(await textOf(sandbox, "echo alive")).toBe("alive\n");
      });

      test.runIf(isolates)(
        `a fork bomb is held, and killed by the timeout${isolates ? "" : " (skipped: without isolation it may strike the machine)"}`,
        async () => {
          await using sandbox = await open();
          const result = await shell(sandbox, "bomb() { bomb | bomb & wait; }; bomb", { timeoutMs: 1_500 });
          expect(["timed-out", "exited"]).toContain(result.status);
          expect((await sandbox.processes()).length).toBeLessThanOrEqual(100);
          await sandbox.freeze();
          await sandbox.thaw();
        },
      );

      test("no file grows beyond the disk limit", async () => {
        await using sandbox = await open();
        const result = await shell(sandbox, "head -c 100000000 /dev/zero > big");
        expect(result.status === "exited" && result.exitCode === 0).toBe(false);
        expect(statSync(join(sandbox.workspaceOnHost, "big")).size).toBeLessThanOrEqual(64 * mebibyte);
      });

      test("many files that are too much together stop the command, and deleting is still possible", async () => {
        await using sandbox = await open();
        const script = "for i in $(seq 1000); do head -c 20000000 /dev/zero > part$i; sleep 0.1; done";
        expect(await shell(sandbox, script)).toMatchObject({ status: "limit-exceeded", limit: "disk" });
        expect(await shell(sandbox, "rm part*; sleep 1.2; echo gone")).toMatchObject({
          stdout: { text: "gone\n" },
        });
      });

      test("open files are limited", async () => {
        expect((await textOf(shared, "ulimit -n")).trim()).toBe("200");
        const script = "for i in $(seq 300); do exec {descriptor}< /dev/null || exit 9; done";
        expect((await shell(shared, script)).status).toBe("exited");
        expect(await shell(shared, script)).not.toMatchObject({ exitCode: 0 });
      });
    });

    describe("ends", () => {
      test("destroying kills what runs, and a destroyed sandbox says that it is lost", async () => {
        const sandbox = await open();
        await shell(sandbox, "(while :; do echo >> counter; done) & setsid sleep 1010 & true");
        const pending = shell(sandbox, "sleep 1011").catch((error: unknown) => error);
        await delay(100);
        await sandbox.destroy();
        await sandbox.destroy();
        expect(await pending).toMatchObject({ code: "SANDBOX_LOST" });
        const size = () => statSync(join(sandbox.workspaceOnHost, "counter")).size;
        const before = size();
        await delay(150);
        expect(size()).toBe(before);
        await expect(shell(sandbox, "true")).rejects.toMatchObject({ code: "SANDBOX_LOST" });
        await expect(sandbox.readFile("counter")).rejects.toMatchObject({ code: "SANDBOX_LOST" });
      });

      test("a frozen sandbox can be destroyed", async () => {
        const sandbox = await open();
        await shell(sandbox, "sleep 1012 & true");
        await sandbox.freeze();
        await sandbox.destroy();
      });

      test("a workspace outlives its sandbox and serves another", async () => {
        const first = await open();
        await first.writeFile("kept", "content");
        await shell(first, "mkdir sub; mv kept sub/kept; ln -s sub/kept link; chmod 700 sub");
        await first.destroy();
        await using second = await open({ workspace: first.workspaceOnHost });
        expect(await textOf(second, "cat link; mv sub/kept back; echo; cat back")).toBe("content\ncontent");
      });

      test("a missing workspace or mount is named", async () => {
        await expect(open({ workspace: "/no/such/workspace" })).rejects.toMatchObject({
          code: "SANDBOX_SOURCE_MISSING",
          message: expect.stringContaining("/no/such/workspace"),
        });
      });
    });

    gatewayTests(open, isolates);
    if (isolates) wallTests(() => shared, open, folder);
  });
}

/** The only way out that there may be. */
function gatewayTests(open: (change?: Partial<SandboxSpec>) => Promise<Sandbox>, isolates: boolean): void {
  describe("gateway", () => {
    const textOf = async (sandbox: Sandbox, script: string) =>
      (await sandbox.exec(["bash", "-c", script], { timeoutMs })).stdout.text;
    /** Says one line and hears what comes back. */
    const askLine =
      "exec 3<>/dev/tcp/127.0.0.1/$(echo $REBENCH_GATEWAY_URL | cut -d: -f3) && echo question >&3 && cat <&3";
    const answerAs = (name: string) => (connection: Socket) => {
      connection.on("error", () => {});
      connection.once("data", (heard) => connection.end(`${name} heard ${heard.toString()}`));
    };

    test("programs reach it where their variables say, with no key in them", async () => {
      await using sandbox = await open({ network: "gateway", gateway: answerAs("first") });
      expect(await textOf(sandbox, askLine)).toBe("first heard question\n");
      const variables = await textOf(
        sandbox,
        "echo $OPENAI_BASE_URL $ANTHROPIC_BASE_URL $OPENAI_API_KEY $ANTHROPIC_API_KEY | sed s,$REBENCH_GATEWAY_URL,URL,g",
      );
      expect(variables).toBe("URL/v1 URL the-gateway-holds-the-key the-gateway-holds-the-key\n");
    });

    test.runIf(isolates)("programs reach nothing beside it", async () => {
      const server = createServer((socket) => socket.end("reached"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      await using sandbox = await open({ network: "gateway", gateway: answerAs("first") });
      expect(await textOf(sandbox, `cat < /dev/tcp/127.0.0.1/${port} 2>&1`)).not.toContain("reached");
      expect(await textOf(sandbox, "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' \\n'")).toBe("lo");
      expect(await textOf(sandbox, "tail -n +2 /proc/net/route; cat /proc/net/unix | tail -n +2")).toBe("");
      expect(await textOf(sandbox, "(echo > /dev/tcp/1.1.1.1/53) 2>/dev/null || echo unreachable")).toBe(
        "unreachable\n",
      );
      server.close();
    });

    test.runIf(isolates)("a sandbox that is not to have it has neither way nor variables", async () => {
      for (const change of [
        { network: "none", gateway: answerAs("first") },
        { network: "gateway" },
      ] as const) {
        await using sandbox = await open(change);
        expect(await textOf(sandbox, "echo > /dev/tcp/127.0.0.1/4000 || echo closed")).toBe("closed\n");
        expect(await textOf(sandbox, "env | grep -c -e GATEWAY -e API_KEY")).toBe("0\n");
      }
    });

    test("each sandbox has its own, also at the same address", async () => {
      await using one = await open({ network: "gateway", gateway: answerAs("first") });
      await using other = await open({ network: "gateway", gateway: answerAs("second") });
      const answers = await Promise.all([textOf(one, askLine), textOf(other, askLine)]);
      expect(answers).toEqual(["first heard question\n", "second heard question\n"]);
    });

    test.runIf(isolates)("it outlives whatever programs inside kill, bind or exhaust", async () => {
      await using sandbox = await open({ network: "gateway", gateway: answerAs("first") });
      await textOf(sandbox, "kill -9 -1; true");
      await sandbox.exec(["bash", "-c", "bomb() { bomb | bomb & wait; }; bomb"], { timeoutMs: 700 });
      const bind =
        "import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); " +
        "s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); s.bind(('127.0.0.1', 4000)); s.listen()";
      expect(await textOf(sandbox, `python3 -c "${bind}" 2>/dev/null || echo refused`)).toBe("refused\n");
      expect(await textOf(sandbox, askLine)).toBe("first heard question\n");
    });

    test("what was asked before a freeze is heard after the thaw", async () => {
      const connections: Socket[] = [];
      const arrived = Promise.withResolvers<void>();
      await using sandbox = await open({
        network: "gateway",
        gateway: (connection) => {
          connections.push(connection);
          connection.on("error", () => {});
          connection.once("data", () => arrived.resolve());
        },
      });
      const asking = textOf(sandbox, askLine);
      await arrived.promise;
      await sandbox.freeze();
      connections[0]?.end("late answer\n");
      await delay(50);
      await sandbox.thaw();
      expect(await asking).toBe("late answer\n");
    });

    test("it ends with the sandbox", async () => {
      const closed = Promise.withResolvers<void>();
      const arrived = Promise.withResolvers<void>();
      const sandbox = await open({
        network: "gateway",
        gateway: (connection) => {
          connection.on("error", () => {});
          connection.once("data", () => arrived.resolve());
          connection.once("close", () => closed.resolve());
          connection.resume();
        },
      });
      const asking = textOf(sandbox, askLine).catch(() => "lost");
      await arrived.promise;
      await sandbox.destroy();
      await closed.promise;
      await asking;
    });
  });
}

/** What keeps the inside in and the outside out. */
function wallTests(
  shared: () => Sandbox,
  open: (change?: Partial<SandboxSpec>) => Promise<Sandbox>,
  folder: string,
): void {
  describe("walls", () => {
    const textOf = async (script: string, sandbox = shared()) =>
      (await sandbox.exec(["bash", "-c", script], { timeoutMs })).stdout.text;

    test("a command has exactly the sandbox's variables", async () => {
      const result = await shared().exec(["env"], { timeoutMs });
      expect(
        result.stdout.text
          .split("\n")
          .filter((line) => !/^(HOSTNAME|container|TERM)=/.test(line))
          .sort(),
      ).toEqual(["", "HOME=/root", "LANG=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"]);
    });

    test("no name of this machine, its user or its folders can be read", async () => {
      const view = await textOf(
        "cat /proc/self/mountinfo /proc/mounts /proc/*/cmdline /proc/*/environ /proc/self/cgroup " +
          "/etc/passwd /etc/group /etc/hosts /etc/hostname 2>/dev/null; " +
          "hostname; uname -n; id; ls -l /proc/self/fd /proc/1/fd /proc/1/cwd /proc/1/root 2>/dev/null; ls -laR /root /tmp /run",
      );
      if (shared().isolation.hidesHostPaths) expect(view).not.toContain(folder);
      // Short and common names stand in any mount table.
      const isTelling = (name: string) => name.length > 4 && !["root", "/root", "nobody"].includes(name);
      for (const name of [hostname(), process.cwd(), homedir(), userInfo().username].filter(isTelling)) {
        expect(view).not.toContain(name);
      }
      expect(await textOf("uname -n")).toBe("sandbox\n");
    });

    test("the environment of the first process cannot be read, nor its descriptors used", async () => {
      expect(
        await textOf(
          "cat /proc/1/environ 2>/dev/null | tr '\\0' '\\n' | grep -c -i -e home/ -e token -e key",
        ),
      ).toBe("0\n");
      expect(
        await textOf(
          "ls /proc/1/fd 2>&1 >/dev/null | grep -c denied; ls /proc/1/root/ >/dev/null 2>&1 || echo closed",
        ),
      ).toMatch(/./);
    });

    test("only processes of the sandbox are seen", async () => {
      const names = await textOf("for p in /proc/[0-9]*; do cat $p/comm; done");
      expect(
        names
          .split("\n")
          .filter((name) => !["", "sleep", "bash", "cat", "catatonit", "tini", "sh"].includes(name)),
      ).toEqual([]);
    });

    test("there is no network, not even to this machine", async () => {
      const server = createServer((socket) => socket.end("reached"));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      expect(await textOf(`cat < /dev/tcp/127.0.0.1/${port} 2>&1`)).not.toContain("reached");
      expect(await textOf("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' \\n'")).toBe("lo");
      server.close();
    });

    test("links lead nowhere outside, for the sandbox's own reading and writing too", async () => {
      const outside = join(folder, "outside");
      writeFileSync(outside, "host secret");
      await textOf(`ln -s ${outside} out; ln -s ${folder} all; ln -s /proc/1/root root`);
      expect(await textOf("cat out all/outside root/etc/shadow 2>/dev/null")).toBe("");
      expect(await shared().readFile("out")).toMatchObject({ status: "failed" });
      await shared().writeFile("out", "overwritten");
      await shared().writeFile("all/fresh", "x");
      expect(readFileSync(outside, "utf8")).toBe("host secret");
      expect(() => statSync(join(folder, "fresh"))).toThrow();
    });

    test("nothing inside has capabilities or can get them", async () => {
      const status = await textOf("grep -E '^(Cap|NoNewPrivs)' /proc/self/status | tr -d '\\t'");
      expect(status.trim().split("\n").sort()).toEqual([
        ...["Amb", "Bnd", "Eff", "Inh", "Prm"].map((set) => `Cap${set}:0000000000000000`),
        "NoNewPrivs:1",
      ]);
      expect(await textOf("unshare -U true 2>/dev/null || echo refused")).toBe("refused\n");
      expect(await textOf("unshare -r -m true 2>/dev/null || echo refused")).toBe("refused\n");
      expect(await textOf("mount -t tmpfs none /tmp 2>/dev/null || echo refused")).toBe("refused\n");
    });

    test("processes are nobody of importance on this machine", async () => {
      await shared().writeFile("owned", "x");
      expect(statSync(join(shared().workspaceOnHost, "owned")).uid).not.toBe(0);
    });

    test("the system is read-only and the temporary folders are bounded", async () => {
      expect(
        await textOf(
          "for f in /x /usr/x /etc/x /bin/x /dev/x /proc/x; do touch $f 2>/dev/null && echo $f; done; true",
        ),
      ).toBe("");
      const filled = await textOf(
        "head -c 1G /dev/zero > /tmp/fill; head -c 1G /dev/zero > /dev/shm/fill; stat -c %s /tmp/fill /dev/shm/fill; rm /tmp/fill /dev/shm/fill",
      );
      for (const size of filled.trim().split("\n")) expect(Number(size)).toBeLessThanOrEqual(128 * mebibyte);
    });

    test("the keeper can be neither killed nor stopped nor traced", async () => {
      await shared().exec(["bash", "-c", "kill -9 1; kill -STOP 1; kill -TERM 1; kill -9 -1; sleep 0.1"], {
        timeoutMs,
      });
      expect(await textOf("echo alive")).toBe("alive\n");
    });

    test("mounts are shown read-only, folders and single files", async () => {
      const source = mkdtempSync(join(folder, "mount, with: odd 'name-"));
      chmodSync(source, 0o755);
      writeFileSync(join(source, "file"), "shown", { mode: 0o644 });
      writeFileSync(join(source, "other"), "not shown", { mode: 0o644 });
      await using sandbox = await open({
        mounts: [
          { source, target: "/data/folder" },
          { source: join(source, "file"), target: "/data/single/file" },
        ],
      });
      expect(await textOf("cat /data/folder/file /data/single/file; ls /data/single", sandbox)).toBe(
        "shownshownfile\n",
      );
      expect(await textOf("echo x 2>/dev/null > /data/folder/file || echo refused", sandbox)).toBe(
        "refused\n",
      );
      expect(await textOf("touch /data/folder/new 2>/dev/null || echo refused", sandbox)).toBe("refused\n");
      expect(await textOf("rm -f /data/single/file 2>/dev/null || echo refused", sandbox)).toBe("refused\n");
      expect(await textOf("cat /proc/self/mountinfo", sandbox)).not.toContain(
        sandbox.isolation.hidesHostPaths ? folder : "\0",
      );
      await expect(open({ mounts: [{ source: "/no/such/mount", target: "/x" }] })).rejects.toMatchObject({
        code: "SANDBOX_SOURCE_MISSING",
      });
    });

    test("two sandboxes do not see each other", async () => {
      await using other = await open();
      await other.exec(["bash", "-c", "sleep 1013 & echo secret > /tmp/mine; echo secret > /dev/shm/mine"], {
        timeoutMs,
      });
      expect(
        await textOf("grep -l 101[3] /proc/[0-9]*/cmdline; cat /tmp/mine /dev/shm/mine 2>/dev/null"),
      ).toBe("");
    });
  });
}
