import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runRebench } from "./command-line/rebench.ts";
import { onlyRun } from "./command-line/run-folder.ts";
import { openTemporaryFolder } from "./command-line/temporary-folder.ts";

/** What a stranger can write: any record, and a chain that fits it. */
function rewrite(run: string, change: (record: string) => string): void {
  const record = change(readFileSync(join(run, "run.json"), "utf8"));
  writeFileSync(join(run, "run.json"), record);
  let previous = sha256(record);
  const lines = readFileSync(join(run, "events.jsonl"), "utf8").trimEnd().split("\n");
  const kept = lines.slice(
    0,
    lines.findIndex((line) => line.includes('"type":"clock-stopped"')),
  );
  const rewritten = kept.map((line) => {
    const event = { ...JSON.parse(line), previous };
    delete event.hash;
    if (event.type === "run-started") event.runRecordSha256 = sha256(record);
    const rest = JSON.stringify(event);
    previous = sha256(rest);
    return `{"hash":"${previous}",${rest.slice(1)}\n`;
  });
  writeFileSync(join(run, "events.jsonl"), rewritten.join(""));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

const toModular = (record: string) =>
  record
    .replace(/"id": "tweak",\s*"version": "[^"]*"/, '"id": "modular", "version": "1"')
    .replace(
      '"model": null',
      '"model": { "id": "openai/m", "baseUrl": "https://elsewhere.example/v1", "price": null }',
    );

test.each([
  {
    what: "names an address for the key that nobody confirmed",
    change: toModular,
    code: "MODEL_ADDRESS_UNCONFIRMED",
  },
  {
    what: "asks for a driver without isolation",
    change: (record: string) => toModular(record).replace('"driver": "bubblewrap"', '"driver": "host"'),
    code: "AGENT_NOT_TRUSTED",
  },
  {
    what: "asks for a network its environment does not give",
    change: (record: string) => record.replace('"network": "none"', '"network": "internet"'),
    code: "RUN_CHANGED",
  },
])("a run whose record $what is not resumed", async ({ change, code }) => {
  await using folder = await openTemporaryFolder();
  const began = await runRebench([
    "run",
    "quick",
    "--agent",
    "tweak",
    "--time",
    "20s",
    "--runs",
    folder.path,
  ]);
  expect(began.exitCode, began.stderr).toBe(0);
  const run = onlyRun(folder.path);
  rewrite(run, change);
  const before = readFileSync(join(run, "events.jsonl"));
  const resumed = await runRebench(["resume", run], { OPENAI_API_KEY: "secret" });
  expect(resumed.stderr).toContain(`error ${code}`);
  expect(resumed.exitCode).not.toBe(0);
  expect(readFileSync(join(run, "events.jsonl")).equals(before)).toBe(true);
});
