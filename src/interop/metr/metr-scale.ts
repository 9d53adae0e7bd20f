/**
 * How METR's `runs.jsonl` puts the raw scores of one environment on its own scale: `score = max(0, (raw −
 * start) / (humanMean − start))`. So 1 there is the mean of METR's 8-hour human attempts, not the reference
 * solution.
 *
 * Recovered, not published: `start` and the slope by a straight line through the human rows that can be matched
 * with the published raw scores (equal minutes); `humanMean` then turned out to be the mean raw score of the
 * published attempts of 7 to 10 hours, less those in `leftOut`. `docs/decisions/interop-metr-scale.md` has the
 * derivation; a test repeats it.
 */
export interface MetrScale {
  /** `task_family` in the file. */
  readonly family: string;
  /** Id of the environment here. */
  readonly environment: string;
  /** Raw score that METR calls 0. */
  readonly start: number;
  /** Raw score that METR calls 1. */
  readonly humanMean: number;
  /** Human rows on the line with a score above 0, out of those METR has (the placeholder not counted). */
  readonly matched: { readonly above0: number; readonly rows: number };
  /** Published raw scores of 7 to 10 hours that do not take part in METR's mean, in the order published. */
  readonly leftOut: readonly number[];
  /**
   * `exact`: the line holds to 2·10⁻⁵ and the mean is that of all the attempts METR has. `fitted`: the line
   * holds as well, but which attempts make the mean is inferred from its value alone; the conversion does not
   * depend on it.
   */
  readonly certainty: "exact" | "fitted";
}

/** METR's scales, one for each environment of the paper. */
export const metrScales: readonly MetrScale[] = [
  {
    family: "ai_rd_optimize_llm_foundry",
    environment: "optimize-llm-foundry",
    start: 5.605802,
    humanMean: 5.225843,
    matched: { above0: 15, rows: 16 },
    leftOut: [5.37937],
    certainty: "exact",
  },
  {
    family: "ai_rd_triton_cumsum",
    environment: "optimize-kernel",
    start: 1.553531,
    humanMean: 0.620191,
    matched: { above0: 8, rows: 9 },
    leftOut: [],
    certainty: "exact",
  },
  {
    family: "ai_rd_fix_embedding",
    environment: "fix-embedding",
    start: 2.196223,
    humanMean: 1.048726,
    matched: { above0: 16, rows: 16 },
    leftOut: [1.42189, 0.389729],
    certainty: "fitted",
  },
  {
    family: "ai_rd_small_scaling_law",
    environment: "scaling-law",
    start: 0.24,
    humanMean: 0.511517,
    matched: { above0: 6, rows: 10 },
    leftOut: [-11.06],
    certainty: "fitted",
  },
  {
    family: "ai_rd_restricted_mlm",
    environment: "restricted-mlm",
    start: 1.814174,
    humanMean: 1.371647,
    matched: { above0: 11, rows: 11 },
    leftOut: [],
    certainty: "exact",
  },
  {
    family: "ai_rd_nanogpt_chat_rl",
    environment: "finetune-qa",
    start: 0.54,
    humanMean: 0.76283,
    matched: { above0: 10, rows: 11 },
    leftOut: [],
    certainty: "exact",
  },
  {
    family: "ai_rd_rust_codecontests_inference",
    environment: "rust-codecontests",
    start: 0,
    humanMean: 0.0634343,
    matched: { above0: 10, rows: 13 },
    leftOut: [0.109091],
    certainty: "exact",
  },
];

/**
 * The raw score behind one of METR's. A score of 0 hides everything at or below the start, so its raw score is
 * not known.
 *
 * @returns Null for a score of 0.
 */
export function toRawScore(metrScore: number, { start, humanMean }: MetrScale): number | null {
  return metrScore === 0 ? null : start + metrScore * (humanMean - start);
}
