/** Every command, in the order of help. */

export { registerAgents } from "./agents.ts";
export { registerAnalyze } from "./analyze.ts";
export { registerBaseline } from "./baseline.ts";
export { registerCalibrate } from "./calibrate.ts";
export { registerCheckEnvironment } from "./check-environment.ts";
export { registerCompare } from "./compare.ts";
export { registerConfirm } from "./confirm.ts";
export { registerDoctor } from "./doctor.ts";
export { registerFirstRun } from "./first-run.ts";
export { registerList } from "./list.ts";
export { registerLog } from "./log.ts";
export { registerPage } from "./page.ts";
export { registerPrepare } from "./prepare.ts";
export { registerRescore } from "./rescore.ts";
export { registerResume } from "./resume.ts";
export { registerRun } from "./run.ts";
export { registerRuns } from "./runs.ts";
export { registerScoreAtK } from "./score-at-k.ts";
export { registerScriptedModel } from "./scripted-model.ts";
export { registerSetup } from "./setup.ts";
export { registerShow } from "./show.ts";
export { registerShowRun } from "./show-run.ts";
export { registerVerify } from "./verify.ts";
