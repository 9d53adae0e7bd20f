/**
 * `npm test`: everything. Sets the machine up as a user would (`rebench setup`), checks, then runs the TypeScript tests
 * with the Python tests beside them: the former mostly wait, the latter mostly compute. What the Python tests say is
 * shown after the others. Ends with one line that counts them all; exits non-zero when anything failed.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSteps } from "./steps.ts";

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface RunningPytest {
  /** File with what it prints. */
  readonly log: string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

const reports = mkdtempSync(join(tmpdir(), "rebench-test-"));

runSteps([
  { name: "set-up", argv: [process.execPath, "bin/rebench.js", "setup", "--development"] },
  { name: "format and lint", argv: ["npx", "biome", "check", "."] },
  { name: "types", argv: ["npx", "tsc", "-p", "."] },
]);
const pytest = startPytest();
const counts = [await countVitest(), await countPytest(pytest)];
rmSync(reports, { recursive: true });

const total = counts.reduce((sum, count) => ({
  passed: sum.passed + count.passed,
  failed: sum.failed + count.failed,
  skipped: sum.skipped + count.skipped,
}));
const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exit(total.failed === 0 ? 0 : 1);

/** A run that breaks before it counts, or that counts nothing, is one failure. */
function settle(name: string, status: number | null, count: Count): Count {
  const broken = count.passed + count.failed === 0 || (status !== 0 && count.failed === 0);
  if (broken) process.stdout.write(`${name} broke off (exit code ${status})\n`);
  return broken ? { ...count, failed: count.failed + 1 } : count;
}

async function countVitest(): Promise<Count> {
  const report = join(reports, "vitest.json");
  process.stdout.write("\n── TypeScript tests\n");
  const vitest = spawn(
    "npx",
    ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    { stdio: "inherit" },
  );
  const [status] = await once(vitest, "close");
  const parsed: unknown = readReport(report, JSON.parse);
  const field = (name: string): number =>
    typeof parsed === "object" && parsed !== null && name in parsed ? Number(Reflect.get(parsed, name)) : 0;
  return settle("vitest", status, {
    passed: field("numPassedTests"),
    failed: field("numFailedTests"),
    skipped: field("numPendingTests") + field("numTodoTests"),
  });
}

function startPytest(): RunningPytest {
  const python = spawnSync(process.execPath, ["bin/rebench.js", "doctor", "--print-python"], {
    encoding: "utf8",
  });
  const log = join(reports, "python-tests.log");
  const descriptor = openSync(log, "w");
  const child = spawn(python.stdout.trim(), ["scripts/python-tests.py", reports], {
    stdio: ["ignore", descriptor, descriptor],
  });
  const ended = once(child, "close").then(
    ([status]) => status,
    () => null,
  );
  return { log, ended };
}

async function countPytest({ log, ended }: RunningPytest): Promise<Count> {
  process.stdout.write("\n── Python tests\n");
  const status = await ended;
  process.stdout.write(readFileSync(log, "utf8"));
  const suites = readdirSync(reports)
    .filter((name) => name.startsWith("pytest-"))
    .map((name) => readReport(join(reports, name), (text) => text.match(/<testsuite [^>]*>/)?.[0]) ?? "");
  const field = (name: string): number =>
    suites.reduce((sum, suite) => sum + Number(suite.match(new RegExp(` ${name}="(\\d+)"`))?.[1] ?? 0), 0);
  const failed = field("failures") + field("errors");
  const passed = field("tests") - failed - field("skipped");
  return settle("pytest", status, { passed, failed, skipped: field("skipped") });
}

function readReport<Value>(path: string, parse: (text: string) => Value): Value | undefined {
  try {
    return parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
