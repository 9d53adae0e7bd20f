import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type ListenOptions } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { RunHost } from "../../src/run/index.ts";
import { isAccepted, layOut } from "./attack.ts";
import { openKernel } from "./kernel-bench.ts";
import { carryOut, leaveRunning, shell } from "./live-run.ts";
import { openHost } from "./open-host.ts";

/** A socket of the harness's side, which counts who comes. */
interface Listener extends AsyncDisposable {
  /** A path, a name with an `@` for the abstract ones, or a port. */
  readonly target: string;
  readonly connections: () => number;
}

const judgeTargets = ["@rebench-judge", "47011"];

let host: RunHost;
let folder: string;
let listeners: readonly Listener[];

beforeAll(async () => {
  host = await openHost();
  folder = await mkdtemp(join(tmpdir(), "rebench-reach-"));
  listeners = await Promise.all([
    listen({ path: "\0rebench-harness" }),
    listen({ path: join(folder, "socket") }),
    listen({ host: "127.0.0.1", port: 0 }),
  ]);
});
afterAll(async () => {
  for (const listener of listeners) await listener[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Listens, and connects once itself: what nobody else reached could have been reached. */
async function listen(where: ListenOptions): Promise<Listener> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(where, resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await new Promise<void>((resolve) => {
    const client = where.path === undefined ? connect(port, "127.0.0.1") : connect(where.path);
    client.on("close", () => resolve());
  });
  return {
    target: where.path?.replace("\0", "@") ?? `${port}`,
    connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function expectNobodyElseCame(): void {
  expect(listeners.map(({ connections }) => connections())).toEqual([1, 1, 1]);
}

/** Python that defines `reach()`: whatever of other processes it gets hold of, by any way it knows. */
const reachOut = () => `
import glob, json, socket
targets = json.loads(${JSON.stringify(JSON.stringify([...judgeTargets, ...listeners.map(({ target }) => target)]))})
def connect(target):
    family = socket.AF_INET if target.isdigit() else socket.AF_UNIX
    address = ("127.0.0.1", int(target)) if target.isdigit() else target.replace("@", "\\0")
    with socket.socket(family) as prober:
        prober.connect(address)
def reach():
    reached = glob.glob("/*/held-out.txt") + glob.glob("/dev/shm/held-out.txt")
    seen = [line.split()[7] for line in open("/proc/net/unix").readlines()[1:] if len(line.split()) > 7]
    for target in targets + seen:
        try:
            connect(target)
            reached.append(target)
        except OSError:
            pass
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            if b"judge_main" in open(path, "rb").read(): reached.append(path)
        except OSError:
            pass
    return reached
`;

/** Opens what could be reached, reaches each once itself, and scores the connections that came. */
const listeningJudge = `
import select, socket, time
from pathlib import Path
from rebench_common.protocol import JudgeRequest, Scored

def score(request: JudgeRequest) -> Scored:
    for folder in (request.scratch, "/tmp", "/dev/shm"):
        Path(folder, "held-out.txt").write_text("held out")
    addresses = ((socket.AF_UNIX, "\\0rebench-judge"), (socket.AF_INET, ("127.0.0.1", 47011)))
    listeners = [socket.socket(family) for family, _ in addresses]
    for listener, (family, address) in zip(listeners, addresses):
        listener.bind(address)
        listener.listen()
        socket.socket(family).connect(address)
    count, end = 0, time.monotonic() + 1.5
    while (left := end - time.monotonic()) > 0:
        for listener in select.select(listeners, [], [], left)[0]:
            listener.accept()
            count += 1
    return Scored(float(count), f"{count} connections")
`;

test("a process of the agent's reaches neither judge nor harness, though it runs on while the judge works", async () => {
  const prober = `${reachOut()}
import itertools, os
reached = set()
for rounds in itertools.count(1):
    reached.update(reach())
    with open("/tmp/draft", "w") as file: json.dump({"rounds": rounds, "reached": sorted(reached)}, file)
    os.rename("/tmp/draft", "/tmp/report")
    open("/tmp/ready", "w").close()
`;
  const report = z.strictObject({ rounds: z.int(), reached: z.array(z.string()) });
  const reports: z.infer<typeof report>[] = [];
  await using run = await carryOut(
    host,
    async (context) => {
      await leaveRunning(context, prober);
      reports.push(report.parse(JSON.parse(await shell(context, "cat /tmp/report"))));
      await context.score();
      reports.push(report.parse(JSON.parse(await shell(context, "cat /tmp/report"))));
    },
    { files: { "judge/judge.py": listeningJudge } },
  );
  const [before, after] = reports;
  expect(after?.reached).toEqual([]);
  expect(after?.rounds).toBeGreaterThan(before?.rounds ?? 0);
  // Each judge counts its own two.
  expect(run.state.entries.map(({ result }) => result.result === "scored" && result.raw)).toEqual([2, 2]);
  expectNobodyElseCame();
});

test("a submission reaches neither judge nor harness while it is scored", async () => {
  const workspace = join(folder, "workspace");
  await layOut(workspace, []);
  await appendFile(
    join(workspace, "solution.py"),
    `${reachOut()}
honest = prefix_sum
def prefix_sum(x, out):
    if found := reach(): raise RuntimeError(f"reached {found}")
    honest(x, out)
`,
  );
  const { result, log } = await (await openKernel(host, new AbortController().signal)).score(workspace);
  expect(isAccepted(result, [{ result: "scored", atLeastMs: 60 }]), `${JSON.stringify(result)}\n${log}`).toBe(
    true,
  );
  expectNobodyElseCame();
});
