/** One end of the normalized scale. */
export interface Anchor {
  readonly raw: number;
  /** Scorings behind {@link raw}; null where the source does not say. */
  readonly n: number | null;
  /** Standard deviation of those scorings, in raw units; null where the source does not say. */
  readonly standardDeviation: number | null;
}

/** Start (normalized 0) and reference (normalized 1), with where they come from. */
export interface Anchors {
  readonly start: Anchor;
  readonly reference: Anchor;
  readonly provenance:
    | { readonly kind: "published"; readonly source: string }
    | { readonly kind: "measured"; readonly machine: string; readonly measuredAt: string };
}
