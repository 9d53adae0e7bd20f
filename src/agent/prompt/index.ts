export { toCountText, toDurationText, toScoreText } from "./quantities.ts";
export { bestEntry, scoreLine } from "./score-line.ts";
export { taskMessage } from "./task-message.ts";
export { timeShare, tokenShare, usageLine } from "./usage-line.ts";
