import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findBrowser, setupBrowser } from "./browser.ts";

const installed = await findBrowser({ PATH: "" });
const why = installed === null ? "" : ` (skipped: this machine has ${installed})`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rebench-browser-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function writeProgram(name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
  await chmod(join(folder, name), 0o755);
}

test("a browser that is there is found and left alone", async () => {
  await writeProgram("chromium", "exit 1");
  expect(await findBrowser({ PATH: folder })).toBe(join(folder, "chromium"));
  expect(await setupBrowser({ env: { PATH: folder } })).toEqual({ status: "present" });
});

test.skipIf(installed !== null)(
  `one that is not there is installed by the system's package manager${why}`,
  async () => {
    await writeProgram("sudo", 'shift; exec "$@"');
    await writeProgram("apt-get", `echo "$@" >> ${folder}/calls`);
    expect(await setupBrowser({ env: { PATH: `${folder}:/nonexistent` } })).toEqual({ status: "installed" });
    expect(await readFile(join(folder, "calls"), "utf8")).toContain(
      "install -y -q --no-install-recommends chromium",
    );
  },
);

test.skipIf(installed !== null)(`where none can be had, the words to type are the result${why}`, async () => {
  await writeProgram("sudo", 'shift; exec "$@"');
  await writeProgram("apt-get", "exit 100");
  expect(await setupBrowser({ env: { PATH: folder } })).toMatchObject({
    status: "failed",
    command: expect.stringContaining("chromium"),
  });
});
