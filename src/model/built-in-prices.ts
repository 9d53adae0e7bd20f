import type { ModelPrice, PriceTable } from "./prices.ts";

const anthropicPage = "https://platform.claude.com/docs/en/about-claude/pricing";
const openaiPage = "https://developers.openai.com/api/docs/pricing";
const googlePage = "https://ai.google.dev/gemini-api/docs/pricing";

/** Anthropic charges a write to the five-minute cache at 1.25 times the input price. */
function anthropic(input: number, cachedInput: number, output: number, asOf: string): ModelPrice {
  return {
    inputUsdPerMillion: input,
    outputUsdPerMillion: output,
    cachedInputUsdPerMillion: cachedInput,
    cacheWriteUsdPerMillion: input * 1.25,
    asOf,
    source: anthropicPage,
  };
}

function openai(input: number, cachedInput: number, output: number, asOf: string): ModelPrice {
  return {
    inputUsdPerMillion: input,
    outputUsdPerMillion: output,
    cachedInputUsdPerMillion: cachedInput,
    asOf,
    source: openaiPage,
  };
}

/** Without a cached price: cached input is charged in full, which can only overstate. */
function google(input: number, output: number, asOf: string): ModelPrice {
  return { inputUsdPerMillion: input, outputUsdPerMillion: output, asOf, source: googlePage };
}

/** Google's larger models cost more for the whole call once the prompt passes 200,000 tokens. */
function googlePro(
  short: { input: number; output: number },
  long: { input: number; output: number },
  asOf: string,
): ModelPrice {
  return {
    ...google(short.input, short.output, asOf),
    longInput: {
      aboveInputTokens: 200_000,
      inputUsdPerMillion: long.input,
      outputUsdPerMillion: long.output,
    },
  };
}

/**
 * List prices for standard processing. Only models whose price we are sure of stand here; any other is unknown until
 * a price file names it. Verify against the source before trusting a dollar figure: see docs/decisions/model-prices.md.
 */
export const builtInPrices: PriceTable = {
  "anthropic/claude-fable-5": anthropic(10, 1, 50, "2026-09"),
  "anthropic/claude-fable-5-1": anthropic(10, 0.25, 50, "2026-09"),
  "anthropic/claude-haiku-4-5": anthropic(1, 0.1, 5, "2026-09"),
  "anthropic/claude-sonnet-4-0": anthropic(3, 0.3, 15, "2026-02"),
  "anthropic/claude-sonnet-4": anthropic(3, 0.3, 15, "2026-02"),
  "anthropic/claude-sonnet-4-6": anthropic(3, 0.3, 15, "2026-02"),
  "anthropic/claude-opus-4-0": anthropic(15, 1.5, 75, "2026-02"),
  "anthropic/claude-opus-4": anthropic(15, 1.5, 75, "2026-02"),
  "anthropic/claude-opus-4-1": anthropic(15, 1.5, 75, "2026-09"),
  "anthropic/claude-opus-4-5": anthropic(5, 0.5, 25, "2026-09"),
  "anthropic/claude-opus-4-6": anthropic(5, 0.5, 25, "2026-09"),
  "anthropic/claude-opus-4-7": anthropic(5, 0.5, 25, "2026-09"),
  "anthropic/claude-opus-4-8": anthropic(5, 0.5, 25, "2026-09"),
  "anthropic/claude-opus-5": anthropic(5, 0.5, 25, "2026-09"),
  "anthropic/claude-opus-5-5": anthropic(4, 0.2, 20, "2026-10"),
  "anthropic/claude-sonnet-5": anthropic(2, 0.2, 10, "2026-10"),
  "anthropic/claude-sonnet-5-5": anthropic(2, 0.1, 10, "2026-10"),
  "anthropic/claude-haiku-5-5": {
    ...anthropic(0.1, 0.01, 0.5, "2026-10"),
    longInput: {
      aboveInputTokens: 100_000,
      inputUsdPerMillion: 0.5,
      outputUsdPerMillion: 2.5,
      cachedInputUsdPerMillion: 0.05,
      cacheWriteUsdPerMillion: 0.625,
    },
  },

  "openai/gpt-3.5-turbo-0125": openai(0.5, 0.5, 1.5, "2025-08"),
  "openai/gpt-4o-mini": openai(0.15, 0.075, 0.6, "2025-08"),
  "openai/gpt-4.1": openai(2, 0.5, 8, "2025-08"),
  "openai/gpt-4.1-mini": openai(0.4, 0.1, 1.6, "2025-08"),
  "openai/gpt-4.1-nano": openai(0.1, 0.025, 0.4, "2025-08"),
  "openai/o3": openai(2, 0.5, 8, "2025-08"),
  "openai/o3-mini": openai(1.1, 0.55, 4.4, "2025-08"),
  "openai/o4-mini": openai(1.1, 0.275, 4.4, "2025-08"),
  "openai/gpt-5": openai(1.25, 0.125, 10, "2025-08"),
  "openai/gpt-5-mini": openai(0.25, 0.025, 2, "2025-08"),
  "openai/gpt-5-nano": openai(0.05, 0.005, 0.4, "2025-08"),
  "openai/gpt-5.1": openai(1.25, 0.125, 10, "2026-03"),
  "openai/gpt-5.2": openai(1.75, 0.175, 14, "2026-03"),

  "google/gemini-2.5-flash": google(0.3, 2.5, "2026-01"),
  "google/gemini-2.5-flash-lite": google(0.1, 0.4, "2026-01"),
  "google/gemini-2.5-pro": googlePro({ input: 1.25, output: 10 }, { input: 2.5, output: 15 }, "2026-01"),
  "google/gemini-3-pro-preview": googlePro({ input: 2, output: 12 }, { input: 4, output: 18 }, "2026-01"),
};
