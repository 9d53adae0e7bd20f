export { type BaselineStep, baselineAgents, planBaseline, toBaselineScore } from "./baseline.ts";
