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
