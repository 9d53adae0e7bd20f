export { interopErrors } from "./errors.ts";
export { type MetrRow, metrRowSchema } from "./metr/metr-row.ts";
export { type MetrScale, metrScales, toRawScore } from "./metr/metr-scale.ts";
export { type MetrOptions, readMetrRuns } from "./metr/read-metr-runs.ts";
