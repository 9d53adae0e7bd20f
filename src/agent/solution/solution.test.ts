import { expect, test } from "vitest";
import { FakeContext, FakeWorld, replayFromEveryCut, toExecResult } from "../testing/index.ts";
import { createSolution } from "./solution.ts";

test("installs the solution asked for, then scores it once", async () => {
  const operations = await replayFromEveryCut(() => createSolution("reference"), {
    createWorld: () => new FakeWorld({ installSolution: () => toExecResult({}) }),
  });
  expect(operations.map(({ kind, request }) => [kind, request])).toEqual([
    ["installSolution", '{"which":"reference"}'],
    ["score", "{}"],
  ]);
});

test("a solution that does not run is the environment's fault, is told with its last words, and is not scored", async () => {
  const world = new FakeWorld({
    installSolution: () => toExecResult({ exitCode: 2, stderr: "no compiler\n" }),
  });
  const context = new FakeContext({ world });
  await expect(createSolution("starting").run(context)).rejects.toMatchObject({
    code: "AGENT_SOLUTION_FAILED",
    fault: "environment",
    message: "the starting solution of `example` did not run: exit code 2: no compiler",
  });
  expect(context.record.operations.map(({ kind }) => kind)).toEqual(["installSolution"]);
});
