export { assertNever } from "./assert-never.ts";
export {
  defineErrors,
  type ErrorDefinition,
  type ExitCode,
  type Fault,
  isRebenchError,
  RebenchError,
} from "./rebench-error.ts";
