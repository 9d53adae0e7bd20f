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
