import { describe, expect, test } from "vitest";
import { publishedEnvironments } from "../data/published-environments.ts";
import type { RunRow } from "../data/run-row.ts";
import { fabricateRow } from "../testing/fabricate-row.ts";
import { fabricateStudyRows } from "../testing/fabricate-study.ts";
import { createScores } from "./scores.ts";
import { toCrossing, toStatements } from "./statements.ts";
import { toStudy } from "./study.ts";

const hour = 3_600_000;
const scores = createScores({ resamples: 400 });

/** Four runs of every side in every environment; `spread` is how far runs of one side lie apart. */
function rowsOf(sides: readonly Partial<RunRow & { score: number }>[], spread = 0.1): readonly RunRow[] {
  return publishedEnvironments.flatMap(({ id }) =>
    sides.flatMap((side) =>
      [-1.5, -0.5, 0.5, 1.5].map((step) =>
        fabricateRow({ environment: id, ...side, score: (side.score ?? 0.5) + step * spread }),
      ),
    ),
  );
}

const human = { actor: "human", agent: "human", model: null, timeLimitMs: 8 * hour } as const;

function statementsOf(rows: readonly RunRow[]) {
  return toStatements(toStudy(rows), scores);
}

describe("toStatements", () => {
  test("humans’ score logs make the first statement testable", () => {
    const [two] = statementsOf(fabricateStudyRows());
    // Humans reach a quarter of their end after 2 of 8 hours, agents of 2 hours their end.
    expect(two).toMatchObject({ id: "two-hours", verdict: "supported", reason: null });
    expect(two?.pairs[0]?.difference).toBeLessThan(0);
  });

  test("without them it cannot be tested, and the best agent is told all the same", () => {
    const [two] = statementsOf(rowsOf([{ ...human, score: 1 }, { score: 0.5 }]));
    expect(two).toMatchObject({
      verdict: "untestable",
      reason: expect.stringContaining("no human’s score after 2 h is known"),
      best: { agent: "modular · example", agentRuns: 1 },
    });
  });

  test("an interval on the other side contradicts, one that holds 0 decides nothing", () => {
    const ahead = statementsOf(
      rowsOf([
        { ...human, score: 0.4 },
        { timeLimitMs: 8 * hour, score: 1 },
      ]),
    );
    expect(ahead.map(({ verdict }) => verdict)).toEqual(["untestable", "contradicted", "contradicted"]);
    const level = statementsOf(
      rowsOf(
        [
          { ...human, score: 0.6 },
          { timeLimitMs: 8 * hour, score: 0.6 },
        ],
        0.3,
      ),
    );
    expect(level[1]?.verdict).toBe("undecided");
  });

  test("twice as high is supported where the interval of the ratio holds 2, else only in part", () => {
    const verdictFor = (agent: number) =>
      statementsOf(
        rowsOf([
          { ...human, score: 1 },
          { timeLimitMs: 8 * hour, score: agent },
        ]),
      )[2]?.verdict;
    expect(verdictFor(0.5)).toBe("supported");
    expect(verdictFor(0.8)).toBe("in-part");
  });

  test("the best agent that ran in some environments only can take a verdict back in part", () => {
    const rows = rowsOf([
      { ...human, score: 0.8 },
      { timeLimitMs: 8 * hour, score: 0.5 },
    ]);
    const partial = rowsOf([{ agent: "aide", timeLimitMs: 8 * hour, score: 1.2 }]).filter(({ environment }) =>
      ["optimize-kernel", "fix-embedding"].includes(environment),
    );
    const [, eight] = statementsOf([...rows, ...partial]);
    expect(eight?.verdict).toBe("in-part");
    expect(eight?.pairs.map(({ isComplete, verdict }) => [isComplete, verdict])).toEqual([
      [true, "supported"],
      [false, "contradicted"],
    ]);
  });

  test("the best of more runs than there are is said to be low", () => {
    const [, eight] = statementsOf(
      rowsOf([
        { ...human, score: 1 },
        { timeLimitMs: hour, score: 0.5 },
      ]),
    );
    expect(eight?.pairs[0]).toMatchObject({ agentRuns: 8, isAgentLow: true, isHumanLow: false });
  });

  test("laptop runs, no humans, no agents: nothing can be tested, and each says why", () => {
    const reasons = (rows: readonly RunRow[]) =>
      statementsOf(rows).map(({ verdict, reason }) => [verdict, reason]);
    expect(reasons(rowsOf([{ scale: "laptop" }]))[1]?.[1]).toContain("laptop scale");
    expect(reasons(rowsOf([{}]))[1]).toEqual(["untestable", "there are no human attempts"]);
    expect(reasons(rowsOf([human]))[1]?.[1]).toContain("no agent has 3 runs");
    expect(reasons([])[1]).toEqual(["untestable", "there are no human attempts"]);
  });
});

describe("toCrossing", () => {
  test("finds where humans overtake the leading agent", () => {
    const study = toStudy(fabricateStudyRows());
    const found = toCrossing(study, scores, toStatements(study, scores));
    if ("kind" in found) throw new Error(found.reason);
    expect(found.agent).toBe("modular · example/one");
    expect(found.crossing).toMatchObject({ kind: "crosses" });
  });

  test("is refused without humans", () => {
    const study = toStudy(rowsOf([{}]));
    expect(toCrossing(study, scores, toStatements(study, scores))).toMatchObject({ kind: "refused" });
  });
});
