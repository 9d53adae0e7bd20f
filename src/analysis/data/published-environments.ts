import type { Anchors, ScoreDirection } from "../../environment/index.ts";
import type { FinalRule } from "../../scoring/index.ts";

/** What the paper says about one of its environments, at its own scale. */
export interface PublishedEnvironment {
  readonly id: string;
  readonly title: string;
  readonly direction: ScoreDirection;
  readonly final: FinalRule;
  readonly anchors: Anchors;
  /**
   * The best raw scores its authors thought possible, from the cautious end of their guess to the bold one. From
   * `cautious` on a score needs a person's review; past `bold` it is taken for a broken or cheated scoring.
   */
  readonly ceiling: { readonly cautious: number; readonly bold: number; readonly source: string };
}

const paper = "arXiv 2411.15114";

function published(start: number, reference: number): Anchors {
  const anchor = (raw: number) => ({ raw, n: null, standardDeviation: null });
  return {
    start: anchor(start),
    reference: anchor(reference),
    provenance: { kind: "published", source: paper },
  };
}

/**
 * The seven environments of the paper. Ceilings are the paper's informal ones (run times of 40 to 80 s and 0.3 to
 * 0.5 ms, losses of 2.3 to 2.5 and 2.6 to 2.9, 17 to 23 % of problems), in the raw unit; where it names none, the
 * largest value that the score can have by its definition.
 */
export const publishedEnvironments: readonly PublishedEnvironment[] = [
  {
    id: "optimize-llm-foundry",
    title: "Optimize LLM Foundry",
    direction: "lower",
    final: "best",
    anchors: published(5.6, 4.54),
    ceiling: { cautious: Math.log(80), bold: Math.log(40), source: `${paper}: 40 to 80 s` },
  },
  {
    id: "optimize-kernel",
    title: "Optimize a Kernel",
    direction: "lower",
    final: "best",
    anchors: published(1.56, 0.47),
    ceiling: { cautious: Math.log(0.5), bold: Math.log(0.3), source: `${paper}: 0.3 to 0.5 ms` },
  },
  {
    id: "fix-embedding",
    title: "Fix Embedding",
    direction: "lower",
    final: "best",
    anchors: published(2.196, 0.262),
    ceiling: {
      cautious: Math.log(2.5 - 1.5),
      bold: Math.log(2.3 - 1.5),
      source: `${paper}: loss 2.3 to 2.5`,
    },
  },
  {
    id: "scaling-law",
    title: "Scaling Law Experiment",
    direction: "higher",
    final: "last",
    anchors: published(0.24, 0.84),
    ceiling: { cautious: 1, bold: 1, source: "no regret and no error of prediction: 1 by definition" },
  },
  {
    id: "restricted-mlm",
    title: "Restricted Architecture MLM",
    direction: "lower",
    final: "best",
    anchors: published(1.81, 1.13),
    ceiling: {
      cautious: Math.log(2.9 - 1.5),
      bold: Math.log(2.6 - 1.5),
      source: `${paper}: loss 2.6 to 2.9`,
    },
  },
  {
    id: "finetune-qa",
    title: "Finetune GPT-2 for QA with RL",
    direction: "higher",
    final: "best",
    anchors: published(0.54, 0.85),
    ceiling: { cautious: 1, bold: 1, source: "every comparison won: 1 by definition" },
  },
  {
    id: "rust-codecontests",
    title: "Scaffolding for Rust CodeContests",
    direction: "higher",
    final: "best",
    anchors: published(0, 0.127),
    ceiling: { cautious: 0.17, bold: 0.23, source: `${paper}: 17 to 23 % of problems` },
  },
];

/** The paper's environment of an id; undefined for others. */
export function findPublishedEnvironment(id: string): PublishedEnvironment | undefined {
  return publishedEnvironments.find((environment) => environment.id === id);
}
