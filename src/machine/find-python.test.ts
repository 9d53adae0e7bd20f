import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findPython } from "./find-python.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "rebench-python-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** An executable that answers the probe like an interpreter of this version. */
async function writeInterpreter(version: readonly number[], lacks: string | null): Promise<string> {
  const path = join(folder, "python3");
  const answer = { version, executable: path, basePrefix: folder, isShared: false, lacks };
  await writeFile(path, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
  await chmod(path, 0o755);
  return path;
}

test("an interpreter in range is taken with links resolved", async () => {
  const path = await writeInterpreter([3, 12, 4], null);
  expect(await findPython({}, path)).toMatchObject({ executable: path, prefix: folder, version: [3, 12, 4] });
});

test.each([[[3, 9, 1]], [[3, 14, 0]], [[2, 7, 18]]])(
  "version %j is refused with the command that installs one",
  async (version) => {
    const path = await writeInterpreter(version, null);
    await expect(findPython({}, path)).rejects.toMatchObject({
      code: "PYTHON_MISSING",
      exitCode: 3,
      message: expect.stringContaining(`${path} is ${version.join(".")}`),
      remedy: expect.stringMatching(/install/),
    });
  },
);

test("an interpreter without ensurepip is named, with the package that brings it", async () => {
  const path = await writeInterpreter([3, 11, 2], "ensurepip");
  await expect(findPython({}, path)).rejects.toMatchObject({
    code: "PYTHON_VENV_MISSING",
    message: expect.stringMatching(
      /python3 cannot make virtual environments: its module ensurepip is missing/,
    ),
    remedy: expect.stringMatching(/install/),
  });
});

test("a file that is no Python is no Python", async () => {
  await expect(findPython({}, "/bin/true")).rejects.toMatchObject({ code: "PYTHON_MISSING" });
});
