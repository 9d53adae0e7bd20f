export { type BaselineStep, baselineAgents, planBaseline } from "./baseline.ts";
