export { fabricateRow } from "./fabricate-row.ts";
export { fabricateStudyRows } from "./fabricate-study.ts";
export { type WrittenRun, type WrittenStep, writeRunFolder } from "./write-run-folder.ts";
