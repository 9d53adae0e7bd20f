/** What programs have used through the gateway of a run. */
export interface GatewayUsage {
  /** Completed calls by the name of the model, and by `services/` and the name of the service. */
  readonly calls: Readonly<Record<string, number>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; null once a part is not known. */
  readonly costUsd: number | null;
}

/** Nothing asked yet. */
export const nothingAskedYet: GatewayUsage = {
  calls: {},
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
};
