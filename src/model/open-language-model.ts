import type { z } from "zod";
import { modelErrors } from "./errors.ts";
import { findPrice, type PriceTable } from "./prices.ts";
import { createAiSdkAttempt } from "./providers/ai-sdk-attempt.ts";
import { type Provider, providers } from "./providers/providers.ts";
import {
  createRetryingModel,
  type PricedLanguageModel,
  type RetryLimits,
  type RetryTools,
} from "./retrying-model.ts";

/** How a model is reached and what it costs. */
export interface OpenLanguageModelOptions {
  /** Where the key is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prices to look the model up in: see `loadPriceTable`. */
  readonly prices: PriceTable;
  /** Address of the API up to its version, e.g. `http://127.0.0.1:8000/v1`; the provider's own by default. */
  readonly baseUrl?: string;
  /** Whether answers are streamed; false for servers and accounts that do not allow it. True by default. */
  readonly streaming?: boolean;
  /** Options of the provider's own, passed on as they are, e.g. `{ reasoningEffort: "high" }` for OpenAI. */
  readonly providerOptions?: Readonly<Record<string, z.core.util.JSONType>>;
  readonly limits?: Partial<RetryLimits>;
  readonly tools?: Partial<RetryTools>;
  /** Milliseconds since 1970, to read a `retry-after` date of a server that does not say its own time. */
  readonly wallClockMs?: () => number;
}

/**
 * Opens a language model by its id. Makes no request yet, and holds nothing that needs closing.
 *
 * @param id - `provider/name`; the name may itself hold slashes.
 * @throws MODEL_ID_MALFORMED, MODEL_UNKNOWN_PROVIDER, MODEL_BASE_URL_MISSING, MODEL_BASE_URL_INVALID,
 * MODEL_KEY_MISSING.
 *
 * @example
 * const model = await openLanguageModel("openai-compatible/scripted", {
 *   env: {}, prices: await loadPriceTable(), baseUrl: "http://127.0.0.1:8000/v1",
 * });
 */
export async function openLanguageModel(
  id: string,
  options: OpenLanguageModelOptions,
): Promise<PricedLanguageModel> {
  const { provider, name } = parseModelId(id);
  const baseUrl = toBaseUrl(id, options.baseUrl ?? provider.defaultBaseUrl);
  const key = options.env[provider.keyVariable]?.trim() ?? "";
  if (key === "" && provider.keyRequired) {
    throw modelErrors.MODEL_KEY_MISSING({ id, variable: provider.keyVariable });
  }
  const attempt = createAiSdkAttempt({
    modelId: id,
    model: await provider.connect({ name, baseUrl: baseUrl.href.replace(/\/+$/, ""), key }),
    streaming: options.streaming ?? true,
    providerOptions: { [provider.optionsKey]: options.providerOptions ?? {} },
    secrets: [key, baseUrl.href, baseUrl.host, baseUrl.hostname],
    wallClockMs: options.wallClockMs ?? (() => Date.now()),
  });
  return createRetryingModel({
    id,
    attempt,
    price: findPrice(options.prices, id),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.tools === undefined ? {} : { tools: options.tools }),
  });
}

/** Names of the providers, as they stand before the slash of a model id. */
const providerNames: readonly string[] = [...providers.keys()];

function parseModelId(id: string): { provider: Provider; name: string } {
  const slash = id.indexOf("/");
  const name = id.slice(slash + 1);
  if (slash <= 0 || name.trim() === "") throw modelErrors.MODEL_ID_MALFORMED({ id });
  const provider = providers.get(id.slice(0, slash));
  if (provider === undefined) {
    throw modelErrors.MODEL_UNKNOWN_PROVIDER({ provider: id.slice(0, slash), known: providerNames });
  }
  return { provider, name };
}

function toBaseUrl(id: string, text: string | null): URL {
  if (text === null) throw modelErrors.MODEL_BASE_URL_MISSING({ id });
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain =
    url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "";
  if (!isPlain) throw modelErrors.MODEL_BASE_URL_INVALID({ id });
  return url;
}
