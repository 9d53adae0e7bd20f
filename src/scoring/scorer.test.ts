import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Anchors } from "../environment/index.ts";
import { collectSnapshot } from "./collect-snapshot.ts";
import type { ScoringResult } from "./result.ts";
import type { JudgeVerdict } from "./run-judge.ts";
import { createScorer, type Judged, type Scorer, toScoringResult } from "./scorer.ts";
import { openSnapshotStore, type SnapshotStore } from "./snapshot-store.ts";
import { type FixtureOptions, type JudgeFixture, openJudgeFixture } from "./testing/judge-fixture.ts";

const anchors: Anchors = {
  start: { raw: 10, n: null, standardDeviation: null },
  reference: { raw: 5, n: null, standardDeviation: null },
  provenance: { kind: "published", source: "this test" },
};
const limits = { sizeBytes: 1 << 20, files: 10, visited: 100, depth: 4, pathBytes: 100 };
const going = new AbortController().signal;

interface Bench extends Disposable {
  readonly fixture: JudgeFixture;
  readonly store: SnapshotStore;
  readonly scorer: Scorer;
  readonly temporaryDirectory: string;
  /** Takes a snapshot of `snapshot/` as it is now. */
  collect(): Promise<string>;
}

function openBench(judge: string, options?: FixtureOptions): Bench {
  const fixture = openJudgeFixture(judge, options);
  const store = openSnapshotStore(join(fixture.root, "store"));
  const temporaryDirectory = join(fixture.root, "temporary");
  mkdirSync(temporaryDirectory);
  let byte = 0;
  const scorer = createScorer({
    ...fixture,
    scale: "laptop",
    store,
    commonDirectory: join(fixture.root, "common"),
    assetsDirectory: join(fixture.root, "assets"),
    temporaryDirectory,
    devices: [],
    randomBytes: (count) => new Uint8Array(count).fill(byte++),
  });
  return {
    fixture,
    store,
    scorer,
    temporaryDirectory,
    collect: async () =>
      (await collectSnapshot(join(fixture.root, "snapshot"), store, limits)).snapshot.treeSha256,
    [Symbol.dispose]: () => fixture[Symbol.dispose](),
  };
}

describe("createScorer", () => {
  test("scores what was collected, though the workspace has changed since", async () => {
    using bench = openBench("answer(float(open('/snapshot/solution.py').read()), message='read')");
    const solution = join(bench.fixture.root, "snapshot/solution.py");
    writeFileSync(solution, "7.5");
    const tree = await bench.collect();
    writeFileSync(solution, "1.0");
    const { result, seed, log } = await bench.scorer.score(tree, anchors, going);
    expect(result).toEqual({
      result: "scored",
      raw: 7.5,
      normalized: 0.5,
      flag: null,
      message: "read",
      details: {},
    });
    expect(seed).toBe("00".repeat(32));
    expect(log).toContain("[verdict] answered");
  });

  test("each scoring has a seed of its own, and nothing unpacked is left behind", async () => {
    using bench = openBench("answer(1.0, details={'seed': request['seed']})");
    const tree = await bench.collect();
    const first = await bench.scorer.judge(tree, going);
    const second = await bench.scorer.judge(tree, going);
    expect(first.seed).not.toBe(second.seed);
    expect(second.verdict).toMatchObject({ answer: { details: { seed: second.seed } } });
    expect(readdirSync(bench.temporaryDirectory)).toEqual([]);
  });

  test("a refused snapshot is invalid, again and again, and starts no judge", async () => {
    using bench = openBench("raise AssertionError('started')");
    writeFileSync(join(bench.fixture.root, "snapshot/huge"), "");
    truncateSync(join(bench.fixture.root, "snapshot/huge"), 2 ** 40);
    const tree = await bench.collect();
    for (const _round of [1, 2]) {
      expect(await bench.scorer.score(tree, anchors, going)).toMatchObject({
        result: {
          result: "invalid",
          reason: "snapshot-too-large",
          message: expect.stringContaining("huge"),
        },
        seed: null,
        log: "",
      });
    }
  });

  test("a judge that crashes over a secret tells the log, not the agent", async () => {
    using bench = openBench("raise ValueError('SECRET')");
    const { result, log } = await bench.scorer.score(await bench.collect(), anchors, going);
    expect(result).toMatchObject({ result: "judge-failed", reason: "crashed" });
    expect(JSON.stringify(result)).not.toMatch(/SECRET|exit code/);
    expect(log).toContain("ValueError: SECRET");
    expect(log).toContain("exit code 1");
  });

  test("anchors that make no scale are refused before anything is judged", async () => {
    using bench = openBench("raise AssertionError('started')");
    const flat = { ...anchors, reference: anchors.start };
    await expect(bench.scorer.score("0".repeat(64), flat, going)).rejects.toMatchObject({
      code: "ANCHORS_WITHOUT_SCALE",
    });
  });

  test("a snapshot that is gone or damaged rejects and is not scored", async () => {
    using bench = openBench("answer(1.0)");
    const tree = await bench.collect();
    await expect(bench.scorer.judge("0".repeat(64), going)).rejects.toMatchObject({
      code: "SNAPSHOT_MISSING",
    });
    rmSync(join(bench.store.directory, "objects"), { recursive: true });
    await expect(bench.scorer.judge(tree, going)).rejects.toMatchObject({ code: "SNAPSHOT_CORRUPT" });
    await bench.store.drop(tree);
    await expect(bench.scorer.judge(tree, going)).rejects.toMatchObject({ code: "SNAPSHOT_DROPPED" });
    expect(readdirSync(bench.temporaryDirectory)).toEqual([]);
  });

  test("a temporary folder that is missing is SNAPSHOT_STORAGE_FAILED with its place", async () => {
    using bench = openBench("answer(1.0)");
    const tree = await bench.collect();
    rmSync(bench.temporaryDirectory, { recursive: true });
    await expect(bench.scorer.judge(tree, going)).rejects.toMatchObject({
      code: "SNAPSHOT_STORAGE_FAILED",
      message: expect.stringContaining(bench.temporaryDirectory),
    });
  });

  test("an abort in the middle rejects and leaves nothing unpacked", async () => {
    using bench = openBench("time.sleep(1000)");
    const tree = await bench.collect();
    const controller = new AbortController();
    const judged = bench.scorer.judge(tree, controller.signal);
    const checked = expect(judged).rejects.toThrow("stopped");
    while (readdirSync(bench.temporaryDirectory).length === 0) await new Promise(setImmediate);
    controller.abort(new Error("stopped"));
    await checked;
    expect(readdirSync(bench.temporaryDirectory)).toEqual([]);
  });

  test("the parts of the time add up to the whole", async () => {
    using bench = openBench("answer(1.0)");
    const { verdict, timings } = await bench.scorer.judge(await bench.collect(), going);
    expect(verdict).toMatchObject({ kind: "answered" });
    const { totalMs, ...parts } = timings;
    const sum = Object.values(parts).reduce((total, part) => total + part, 0);
    expect(Math.min(...Object.values(parts))).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(totalMs);
  });
});

describe("toScoringResult", () => {
  const requestId = "1";
  const answered = (raw: number, plausibleLimit?: number): JudgeVerdict => ({
    kind: "answered",
    answer: {
      requestId,
      result: "scored",
      raw,
      ...(plausibleLimit === undefined ? {} : { plausibleLimit }),
      message: "m",
      details: {},
    },
  });
  const result = (verdict: Judged["verdict"], direction: "lower" | "higher" = "lower"): ScoringResult =>
    toScoringResult(verdict, {
      direction,
      timeoutSeconds: 60,
      anchors:
        direction === "lower" ? anchors : { ...anchors, start: anchors.reference, reference: anchors.start },
    });

  test.each([
    ["lower", 2.9, 3, "implausible"],
    ["lower", 3, 3, null],
    ["lower", 3.1, 3, null],
    ["lower", -1e300, undefined, null],
    ["higher", 3.1, 3, "implausible"],
    ["higher", 3, 3, null],
    ["higher", 2.9, 3, null],
  ] as const)("where %s is better, %d against a limit of %s is flagged %s", (direction, raw, limit, flag) => {
    expect(result(answered(raw, limit), direction)).toMatchObject({ result: "scored", raw, flag });
  });

  test("an invalid answer keeps its reason, message and details", () => {
    const answer = { result: "invalid", reason: "wrong-answer", message: "m", details: { at: 3 } } as const;
    expect(result({ kind: "answered", answer: { requestId, ...answer } })).toEqual(answer);
  });

  test("what an agent hears of failures is the same whatever failed", () => {
    const messages = (["crashed", "killed", "malformed-answer", "not-started"] as const).map(
      (failure) => result({ kind: "failed", failure, problem: `SECRET ${failure}` }).message,
    );
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).toMatch(/not held against you/);
    expect(result({ kind: "timed-out" })).toMatchObject({
      result: "timed-out",
      limitSeconds: 60,
      message: expect.stringMatching(/60 seconds.*not held against you/),
    });
  });
});
