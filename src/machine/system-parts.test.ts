import { chmod, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findRustCompiler } from "./system-parts.ts";

test("a Rust compiler that lies where no sandbox sees it does not count, linked from below /usr or not", async () => {
  const home = await mkdtemp(join(tmpdir(), "rebench-home-"));
  const system = await mkdtemp("/usr/local/rebench-test-").catch(() => null);
  try {
    await writeFile(join(home, "rustc"), "#!/bin/sh\n");
    await chmod(join(home, "rustc"), 0o755);
    expect(await findRustCompiler([home])).toBeNull();
    // Only root may try the rest.
    if (system === null) return;
    await symlink(join(home, "rustc"), join(system, "rustc"));
    expect(await findRustCompiler([system])).toBeNull();
    await rm(join(system, "rustc"));
    await writeFile(join(system, "rustc"), "#!/bin/sh\n");
    expect(await findRustCompiler([system])).toBe(join(system, "rustc"));
  } finally {
    await rm(home, { recursive: true });
    if (system !== null) await rm(system, { recursive: true });
  }
});
