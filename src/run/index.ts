export type {
  Agent,
  AgentContext,
  AgentExecOptions,
  BudgetReading,
  Interrupted,
  SeededRandom,
  TaskView,
  VisibleScoreEntry,
} from "./agent-contract.ts";
