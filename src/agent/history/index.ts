export { estimateTokens, estimateToolTokens } from "./estimate-tokens.ts";
export { limitOutput, outputLimitChars } from "./limit-output.ts";
export { trimHistory } from "./trim-history.ts";
