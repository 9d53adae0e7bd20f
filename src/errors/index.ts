export { assertNever } from "./assert-never.ts";
export { closestName } from "./closest-name.ts";
export { reasonOf } from "./reason-of.ts";
export {
  defineErrors,
  type ErrorDefinition,
  type ExitCode,
  type Fault,
  isRebenchError,
  RebenchError,
} from "./rebench-error.ts";
