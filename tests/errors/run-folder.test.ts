import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runRebench, startRebench } from "../command-line/rebench.ts";
import { firstEvent, onlyRun } from "../command-line/run-folder.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { type ExpectedError, expectOneError, expectOneJsonError } from "./expect-error.ts";
import { hashFolder } from "./hash-folder.ts";

/** A run that ended well; tests change copies of it. */
let ended: string;
let folder: Awaited<ReturnType<typeof openTemporaryFolder>>;
beforeAll(async () => {
  folder = await openTemporaryFolder();
  const runs = join(folder.path, "runs");
  const run = await runRebench(["run", "quick", "--agent", "solution:reference", "--runs", runs]);
  expect(run.exitCode, run.stderr).toBe(0);
  ended = onlyRun(runs);
});
afterAll(() => folder[Symbol.asyncDispose]());

const readers = ["show-run", "log", "verify", "rescore", "confirm", "resume"] as const;

interface Damage extends ExpectedError {
  readonly what: string;
  readonly spoil: (run: string) => void;
}

const record = "run.json";
const events = "events.jsonl";
const damages: readonly Damage[] = [
  {
    what: "whose record is of a newer schema",
    spoil: (run) => edit(run, record, (text) => text.replace('"schemaVersion": 1', '"schemaVersion": 2')),
    exitCode: 2,
    code: "RUN_TOO_NEW",
    says: [record, "schema version 2"],
    remedy: "update rebench",
  },
  {
    what: "with events of a newer schema",
    spoil: (run) => appendFileSync(join(run, events), '{"schemaVersion":2,"type":"dream"}\n'),
    exitCode: 2,
    code: "RUN_TOO_NEW",
    says: [events, "schema version 2"],
    remedy: "update rebench",
  },
  {
    what: "whose record is cut off",
    spoil: (run) => edit(run, record, (text) => text.slice(0, text.length / 2)),
    exitCode: 5,
    code: "RUN_RECORD_BROKEN",
    says: [record, "not JSON"],
    remedy: "restore the file from a copy",
  },
  {
    what: "whose record is garbage",
    spoil: (run) => writeFileSync(join(run, record), Buffer.from([0, 255, 1, 254, 2])),
    exitCode: 5,
    code: "RUN_RECORD_BROKEN",
    says: [record, "not JSON"],
    remedy: "restore the file from a copy",
  },
  {
    what: "whose record lacks its budget",
    spoil: (run) => edit(run, record, (text) => text.replace('"budget"', '"bugdet"')),
    exitCode: 5,
    code: "RUN_RECORD_BROKEN",
    says: [record, "budget"],
    remedy: "restore the file from a copy",
  },
];

describe("a run folder", () => {
  test.each(damages)("$what is refused by every command, unchanged", async ({ spoil, ...expected }) => {
    await using place = await openTemporaryFolder();
    const run = join(place.path, "run");
    cpSync(ended, run, { recursive: true });
    spoil(run);
    const before = hashFolder(run);
    for (const reader of readers) expectOneJsonError(await runRebench([reader, run, "--json"]), expected);
    const list = await runRebench(["runs", "--runs", place.path]);
    expect(list.exitCode).toBe(expected.exitCode);
    expect(list.stderr).toContain(expected.remedy);
    expect(hashFolder(run)).toBe(before);
  });

  test("with a changed event names the line, and is judged no run that holds", async () => {
    await using place = await openTemporaryFolder();
    const run = join(place.path, "run");
    cpSync(ended, run, { recursive: true });
    edit(run, events, (text) => text.replace('"normalized":1', '"normalized":9'));
    for (const reader of ["show-run", "log", "rescore", "resume"]) {
      expectOneJsonError(await runRebench([reader, run, "--json"]), {
        exitCode: 5,
        code: "RUN_LOG_BROKEN",
        says: [events, "line ", "its hash does not match"],
        remedy: "restore the file from a copy",
      });
    }
    const verified = await runRebench(["verify", run]);
    expect(verified.exitCode).toBe(5);
    expect(verified.stdout).toContain("its hash does not match");
  });

  test("without its log is refused", async () => {
    await using place = await openTemporaryFolder();
    const run = join(place.path, "run");
    cpSync(ended, run, { recursive: true });
    rmSync(join(run, events));
    for (const reader of ["show-run", "log", "verify"]) {
      expectOneJsonError(await runRebench([reader, run, "--json"]), {
        exitCode: 5,
        code: "RUN_LOG_BROKEN",
        says: [join(run, events)],
        remedy: "restore the file from a copy",
      });
    }
  });

  test("that has ended is not resumed", async () => {
    expectOneJsonError(await runRebench(["resume", ended, "--json"]), {
      exitCode: 2,
      code: "RUN_ALREADY_ENDED",
      says: [ended, "agent-finished"],
      remedy: "rebench show-run",
    });
  });

  test("at work in one process is refused to another, and goes on", async () => {
    await using place = await openTemporaryFolder();
    const words = ["run", "quick", "--agent", "tweak", "--time", "20s", "--runs", place.path];
    const first = startRebench(words);
    await firstEvent(place.path, "clock-started");
    const run = onlyRun(place.path);
    const second = await runRebench(["resume", run]);
    expectOneError(second, {
      exitCode: 2,
      code: "RUN_BUSY",
      says: [run, `process ${first.pid}`],
      remedy: "wait for that process",
    });
    expect((await first.ended).exitCode).toBe(0);
    expect((await runRebench(["verify", run])).exitCode).toBe(0);
  });
});

function edit(run: string, file: string, change: (text: string) => string): void {
  const path = join(run, file);
  const text = readFileSync(path, "utf8");
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(path, changed);
}
