export { type BaselineRow, toBaselineFigure } from "./charts/baseline.ts";
export { toCeilingFlags } from "./data/ceiling-flags.ts";
export {
  eightHourAttemptMs,
  isEightHourAttempt,
  publishedHumanAttempts,
  readHumanAttempts,
} from "./data/human-attempts.ts";
export {
  findPublishedEnvironment,
  type PublishedEnvironment,
  publishedEnvironments,
} from "./data/published-environments.ts";
export { readRunCsv } from "./data/read-run-csv.ts";
export { readRunFolder, readRunFolders } from "./data/read-run-folders.ts";
export {
  type AnchorPair,
  excludingFlags,
  type Generation,
  type Provenance,
  type RunFlag,
  type RunFlagKind,
  type RunRow,
  type RunScore,
  type ScorePoint,
  toSeriesName,
  type Usage,
} from "./data/run-row.ts";
export {
  findTableNotes,
  type ReadItem,
  type RunTable,
  type SkippedRun,
  type TableNote,
  toRunTable,
} from "./data/run-table.ts";
export { analysisErrors } from "./errors.ts";
export {
  type Figure,
  type FigureRow,
  type FigureSpec,
  type RenderedFigure,
  type RenderFigureOptions,
  renderFigure,
} from "./figure/figure.ts";
export {
  type Report,
  type ReportFile,
  type ReportInput,
  type ReportSummary,
  renderReport,
} from "./report/report.ts";
export { toScoreAtKTable } from "./report/result-tables.ts";
export { type Table, type TableColumn, type TableValue, toCellText, toCsv } from "./report/table.ts";
export { assertReplaceable, writeReport } from "./report/write-report.ts";
export { type Fact, toMachineFacts } from "./run-page/provenance.ts";
export { type NextCommand, type RunPageInput, renderRunPage } from "./run-page/run-page.ts";
export {
  type ScoreOverTimeRows,
  type ScoringOutcome,
  type ScoringRow,
  type StepRow,
  toScoreOverTimeRows,
} from "./score-over-time/rows.ts";
export { type ScoreOverTimeTables, toScoreOverTimeFigure } from "./score-over-time/score-over-time.ts";
export {
  type AcrossEnvironments,
  type EnvironmentPart,
  meanAcross,
  scoreAtKAcross,
} from "./statistics/across-environments.ts";
export { type Allocation, type BestAllocation, findBestAllocation } from "./statistics/allocation.ts";
export { type Arm, toArms } from "./statistics/arms.ts";
export {
  type BootstrapDesign,
  type BootstrapOptions,
  bootstrap,
  defaultBootstrap,
  type EnvironmentDraw,
  toPercentileInterval,
} from "./statistics/bootstrap.ts";
export {
  type Cell,
  type CellOptions,
  type CellTable,
  findExcludingFlags,
  type LeftOutRun,
  toCells,
} from "./statistics/cells.ts";
export { type Comparison, compareAgents, type Side } from "./statistics/compare.ts";
export {
  type CostCurve,
  type CostUnit,
  expertAttemptUsd,
  toCostCurve,
  toRunCost,
} from "./statistics/cost.ts";
export { type Crossing, type CrossingShares, type CurvePoint, findCrossing } from "./statistics/crossing.ts";
export type { Estimate, Interval, MissingCell, Refusal } from "./statistics/estimate.ts";
export { interpolateLogLinear, type TimedValue } from "./statistics/log-linear.ts";
export {
  type PercentileRank,
  type Percentiles,
  quantileOfSorted,
  toPercentileRank,
  toPercentiles,
} from "./statistics/quantiles.ts";
export { type Rate, toScoringsPerHour, toTokensPerSecond, toWaitingShare } from "./statistics/rates.ts";
export {
  type CellStatistic,
  createMean,
  createScoreAtK,
  type Sampling,
  type ScoreAtK,
  scoreAtK,
} from "./statistics/score-at-k.ts";
export { type ScoreStep, scoreAtTime, toScoreSteps } from "./statistics/score-at-time.ts";
export { findAllDoubts, type Sensitivity, toSensitivity } from "./statistics/sensitivity.ts";
export { type Share, shareAboveStart, shareAtReference, toShare } from "./statistics/shares.ts";
export { createScores, type Scores, toRunsFor } from "./study/scores.ts";
export type { Pair, Statement, Verdict } from "./study/statements.ts";
export { findGroup, type Group, type Study, type StudyOptions, toStudy } from "./study/study.ts";
export { toEstimateText, toTimeText } from "./study/words.ts";
