import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findHierarchies } from "../control-group-hierarchies.ts";
import { listHostPids, readCommand } from "../process-table.ts";
import { bubblewrapMissing, smallLimits, startProgram } from "../testing/jail-fixtures.ts";
import { type Jail, openJail } from "./jail.ts";
import { keyFilterMissing } from "./key-filter.ts";
import { runnerPrefix } from "./runner-prefix.ts";

const env = { PATH: "/usr/bin:/bin" };
const reason = bubblewrapMissing === null ? "" : ` (skipped: ${bubblewrapMissing})`;

async function outputOf(child: ChildProcess): Promise<string> {
  const [stdout] = await Promise.all([child.stdout === null ? "" : text(child.stdout), once(child, "close")]);
  return stdout;
}

describe.skipIf(bubblewrapMissing !== null)(
  `a judge's jail and the runner inside it${reason}`,
  { timeout: 30_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "rebench-jail-"));
    let jail: Jail;
    let prefix: string[];

    beforeAll(async () => {
      chmodSync(folder, 0o755);
      for (const name of ["snapshot", "assets", "environment/judge/runner"]) {
        mkdirSync(join(folder, name), { recursive: true });
      }
      writeFileSync(join(folder, "snapshot/solution.txt"), "solution");
      writeFileSync(join(folder, "assets/secret.txt"), "held out");
      writeFileSync(join(folder, "environment/judge/judge.txt"), "judge");
      writeFileSync(join(folder, "environment/judge/runner/runner.txt"), "runner");
      jail = await openJail({
        mounts: ["snapshot", "assets", "environment"].map((name) => ({
          source: join(folder, name),
          target: `/${name}`,
        })),
        writable: [],
        temporary: ["/scratch"],
        network: "none",
        limits: smallLimits,
        devices: [],
        allowNesting: true,
      });
      prefix = runnerPrefix({
        snapshot: "/snapshot",
        runner: "/environment/judge/runner",
        shared: [],
        env: { PATH: "/usr/bin:/bin", HOME: "/root" },
        devices: [],
        network: "none",
        limits: smallLimits,
      });
    }, 30_000);

    afterAll(async () => {
      await jail.kill();
      rmSync(folder, { recursive: true, force: true });
    });

    const judge = (script: string, ...args: string[]) =>
      outputOf(
        jail.spawn(["bash", "-c", script, "bash", ...args], {
          env: { ...env, JUDGE_SECRET: "held out" },
          cwd: "/",
          stdio: ["ignore", "pipe", "inherit"],
        }),
      );
    const runner = (script: string, judgeScript = 'exec "$@"') =>
      judge(judgeScript, ...prefix, "bash", "-c", script);

    test("judge and runner reach the gateway where both are to, and a runner that is not does not", async () => {
      await using connected = await openJail({
        mounts: ["snapshot", "environment"].map((name) => ({
          source: join(folder, name),
          target: `/${name}`,
        })),
        writable: [],
        temporary: [],
        network: "gateway",
        gateway: (connection) => void connection.end("gateway\n"),
        limits: smallLimits,
        devices: [],
        allowNesting: true,
      });
      const ask =
        'cat < "/dev/tcp/127.0.0.1/4000" || echo closed; tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d " "';
      const run = (argv: readonly [string, ...string[]]) =>
        outputOf(connected.spawn(argv, { env, cwd: "/", stdio: ["ignore", "pipe", "ignore"] }));
      const inRunner = (network: "none" | "gateway") => {
        const shown = {
          snapshot: "/snapshot",
          runner: "/environment/judge/runner",
          shared: [],
          env,
          devices: [],
        };
        const [program = "", ...rest] = runnerPrefix({ ...shown, network, limits: smallLimits });
        return run([program, ...rest, "bash", "-c", ask]);
      };
      expect(connected.gatewayUrl).toBe("http://127.0.0.1:4000");
      expect(await run(["bash", "-c", ask])).toBe("gateway\nlo\n");
      expect(await inRunner("gateway")).toBe("gateway\nlo\n");
      expect(await inRunner("none")).toBe("closed\nlo\n");
    });

    test("the judge sees what it was given and may write to its scratch folder only", async () => {
      expect(await judge("cat /snapshot/* /assets/* /environment/judge/runner/*")).toBe(
        "solutionheld outrunner",
      );
      expect(await judge("echo kept > /scratch/file && cat /scratch/file")).toBe("kept\n");
      expect(
        await judge(
          "for f in /snapshot/x /assets/x /environment/x /x; do touch $f 2>/dev/null && echo $f; done",
        ),
      ).toBe("");
    });

    test.skipIf(keyFilterMissing !== null)(
      `neither judge nor runner reaches the kernel's key store${keyFilterMissing === null ? "" : ` (skipped: ${keyFilterMissing})`}`,
      async () => {
        // add_key, request_key, keyctl: their numbers on this machine.
        const calls = process.arch === "arm64" ? [217, 218, 219] : [248, 249, 250];
        const script = `foreach my $call (${calls.join(", ")}) { syscall($call, 0, 0, 0, 0, 0); print $! + 0, "\n" }`;
        expect(await judge(`perl -e '${script}'`)).toBe("38\n38\n38\n");
        expect(await runner(`perl -e '${script}'`)).toBe("38\n38\n38\n");
      },
    );

    test("the judge talks to the harness over descriptor 3", async () => {
      const child = jail.spawn(["bash", "-c", "read -r line <&3; echo answer to $line >&3"], {
        env,
        cwd: "/",
        stdio: ["ignore", "ignore", "ignore", "pipe"],
      });
      const channel = child.stdio[3];
      if (!(channel instanceof Socket)) throw new Error("descriptor 3 is no socket");
      channel.write("request\n");
      expect(await text(channel)).toBe("answer to request\n");
    });

    test("the runner sees the snapshot, its own folder and nothing of the judge", async () => {
      expect(await runner("pwd; ls /workspace /runner")).toBe(
        "/workspace\n/runner:\nrunner.txt\n\n/workspace:\nsolution.txt\n",
      );
      expect(
        await runner("cat /assets/* /environment/judge/* /scratch/* /proc/1/root/assets/* 2>/dev/null"),
      ).toBe("");
      expect(await runner("find / -xdev -name secret.txt -o -xdev -name judge.txt 2>/dev/null")).toBe("");
      expect(await runner("cat /proc/*/environ | tr '\\0' '\\n' | grep -c SECRET")).toBe("0\n");
      expect(await runner("printenv HOME PATH; printenv | wc -l")).toMatch(/^\/root\n\/usr\/bin:\/bin\n/);
      expect(await runner(`cat /proc/self/mountinfo | grep -c -F ${folder}`)).toBe("0\n");
    });

    test("the runner sees only processes of its own", async () => {
      const processes = await runner("cat /proc/[0-9]*/comm", 'sleep 1021 & "$@"; kill $!');
      expect(processes).toBe("bwrap\ncat\n");
    });

    test("a link that waits where overlayfs works is taken away, and what it leads to stays as it is", async () => {
      mkdirSync(join(folder, "workspace"));
      mkdirSync(join(folder, "ours"), { mode: 0o755 });
      mkdirSync(join(folder, ".workspace.overlay"));
      symlinkSync(join(folder, "ours"), join(folder, ".workspace.overlay/work"));
      await using _ = await openJail({
        mounts: [],
        writable: [{ source: join(folder, "workspace"), target: "/workspace" }],
        temporary: [],
        network: "none",
        limits: smallLimits,
        devices: [],
        allowNesting: false,
      });
      expect(statSync(join(folder, "ours")).mode & 0o777).toBe(0o755);
    });

    test("the runner can write to its temporary folders and nowhere else", async () => {
      expect(await runner("for d in /tmp /root /dev/shm; do echo $d > $d/file; cat $d/file; done")).toBe(
        "/tmp\n/root\n/dev/shm\n",
      );
      expect(
        await runner(
          "for f in /workspace/x /runner/x /usr/x /etc/x /x /dev/x; do touch $f 2>/dev/null && echo $f; done; true",
        ),
      ).toBe("");
    });

    test("the runner has no capabilities, no network and no way to more namespaces", async () => {
      const status = await runner("grep -E '^(Cap|NoNewPrivs)' /proc/self/status | cut -f2 | sort -u");
      expect(status).toBe("0000000000000000\n1\n");
      expect(await runner("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '")).toBe("lo\n");
      expect(await runner("unshare -U true 2>/dev/null || echo refused")).toBe("refused\n");
      expect(await runner("echo 0 2>&1 > /proc/self/oom_score_adj; cat /proc/self/oom_score_adj")).toMatch(
        /Read-only file system\n1000\n$/,
      );
      expect(await runner("ulimit -c; ulimit -n")).toBe("0\n200\n");
    });

    test("descriptors the judge passes reach the runner, and no others", async () => {
      expect(await runner("cat <&7", 'exec 7<<< passed; exec "$@"')).toBe("passed\n");
      expect(await runner("ls /proc/self/fd | tr '\\n' ' '")).toBe("0 1 2 3 ");
    });

    test("killing the process that starts the runner kills all of it", async () => {
      const script = `"$@" & sleep 0.3; kill -9 $!; for i in $(seq 50); do pgrep -fx "sleep 1022" > /dev/null || exit; sleep 0.1; done; echo left`;
      expect(await runner("sleep 1022 & sleep 1022", script)).toBe("");
    });

    test("the judge can see, stop and continue every process of the runner", async () => {
      const script = `
      "$@" & until pid=$(pgrep -fx "sleep 1023"); do sleep 0.02; done
      kill -STOP $pid; until grep -q ") T" /proc/$pid/stat; do sleep 0.02; done; echo stopped
      kill -CONT $pid; until grep -q ") S" /proc/$pid/stat; do sleep 0.02; done; echo continues
      kill -9 $!`;
      expect(await runner("exec sleep 1023", script)).toBe("stopped\ncontinues\n");
    });

    test("without nesting no program can make a sandbox of its own", async () => {
      await using sealed = await openJail({
        mounts: [],
        writable: [],
        temporary: [],
        network: "none",
        limits: smallLimits,
        devices: [],
        allowNesting: false,
      });
      const script = "bwrap --unshare-user --ro-bind / / true 2>/dev/null || echo refused";
      const child = sealed.spawn(["bash", "-c", script], {
        env,
        cwd: "/",
        stdio: ["ignore", "pipe", "ignore"],
      });
      expect(await outputOf(child)).toBe("refused\n");
    });

    test("descriptors that the harness was started with stay outside", async () => {
      const jailModule = JSON.stringify(new URL("./jail.ts", import.meta.url).href);
      const source = `
      import { spawn } from "node:child_process";
      import { text } from "node:stream/consumers";
      const { openJail } = await import(${jailModule});
      const jail = await openJail(${JSON.stringify({ mounts: [], writable: [], temporary: [], network: "none", limits: smallLimits, devices: [], allowNesting: false })});
      const child = jail.spawn(["ls", "/proc/self/fd"], { env: {}, cwd: "/", stdio: ["ignore", "pipe", "ignore"] });
      console.log((await text(child.stdout)).replaceAll("\\n", " "));
      await jail.kill();
    `;
      const { spawn } = await import("node:child_process");
      const file = openSync(join(folder, "assets/secret.txt"), "r");
      const stdio = ["ignore", "pipe", "inherit", ...Array.from({ length: 9 }, () => file)] as const;
      const harness = spawn(process.execPath, ["--input-type=module-typescript", "-e", source], {
        stdio: [...stdio],
      });
      expect(await outputOf(harness)).toBe("0 1 2 3 \n");
    });
  },
);

describe.skipIf(bubblewrapMissing !== null)(`the death of the harness${reason}`, { timeout: 30_000 }, () => {
  const groupFolders = () =>
    findHierarchies().flatMap(({ base }) => readdirSync(base).filter((name) => name.startsWith("rebench-")));
  const isRunning = (command: string) => listHostPids().some((pid) => readCommand(pid).includes(command));

  for (const { title, freeze, driver, seconds } of [
    {
      title: "takes the sandbox with it",
      freeze: false,
      driver: "bubblewrap/bubblewrap-driver",
      seconds: 1031,
    },
    {
      title: "takes a frozen sandbox with it",
      freeze: true,
      driver: "bubblewrap/bubblewrap-driver",
      seconds: 1032,
    },
    {
      title: "takes a sandbox without isolation with it",
      freeze: false,
      driver: "host/host-driver",
      seconds: 1033,
    },
    {
      title: "takes a frozen one without isolation with it",
      freeze: true,
      driver: "host/host-driver",
      seconds: 1034,
    },
  ]) {
    test(title, async () => {
      const workspace = mkdtempSync(join(tmpdir(), "rebench-death-"));
      const module = JSON.stringify(new URL(`../${driver}.ts`, import.meta.url).href);
      const spec = {
        workspace,
        mounts: [],
        env: { PATH: "/usr/bin:/bin" },
        network: "none",
        limits: smallLimits,
        devices: [],
      };
      const harness = startProgram(`
        const driver = Object.values(await import(${module}))[0];
        const sandbox = await driver.openSandbox(${JSON.stringify(spec)});
        await sandbox.exec(["sh", "-c", "setsid sleep ${seconds} & sleep ${seconds} & true"], { timeoutMs: 5000 });
        void sandbox.exec(["sleep", "${seconds}"], { timeoutMs: 100000 });
        await new Promise((resolve) => setTimeout(resolve, 200));
        ${freeze ? "await sandbox.freeze();" : ""}
        console.log(process.pid);
        setInterval(() => {}, 1000);
      `);
      const harnessPid = await harness.firstLine;
      expect(isRunning(`sleep ${seconds}`)).toBe(true);
      await harness.kill();
      while (isRunning(`sleep ${seconds}`)) await delay(20);
      while (groupFolders().some((name) => name.includes(`-${harnessPid}-`))) await delay(20);
      rmSync(workspace, { recursive: true, force: true });
    });
  }
});
