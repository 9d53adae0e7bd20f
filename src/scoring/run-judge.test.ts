import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type JudgeOutcome, runJudge } from "./run-judge.ts";
import { type FixtureOptions, type JudgeFixture, openJudgeFixture } from "./testing/judge-fixture.ts";

const requestId = "5ca1ab1e";
const seed = "ab".repeat(32);

/** Runs a judge of a few lines of Python in a real jail. */
async function run(judge: string, options: FixtureOptions & RunOptions = {}): Promise<JudgeOutcome> {
  using fixture = openJudgeFixture(judge, options);
  return await runIn(fixture, options);
}

interface RunOptions {
  readonly assetsDirectory?: string;
  readonly signal?: AbortSignal;
}

function runIn(fixture: JudgeFixture, options: RunOptions = {}): Promise<JudgeOutcome> {
  const { environment, toolchain, limits, root } = fixture;
  return runJudge({
    environment,
    scale: "laptop",
    commonDirectory: join(root, "common"),
    assetsDirectory: options.assetsDirectory ?? join(root, "assets"),
    snapshotDirectory: join(root, "snapshot"),
    toolchain,
    limits,
    devices: [],
    seed,
    requestId,
    timeoutSeconds: environment.manifest.scales.laptop.scoringTimeoutSeconds,
    signal: options.signal ?? new AbortController().signal,
  });
}

/** Lets a judge answer with what it finds out, in `details`. */
async function inspect(expression: string): Promise<unknown> {
  const { verdict, logs } = await run(`answer(0, details={"found": ${expression}})`);
  if (verdict.kind !== "answered") throw new Error(`${JSON.stringify(verdict)} ${logs.stderr.text}`);
  return verdict.answer.details.found;
}

/** Command lines of this machine's processes that hold a word. */
function processesWith(word: string): readonly string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8")];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(word));
}

describe("runJudge", () => {
  test("gives the judge its request and hands on its answer", async () => {
    const { verdict, logs } = await run(`
print("a line for the log")
print("another", file=sys.stderr)
answer(1.5, plausibleLimit=0.5, message="for the agent", details={"request": request})
`);
    expect(verdict).toEqual({
      kind: "answered",
      answer: {
        requestId,
        result: "scored",
        raw: 1.5,
        plausibleLimit: 0.5,
        message: "for the agent",
        details: {
          request: {
            requestId,
            environment: "fixture",
            scale: "laptop",
            parameters: { elements: 7 },
            snapshot: "/snapshot",
            assets: "/assets",
            scratch: "/scratch",
            seed,
            runner: expect.arrayContaining(["bwrap", "--"]),
            deadlineSeconds: expect.any(Number),
          },
        },
      },
    });
    expect(logs.stdout.text).toContain("a line for the log");
    expect(logs.stderr.text).toContain("another");
  });

  test("the deadline it is told leaves it time before the limit", async () => {
    const deadline = await inspect('request["deadlineSeconds"]');
    expect(deadline).toBeGreaterThan(15);
    expect(deadline).toBeLessThanOrEqual(27);
  });

  test("the judge sees environment, assets and snapshot, read-only, and can write to its scratch folder", async () => {
    expect(
      await inspect(`[
        open("/assets/held-out.txt").read(), open("/snapshot/solution.py").read(),
        *(os.access(path, os.W_OK) for path in ("/environment", "/common", "/assets", "/snapshot", "/scratch")),
        os.listdir("/scratch"), os.getcwd()]`),
    ).toEqual(["held out", "print('solution')\n", false, false, false, false, true, [], "/scratch"]);
  });

  test("nothing of the harness's environment variables reaches the judge", async () => {
    process.env.REBENCH_TEST_KEY = "sk-secret";
    try {
      expect(await inspect("sorted(os.environ)")).toEqual(
        [
          ...["HOME", "LANG", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE"],
          ...["PYTHONPATH", "PYTHONSAFEPATH", "PYTHONUNBUFFERED", "TMPDIR"],
        ].toSorted(),
      );
    } finally {
      delete process.env.REBENCH_TEST_KEY;
    }
  });

  test("the judge has no network, no host process and no descriptor but its own", async () => {
    // The last descriptor is the listing's own.
    expect(
      await inspect(`[
        [name for _, name in socket.if_nameindex() if name != "lo"],
        len([name for name in os.listdir("/proc") if name.isdigit()]) < 8,
        sorted(int(name) for name in os.listdir("/proc/self/fd"))[:-1]]`),
    ).toEqual([[], true, [0, 1, 2, 3]]);
  });

  test("modules in the snapshot and the scratch folder are not imported", async () => {
    expect(
      await inspect(
        '[path for path in sys.path if path.startswith(("/snapshot", "/scratch", "/assets")) or path == ""]',
      ),
    ).toEqual([]);
  });

  test.each([
    ["an exception", "raise ValueError('oops')", "crashed", /exit code 1/],
    ["an exit without a word", "sys.exit(0)", "no-answer", /0 bytes/],
    ["another exit code", "os._exit(7)", "crashed", /exit code 7/],
    ["a segmentation fault", "os.kill(os.getpid(), 11)", "killed", /SIGSEGV/],
    ["SIGKILL", "os.kill(os.getpid(), 9)", "killed", /SIGKILL/],
    ["a closed descriptor", "channel.close(); sys.exit(0)", "no-answer", /no whole line/],
    ["half an answer", "send(b'{\"requestId\":')", "no-answer", /13 bytes/],
    ["garbage", "send(bytes(range(128, 256)) + b'\\n')", "malformed-answer", /./],
    ["an answer that is no JSON", "send(b'raw = 1.0\\n')", "malformed-answer", /JSON/],
    ["NaN", "answer(float('nan'))", "malformed-answer", /./],
    ["an infinite score", "answer(float('inf'))", "malformed-answer", /./],
    ["an unknown key", "answer(1.0, normalized=1)", "malformed-answer", /normalized/],
    ["two answers", "answer(1.0); answer(2.0)", "second-answer", /after/],
    ["a second answer after a while", "answer(1.0); time.sleep(0.5); answer(2.0)", "second-answer", /after/],
    ["an answer to another request", "answer(1.0, requestId='other')", "wrong-request-id", /another/],
    ["a line of a megabyte", "send(b'x' * 1_000_000)", "answer-too-long", /65536/],
    ["a flood without end", "\nwhile True: send(b'x' * 65536)", "answer-too-long", /65536/],
    ["a crash after the answer", "answer(1.0); sys.exit(3)", "crashed", /exit code 3/],
    ["answers on stdout only", 'print(\'{"result": "scored", "raw": 1}\')', "no-answer", /0 bytes/],
  ] as const)("%s is a failure of the judge", async (_what, judge, failure, problem) => {
    const { verdict } = await run(judge);
    expect(verdict).toEqual({ kind: "failed", failure, problem: expect.stringMatching(problem) });
  });

  test("a traceback is in the log", async () => {
    const { logs } = await run("raise ValueError('oops')");
    expect(logs.stderr.text).toContain("ValueError: oops");
  });

  test("a judge that hangs is timed out, whether it ignores signals, waits or spins", async () => {
    for (const judge of [
      "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32)); time.sleep(1000)",
      "channel.detach(); time.sleep(1000)",
      "\nwhile True: pass",
    ]) {
      expect((await run(judge, { scoringTimeoutSeconds: 1.5 })).verdict).toEqual({ kind: "timed-out" });
    }
  });

  test("a judge that answers in time and does not end is believed and killed", async () => {
    const judge = "answer(1.0); open('/scratch/hanging', 'w'); time.sleep(1000)";
    const { verdict } = await run(judge, { scoringTimeoutSeconds: 3 });
    expect(verdict).toMatchObject({ kind: "answered", answer: { raw: 1 } });
  });

  test("what a judge started dies with it, detached or not", async () => {
    const word = `survivor-${process.pid}`;
    await run(`
import subprocess
for session in (False, True):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "${word}"], start_new_session=session)
answer(1.0)
`);
    expect(processesWith(word)).toEqual([]);
  });

  test("a judge starts a program of the submission in a runner and talks to it over a descriptor", async () => {
    using fixture = openJudgeFixture(`
import subprocess
ours, theirs = socket.socketpair()
program = f"import os, socket; socket.socket(fileno={theirs.fileno()}).sendall(repr((os.getcwd(), sorted(os.listdir('.')), os.listdir('/runner'), [path for path in ('/assets', '/environment', '/common', '/scratch') if os.path.exists(path)], os.access('/workspace', os.W_OK), 'PYTHONPATH' in os.environ, len([name for name in os.listdir('/proc') if name.isdigit()]) < 5)).encode())"
done = subprocess.run([*request["runner"], sys.executable, "-c", program], pass_fds=[theirs.fileno()], capture_output=True)
theirs.close()
answer(0, details={"runner": ours.recv(4096).decode(), "errors": done.stderr.decode()})
`);
    mkdirSync(join(fixture.root, "environment/judge/runner"));
    writeFileSync(join(fixture.root, "environment/judge/runner/runner.py"), "");
    const { verdict } = await runIn(fixture);
    expect(verdict).toMatchObject({
      answer: {
        details: {
          errors: "",
          runner: "('/workspace', ['solution.py'], ['runner.py'], [], False, False, True)",
        },
      },
    });
  });

  test("a gigabyte on stdout and stderr is drained, cut and costs no memory", async () => {
    const before = process.memoryUsage.rss();
    const { verdict, logs } = await run(`
block = b"x" * (1 << 20)
for _ in range(1024):
    os.write(1, block)
    os.write(2, block[:1024])
answer(1.0)
`);
    expect(verdict).toMatchObject({ kind: "answered" });
    expect(logs.stdout.totalBytes).toBeGreaterThan(2 ** 29);
    expect(logs.stdout.text.length).toBeLessThan(300_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 << 20);
  });

  test("a judge that runs out of memory fails and takes nothing with it", async () => {
    const judge = "hoard = []\nwhile True: hoard.append(bytearray(b'x') * (16 << 20))";
    const { verdict } = await run(judge, { limits: { memoryBytes: 128 << 20 } });
    expect(verdict).toMatchObject({ kind: "failed" });
    expect(["out-of-memory", "killed", "crashed"]).toContain(verdict.kind === "failed" && verdict.failure);
  });

  test("the scratch folder is limited", async () => {
    const { verdict, logs } = await run("open('/scratch/big', 'wb').write(bytes(300 << 20))");
    expect(verdict).toMatchObject({ kind: "failed", failure: "crashed" });
    expect(logs.stderr.text).toMatch(/No space left|File too large/);
  });

  test("a place that cannot be opened is a failure that says why", async () => {
    using fixture = openJudgeFixture("answer(1.0)");
    const missing = join(fixture.root, "missing");
    const { verdict } = await runIn(fixture, { assetsDirectory: missing });
    expect(verdict).toMatchObject({
      kind: "failed",
      failure: "not-started",
      problem: expect.stringContaining(missing),
    });
  });

  test("an abort rejects with its reason once everything is gone", async () => {
    const word = `aborted-${process.pid}`;
    const controller = new AbortController();
    const outcome = run(
      `
import subprocess
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", "${word}"])
time.sleep(1000)
`,
      { signal: controller.signal },
    );
    const checked = expect(outcome).rejects.toThrow("stopped by a person");
    while (processesWith(word).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort(new Error("stopped by a person"));
    await checked;
    expect(processesWith(word)).toEqual([]);
  });
});
