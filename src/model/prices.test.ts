import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Usage } from "./language-model.ts";
import { findPrice, loadPriceTable, type ModelPrice, toCostUsd } from "./prices.ts";

const price: ModelPrice = {
  inputUsdPerMillion: 3,
  outputUsdPerMillion: 15,
  cachedInputUsdPerMillion: 0.3,
  cacheWriteUsdPerMillion: 3.75,
  longInput: { aboveInputTokens: 200_000, inputUsdPerMillion: 6, outputUsdPerMillion: 20 },
  asOf: "2026-11-24",
  source: "this test",
};

function usage(
  inputTokens: number | null,
  outputTokens: number | null,
  cachedInputTokens: number | null = null,
): Usage {
  return { inputTokens, outputTokens, cachedInputTokens };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rebench-prices-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function priceFile(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("toCostUsd", () => {
  test("counts fresh, cached and written input and output, each at its own price", () => {
    expect(toCostUsd(price, usage(100_000, 10_000, 60_000), 30_000)).toBeCloseTo(
      0.01 * 3 + 0.06 * 0.3 + 0.03 * 3.75 + 0.01 * 15,
      12,
    );
  });

  test("a longer input than the limit puts the whole call at the higher price", () => {
    expect(toCostUsd(price, usage(200_000, 1000))).toBeCloseTo(0.6 + 0.015, 12);
    expect(toCostUsd(price, usage(200_001, 1000))).toBeCloseTo(0.200001 * 6 + 0.02, 12);
  });

  test("an unknown price or an unknown number of tokens is null, never 0", () => {
    expect(toCostUsd(null, usage(10, 10))).toBeNull();
    expect(toCostUsd(price, usage(null, 10))).toBeNull();
    expect(toCostUsd(price, usage(10, null))).toBeNull();
  });

  test("where the price of cached input is not known it is charged in full", () => {
    const plain: ModelPrice = {
      inputUsdPerMillion: 2,
      outputUsdPerMillion: 8,
      asOf: "2026-11",
      source: "test",
    };
    expect(toCostUsd(plain, usage(1_000_000, 0, 900_000))).toBe(2);
  });
});

describe("findPrice", () => {
  test("a dated version of a name has the price of the name", async () => {
    const table = await loadPriceTable();
    for (const [versioned, name] of [
      ["anthropic/claude-opus-4-5-20251101", "anthropic/claude-opus-4-5"],
      ["openai/gpt-5-2025-08-07", "openai/gpt-5"],
    ] as const) {
      expect(findPrice(table, versioned)).toEqual(findPrice(table, name));
      expect(findPrice(table, name)).not.toBeNull();
    }
  });

  test.each([
    "openai/gpt-5-2025",
    "openai/gpt-5-mini-high",
    "openai/gpt-5-pro",
    "anthropic/claude-opus-4-9",
    "openai-compatible/gpt-5",
    "openai/constructor",
    "__proto__",
  ])("%s is not taken for a name like it", async (id) => {
    expect(findPrice(await loadPriceTable(), id)).toBeNull();
  });
});

describe("loadPriceTable", () => {
  test("every built-in row says when it held and where it is published", async () => {
    const rows = Object.entries(await loadPriceTable());
    expect(rows.length).toBeGreaterThan(20);
    for (const [id, row] of rows) {
      expect(id).toMatch(/^(anthropic|openai|google)\//);
      expect(row.asOf).toMatch(/^20\d\d-\d\d/);
      expect(row.source).toMatch(/^https:\/\//);
      expect(row.outputUsdPerMillion).toBeGreaterThan(row.inputUsdPerMillion);
      expect(row.cachedInputUsdPerMillion ?? 0).toBeLessThanOrEqual(row.inputUsdPerMillion);
    }
  });

  test("a row of the user's adds to the table, or replaces a row of it", async () => {
    const mine = { inputUsdPerMillion: 0, outputUsdPerMillion: 0, asOf: "2026-11-24", source: "own server" };
    const path = await priceFile("mine.json", {
      schemaVersion: 1,
      models: { "openai-compatible/org/llama": mine, "openai/gpt-5": mine },
    });
    const table = await loadPriceTable(path);
    expect(findPrice(table, "openai-compatible/org/llama")).toEqual(mine);
    expect(findPrice(table, "openai/gpt-5")).toEqual(mine);
    expect(findPrice(table, "openai/gpt-5-mini")).not.toBeNull();
  });

  test("a missing file and one that is no JSON are told apart from a wrong one, each with its place", async () => {
    await expect(loadPriceTable(join(folder, "nowhere.json"))).rejects.toMatchObject({
      code: "PRICE_FILE_UNREADABLE",
      message: expect.stringContaining("nowhere.json"),
    });
    await expect(loadPriceTable(await priceFile("torn.json", "{"))).rejects.toMatchObject({
      code: "PRICE_FILE_UNREADABLE",
    });
    const wrong = {
      schemaVersion: 1,
      models: { "a/b": { inputUsdPerMillion: -1, outputUsdPerMillion: 1, asOf: "today", source: "x" } },
    };
    await expect(loadPriceTable(await priceFile("wrong.json", wrong))).rejects.toMatchObject({
      code: "PRICE_FILE_INVALID",
      exitCode: 2,
      message: expect.stringMatching(/wrong\.json[\s\S]*inputUsdPerMillion/),
    });
  });
});
