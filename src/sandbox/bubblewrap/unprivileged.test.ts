import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { bubblewrapMissing } from "../testing/jail-fixtures.ts";

/** `nobody`, whom every Linux knows. */
const somebody = 65_534;
const contract = fileURLToPath(new URL("./bubblewrap-driver.test.ts", import.meta.url));
const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url));

const drop = ["--reuid", String(somebody), "--regid", String(somebody), "--clear-groups"];
const canRead = spawnSync("setpriv", [...drop, process.execPath, "--check", vitest]).status === 0;
const reason =
  bubblewrapMissing ??
  (process.getuid?.() !== 0
    ? "only root can become somebody else; the contract itself runs unprivileged already"
    : canRead
      ? null
      : "the checkout cannot be read by others");

test.skipIf(reason !== null)(
  `a user without privileges gets the same sandbox as root${reason === null ? "" : ` (skipped: ${reason})`}`,
  { timeout: 180_000 },
  () => {
    const run = ["run", "--configLoader=runner", "--reporter=dot", contract];
    const result = spawnSync("setpriv", [...drop, process.execPath, vitest, ...run], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: "/nonexistent", TMPDIR: "/tmp", NO_COLOR: "1" },
      cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    });
    expect(result.status, `${result.stdout}\n${result.stderr}`).toBe(0);
    expect(result.stdout).toMatch(/Tests\s+6\d passed/);
  },
);
