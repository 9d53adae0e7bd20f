import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bubblewrapDriver } from "./bubblewrap/bubblewrap-driver.ts";
import { bubblewrapMissing, smallLimits } from "./testing/jail-fixtures.ts";

const reason = bubblewrapMissing === null ? "" : ` (skipped: ${bubblewrapMissing})`;

/** Waits for the helper that writes the file `gate`, opens its output, lets it end and writes on without an end. */
const intruder = `
mkfifo gate
until helper=$(grep -lE 'ex[e]c cat > "\\$1"' /proc/[0-9]*/cmdline 2>/dev/null | head -n 1) && [ -n "$helper" ]; do :; done
exec 9> "\${helper%/cmdline}/fd/1" 8> "\${helper%/cmdline}/fd/2"
cat gate > opened
yes >&9 2>/dev/null & yes >&8 2>/dev/null
`;

test.skipIf(bubblewrapMissing !== null)(
  `a process inside that writes into the output of a file operation neither holds it up nor fills memory${reason}`,
  async () => {
    const workspace = mkdtempSync(join(tmpdir(), "rebench-files-"));
    await using sandbox = await bubblewrapDriver.openSandbox({
      workspace,
      mounts: [],
      env: { PATH: "/usr/bin:/bin" },
      network: "none",
      limits: smallLimits,
      devices: [],
    });
    const started = await sandbox.exec(
      ["sh", "-c", `(${intruder}) > /dev/null 2>&1 & until [ -p gate ]; do :; done`],
      {
        timeoutMs: 10_000,
      },
    );
    expect(started.status).toBe("exited");
    const before = process.memoryUsage().rss;
    expect(await sandbox.writeFile("gate", "open")).toEqual({ status: "written" });
    expect(process.memoryUsage().rss - before).toBeLessThan(2 ** 28);
    expect(await sandbox.readFile("opened")).toMatchObject({ status: "read", totalBytes: 4 });
    rmSync(workspace, { recursive: true, force: true });
  },
  60_000,
);
