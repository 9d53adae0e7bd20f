import {
  loadPriceTable,
  type ModelPrice,
  modelErrors,
  openLanguageModel,
  type PricedLanguageModel,
} from "../model/index.ts";
import type { CliContext } from "./context.ts";

/** How a model is reached; never recorded, keys come from the environment variables. */
export interface ModelAccess {
  readonly baseUrl: string | null;
  readonly pricesFile: string | null;
  /** Longest time of one attempt, in milliseconds; null for the default. */
  readonly attemptTimeoutMs: number | null;
}

/** Each provider's own address, the built-in prices, the default patience. */
export const plainAccess: ModelAccess = { baseUrl: null, pricesFile: null, attemptTimeoutMs: null };

/**
 * Opens a model, with the price a run began with unless a price file says otherwise.
 *
 * @throws MODEL_PRICE_UNKNOWN before anything is made or spent, where a limit in dollars could not be kept
 */
export async function openModel(
  context: CliContext,
  modelId: string,
  costLimitUsd: number | null,
  access: ModelAccess,
  recordedPrice: ModelPrice | null = null,
): Promise<PricedLanguageModel> {
  const prices = await loadPriceTable(access.pricesFile ?? undefined);
  const isRecorded = recordedPrice !== null && access.pricesFile === null;
  const model = await openLanguageModel(modelId, {
    env: context.env,
    prices: isRecorded ? { ...prices, [modelId]: recordedPrice } : prices,
    ...(access.baseUrl === null ? {} : { baseUrl: access.baseUrl }),
    ...(access.attemptTimeoutMs === null ? {} : { limits: { attemptTimeoutMs: access.attemptTimeoutMs } }),
  });
  if (costLimitUsd !== null && model.price === null) throw modelErrors.MODEL_PRICE_UNKNOWN({ id: modelId });
  return model;
}
