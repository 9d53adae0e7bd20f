export type {
  Agent,
  AgentContext,
  AgentExecOptions,
  AgentGenerateResult,
  BudgetReading,
  Interrupted,
  SeededRandom,
  TaskView,
  VisibleScoreEntry,
} from "./agent-contract.ts";
export { BlobStore } from "./blob-store.ts";
export { type CalibrationOptions, calibrate, toAnchorConditions } from "./calibrate.ts";
export { carryOutRun, type RunParts } from "./carry-out-run.ts";
export { checkEnvironment, type EnvironmentCheckOptions } from "./check-environment.ts";
export { toClockText } from "./clock.ts";
export { toDisplayLine, toDisplayText } from "./display-text.ts";
export type { EnvironmentCheck } from "./environment-check.ts";
export { runErrors } from "./errors.ts";
export { EventLog, type LogProblem, readEvents, readSoundEvents } from "./event-log.ts";
export type { EndReason, EventBody, RunEvent } from "./events.ts";
export type { RunOutcome } from "./execute.ts";
export { gatewayModelIds } from "./gateway/open-environment-gateway.ts";
export { planRun, type RunPlan } from "./plan-run.ts";
export { expandMessages, parseStoredRequest, type StoredRequest } from "./request-log.ts";
export { type RescoreRequest, rescoreRun, toConfirmation } from "./rescore.ts";
export {
  createRunDirectory,
  findRunDirectory,
  listRunNames,
  loadRunRecord,
  type RunPaths,
  toRunPaths,
} from "./run-directory.ts";
export { createSteadyClock, type RunHost } from "./run-host.ts";
export type { Budget, RunRecord } from "./run-record.ts";
export { initialRunState, type Rescoring, type RunState, reduceRun } from "./run-state.ts";
export { loadRunSummary, type RunSummary } from "./run-summary.ts";
export { createSeededRandom } from "./seeded-random.ts";
export { findCommandProblem } from "./solution.ts";
export { openSolutionBench, type SolutionBench } from "./solution-bench.ts";
export { type TranscriptItem, toTranscript } from "./transcript.ts";
export type { VerificationCheck } from "./verification-checks.ts";
export { type Verification, verifyRun } from "./verify.ts";
