import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installCommand, installSystemParts } from "./package-manager.ts";

const isRoot = process.getuid?.() === 0;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rebench-packages-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program named like a package manager that writes down how it is called. */
async function writeProgram(name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\necho "$(basename $0) $@" >> ${folder}/calls\n${body}\n`);
  await chmod(join(folder, name), 0o755);
}

test("the command to type has the distribution's own package names", async () => {
  await writeProgram("apt-get", "");
  const command = await installCommand(["bubblewrap", "compiler"], { PATH: folder });
  expect(command).toMatch(/apt-get update -q && .*apt-get install .* bubblewrap g\+\+$/);
  expect(command.startsWith("sudo ")).toBe(!isRoot);
});

test("sudo without a password is used, and never asks for one", async () => {
  await writeProgram("sudo", 'shift; exec "$@"');
  await writeProgram("apt-get", "echo working");
  const lines: string[] = [];
  const result = await installSystemParts(["bubblewrap"], {
    env: { PATH: `${folder}:/usr/bin:/bin` },
    onLine: (line) => lines.push(line),
  });
  expect(result).toEqual({ status: "installed" });
  expect(lines).toEqual(["working", "working"]);
  const calls = await readFile(join(folder, "calls"), "utf8");
  expect(calls).toContain("apt-get update -q\n");
  expect(calls).toContain("apt-get install -y -q --no-install-recommends bubblewrap\n");
  expect(calls.includes("sudo -n")).toBe(!isRoot);
});

test("a failed installation is told with the manager's words", async () => {
  await writeProgram("sudo", 'shift; exec "$@"');
  await writeProgram("apt-get", 'test "$1" = update || { echo "no such package" >&2; exit 100; }');
  expect(
    await installSystemParts(["bubblewrap"], { env: { PATH: `${folder}:/usr/bin:/bin` } }),
  ).toMatchObject({
    status: "failed",
    output: "no such package\n",
    command: expect.stringContaining("bubblewrap"),
  });
});

test.skipIf(isRoot)(
  "without root and sudo the exact command is handed back (needs an ordinary user)",
  async () => {
    await writeProgram("sudo", "exit 1");
    await writeProgram("apt-get", "");
    expect(
      await installSystemParts(["bubblewrap"], { env: { PATH: `${folder}:/usr/bin:/bin` } }),
    ).toMatchObject({
      status: "not-permitted",
      command: expect.stringMatching(/^sudo apt-get/),
    });
    expect(await readFile(join(folder, "calls"), "utf8")).not.toContain("apt-get");
  },
);
