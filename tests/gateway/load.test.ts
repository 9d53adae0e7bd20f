import { expect, test } from "vitest";
import { loadGateway, mostTokensOver } from "../../bench/gateway-load.ts";

test("five seconds of 200 clients on a provider that fails one call in five: nothing lost, nothing charged twice", async () => {
  const load = await loadGateway({ clients: 200, durationMs: 5_000 });
  expect(load.ends).toMatchObject({ none: 0, refused: 0, failed: 0, broken: 0 });
  expect(load.ends.answered).toBeGreaterThan(200);
  expect(load.ends.gone).toBeGreaterThan(0);
  expect(load.failedAttempts).toBeGreaterThan(load.ends.answered / 10);
  expect([load.lost, load.wronglyCharged]).toEqual([0, 0]);
});

test("a budget used up by 200 clients is passed by no more than the calls under way", async () => {
  const limit = 20_000;
  const load = await loadGateway({ clients: 200, durationMs: 30_000, tokens: limit });
  expect(load.ends).toMatchObject({ none: 0, failed: 0, broken: 0 });
  expect(load.ends.refused).toBe(200);
  expect(load.tokens).toBeGreaterThanOrEqual(limit);
  expect(load.tokens - limit).toBeLessThanOrEqual(mostTokensOver);
  expect([load.lost, load.wronglyCharged]).toEqual([0, 0]);
});
