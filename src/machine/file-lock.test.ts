import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireFileLock } from "./file-lock.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rebench-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs a module in a process of its own, with `acquireFileLock`, `path` and `folder` in scope. */
function runElsewhere(body: string) {
  const script = `
    import { readFile, writeFile } from "node:fs/promises";
    const { acquireFileLock } = await import(${JSON.stringify(new URL("./file-lock.ts", import.meta.url).href)});
    const path = ${JSON.stringify(path)}, folder = ${JSON.stringify(folder)};
    ${body}`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

test("processes that race for it hold it one at a time", async () => {
  const counter = join(folder, "counter");
  await writeFile(counter, "0");
  const children = Array.from({ length: 4 }, () =>
    runElsewhere(`
      for (let i = 0; i < 10; i += 1) {
        await using _ = await acquireFileLock(path);
        const value = Number(await readFile(folder + "/counter", "utf8"));
        await new Promise((resolve) => setTimeout(resolve, 2));
        await writeFile(folder + "/counter", String(value + 1));
      }`),
  );
  for (const [code] of await Promise.all(children.map((child) => once(child, "exit")))) expect(code).toBe(0);
  expect(await readFile(counter, "utf8")).toBe("40");
  expect(await readdir(folder)).toEqual(["counter"]);
});

test("callers within one process hold it one at a time", async () => {
  const order: string[] = [];
  const hold = async (name: string) => {
    await using _ = await acquireFileLock(path);
    order.push(`${name} in`);
    await new Promise((resolve) => setTimeout(resolve, 10));
    order.push(`${name} out`);
  };
  await Promise.all([hold("a"), hold("b")]);
  expect(order.map((entry) => entry.slice(2))).toEqual(["in", "out", "in", "out"]);
});

test("processes that race for a killed holder's lock take it over one at a time", async () => {
  const holder = runElsewhere(`
    await acquireFileLock(path);
    process.stdout.write("held");
    setInterval(() => {}, 1000);`);
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  await once(holder, "exit");
  await writeFile(join(folder, "counter"), "0");
  const children = Array.from({ length: 4 }, () =>
    runElsewhere(`
      await using _ = await acquireFileLock(path);
      const value = Number(await readFile(folder + "/counter", "utf8"));
      await new Promise((resolve) => setTimeout(resolve, 20));
      await writeFile(folder + "/counter", String(value + 1));`),
  );
  await Promise.all(children.map((child) => once(child, "exit")));
  expect(await readFile(join(folder, "counter"), "utf8")).toBe("4");
});

test("a later process with the holder's id does not keep the lock alive", async () => {
  const lock = await acquireFileLock(path);
  const owner = JSON.parse(await readFile(path, "utf8"));
  await lock[Symbol.asyncDispose]();
  await writeFile(path, JSON.stringify({ ...owner, startTicks: "1" }));
  await using _ = await acquireFileLock(path, { signal: AbortSignal.timeout(30_000) });
});

test("a holder on another machine counts as living by its heartbeat, and as dead without", async () => {
  const lock = await acquireFileLock(path);
  const owner = JSON.parse(await readFile(path, "utf8"));
  await lock[Symbol.asyncDispose]();
  await writeFile(path, JSON.stringify({ ...owner, place: "another machine", startTicks: "1" }));
  await expect(acquireFileLock(path, { signal: AbortSignal.timeout(600) })).rejects.toThrow();
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(path, longAgo, longAgo);
  await using _ = await acquireFileLock(path, { signal: AbortSignal.timeout(30_000) });
});

test("waiting is announced once, with the holder, and ends with the signal's reason", async () => {
  await using _ = await acquireFileLock(path);
  const holders: number[] = [];
  const controller = new AbortController();
  const waiting = acquireFileLock(path, {
    signal: controller.signal,
    onWait: ({ pid }) => {
      holders.push(pid);
      setTimeout(() => controller.abort(new Error("enough")), 500);
    },
  });
  await expect(waiting).rejects.toThrow("enough");
  expect(holders).toEqual([process.pid]);
});

test("a holder whose lock was taken over does not release its successor's", async () => {
  const lock = await acquireFileLock(path);
  const owner = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...owner, token: "of the successor" }));
  await lock[Symbol.asyncDispose]();
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ token: "of the successor" });
});
