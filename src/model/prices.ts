import { readFile } from "node:fs/promises";
import { z } from "zod";
import { reasonOf } from "../errors/index.ts";
import { builtInPrices } from "./built-in-prices.ts";
import { modelErrors } from "./errors.ts";
import type { Usage } from "./language-model.ts";

const rates = {
  inputUsdPerMillion: z.number().nonnegative(),
  outputUsdPerMillion: z.number().nonnegative(),
  /** Input read from the provider's cache; where absent it is charged as other input. */
  cachedInputUsdPerMillion: z.number().nonnegative().optional(),
  /** Input written to the provider's cache; where absent it is charged as other input. */
  cacheWriteUsdPerMillion: z.number().nonnegative().optional(),
};

/** One row of a price table, as in a price file. */
export const modelPriceSchema = z.strictObject({
  ...rates,
  /** Rates of the whole call once its input is longer than `aboveInputTokens`. */
  longInput: z.strictObject({ ...rates, aboveInputTokens: z.int().positive() }).optional(),
  /** When the price was known to hold: `YYYY-MM` or `YYYY-MM-DD`. */
  asOf: z.string().regex(/^\d{4}-\d{2}(-\d{2})?$/, "write a date as YYYY-MM-DD"),
  /** Where the price is published. */
  source: z.string().min(1),
});

/** What a model costs, in US dollars per million tokens. */
export type ModelPrice = Readonly<z.infer<typeof modelPriceSchema>>;

/** Prices by model id (`provider/name`). */
export type PriceTable = Readonly<Record<string, ModelPrice>>;

const priceFileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  models: z.record(z.string().regex(/^[^/]+\/.+$/, "write provider/name"), modelPriceSchema),
});

/**
 * The built-in table with the user's own rows on top; a row of the user's replaces the built-in one whole.
 *
 * @throws PRICE_FILE_UNREADABLE when the file is missing or is not JSON.
 * @throws PRICE_FILE_INVALID when it does not follow the format.
 */
export async function loadPriceTable(path?: string): Promise<PriceTable> {
  if (path === undefined) return builtInPrices;
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw modelErrors.PRICE_FILE_UNREADABLE({ path, reason: reasonOf(error) }, error);
  }
  const parsed = priceFileSchema.safeParse(content);
  if (!parsed.success) {
    throw modelErrors.PRICE_FILE_INVALID({ path, problem: z.prettifyError(parsed.error) });
  }
  return { ...builtInPrices, ...parsed.data.models };
}

/** What providers append to a name for one dated version of it. */
const versionSuffix = /-(\d{8}|\d{4}-\d{2}-\d{2}|0\d\d|latest)$/;

/**
 * The price of a model: the row of that exact id, else the row of the id without its version suffix (`-20250929`,
 * `-2025-08-07`, `-001`, `-latest`). Null when there is neither; a similar name is never taken for it.
 */
export function findPrice(table: PriceTable, modelId: string): ModelPrice | null {
  const unversioned = modelId.replace(versionSuffix, "");
  for (const id of [modelId, unversioned]) {
    if (Object.hasOwn(table, id)) return table[id] ?? null;
  }
  return null;
}

/** The cost of one call in US dollars; null when the price, or the number of tokens, is not known. */
export function toCostUsd(price: ModelPrice | null, usage: Usage, cacheWriteTokens = 0): number | null {
  if (price === null || usage.inputTokens === null || usage.outputTokens === null) return null;
  const isLong = price.longInput !== undefined && usage.inputTokens > price.longInput.aboveInputTokens;
  const rate = isLong && price.longInput !== undefined ? price.longInput : price;
  const readTokens = usage.cachedInputTokens ?? 0;
  const freshTokens = Math.max(0, usage.inputTokens - readTokens - cacheWriteTokens);
  const microUsd =
    freshTokens * rate.inputUsdPerMillion +
    readTokens * (rate.cachedInputUsdPerMillion ?? rate.inputUsdPerMillion) +
    cacheWriteTokens * (rate.cacheWriteUsdPerMillion ?? rate.inputUsdPerMillion) +
    usage.outputTokens * rate.outputUsdPerMillion;
  return microUsd / 1e6;
}
