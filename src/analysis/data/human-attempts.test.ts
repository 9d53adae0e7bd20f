import { describe, expect, test } from "vitest";
import { builtInEnvironments, listEnvironments } from "../../environment/index.ts";
import { scoreAtKAcross } from "../statistics/across-environments.ts";
import { toCells } from "../statistics/cells.ts";
import { shareAboveStart, shareAtReference } from "../statistics/shares.ts";
import { isEightHourAttempt, readHumanAttempts } from "./human-attempts.ts";
import { publishedEnvironments } from "./published-environments.ts";
import { toRunTable } from "./run-table.ts";

const { rows, skipped } = toRunTable(readHumanAttempts());
const environments = publishedEnvironments.map(({ id }) => id);
const { cells } = toCells(rows.filter(isEightHourAttempt), { environments, scale: "paper" });

describe("the published human attempts", () => {
  test("89 attempts are read, none is flagged, 79 took 7 to 10 hours", () => {
    expect(rows).toHaveLength(89);
    expect(skipped).toEqual([]);
    expect(rows.filter(({ flags }) => flags.length > 0)).toEqual([]);
    expect(cells.map(({ values }) => values.length).reduce((sum, n) => sum + n)).toBe(79);
  });

  test.each([
    ["optimize-llm-foundry", 15, 0.344, 14, 0],
    ["optimize-kernel", 9, 0.862, 8, 4],
    ["fix-embedding", 14, 0.604, 13, 2],
    ["scaling-law", 8, 0.577, 5, 2],
    ["restricted-mlm", 9, 0.645, 9, 2],
    ["finetune-qa", 11, 0.719, 10, 3],
    ["rust-codecontests", 13, 0.527, 10, 1],
  ])(
    "8 hours at %s: %d attempts, mean %d, %d above the start, %d at the reference",
    (id, n, mean, above, reached) => {
      const values = cells.find(({ environment }) => environment === id)?.values ?? [];
      expect(values).toHaveLength(n);
      expect(values.reduce((sum, value) => sum + value, 0) / n).toBeCloseTo(mean, 3);
      expect(shareAboveStart(values)).toMatchObject({ count: above, n });
      expect(shareAtReference(values)).toMatchObject({ count: reached, n });
    },
  );

  // The paper: 71 attempts, 82 % above 0, 24 % at or above the reference, mean 0.64. Here are 8 attempts more, which
  // ones is not published; the anchors are those printed, with two or three digits.
  test("the paper's 82 %, 24 % and 0.64 lie within the intervals of these 79 attempts", () => {
    const values = cells.flatMap(({ values }) => values);
    expect(shareAboveStart(values)).toMatchObject({ count: 69, n: 79 });
    expect(shareAtReference(values)).toMatchObject({ count: 14, n: 79 });
    expectToHold(shareAboveStart(values), 0.82);
    expectToHold(shareAtReference(values), 0.24);
    const mean = scoreAtKAcross(cells, 1);
    expect(mean).toMatchObject({ value: expect.closeTo(0.611, 3) });
    expectToHold(mean, 0.64);
    expect(values.reduce((sum, value) => sum + value, 0) / 79).toBeCloseTo(0.589, 3);
  });

  test("anchors, direction and rule are those of the environments that come with this package", async () => {
    const listed = await listEnvironments({ roots: [builtInEnvironments] });
    const known = listed.flatMap((listing) =>
      listing.status === "loaded" ? [listing.environment.manifest] : [],
    );
    expect(known.length).toBeGreaterThan(0);
    for (const { id, score, scales } of known) {
      const published = publishedEnvironments.find((environment) => environment.id === id);
      const { anchors } = scales.paper;
      if (published === undefined || anchors.kind !== "published") continue;
      expect({
        id,
        start: anchors.start.raw,
        reference: anchors.reference.raw,
        direction: score.direction,
        final: score.final,
      }).toEqual({
        id,
        start: published.anchors.start.raw,
        reference: published.anchors.reference.raw,
        direction: published.direction,
        final: published.final,
      });
    }
  });
});

function expectToHold(
  estimate: {
    readonly kind: string;
    readonly interval?: { readonly kind: string; readonly low?: number; readonly high?: number };
  },
  value: number,
): void {
  expect(estimate.interval?.low).toBeLessThan(value);
  expect(estimate.interval?.high).toBeGreaterThan(value);
}
