import { z } from "zod";
import type { AgentContext } from "../../run/index.ts";
import { toDurationText } from "../prompt/index.ts";
import { defineTool, type Tool } from "./tool.ts";

const messageCharsInLog = 200;

/** `score()`: has the workspace scored as it stands; answers the reply as JSON. */
export function createScoreTool(context: AgentContext): Tool {
  const visible = context.task.score.visible
    ? "tells you the result"
    : "confirms that it was recorded (results are not shown in this task)";
  const { mostRequests } = context.task.score;
  const often =
    mostRequests === null
      ? "Score as often as you like."
      : `It may be recorded ${mostRequests} times, and is once more as you leave it.`;
  return defineTool({
    name: "score",
    description: `Has the workspace scored as it stands now and ${visible}. Your processes stand still while the workspace is copied. ${often}`,
    parameters: z.strictObject({}),
    run: async () => JSON.stringify(await context.score()),
  });
}

/** `score_log()`: the entries so far as JSON lines, each with its clock time. */
export function createScoreLogTool(context: AgentContext): Tool {
  return defineTool({
    name: "score_log",
    description:
      "Lists all scorings of this attempt so far with their clock times; entry 0 is the starting solution.",
    parameters: z.strictObject({}),
    run: async () => {
      const lines = context.scoreLog().map(({ index, clockMs, reply }) => {
        const message = reply.message.slice(0, messageCharsInLog).toWellFormed();
        return JSON.stringify({ index, clock: toDurationText(clockMs), ...reply, message });
      });
      return lines.length === 0 ? "The score log is empty." : lines.join("\n");
    },
  });
}
