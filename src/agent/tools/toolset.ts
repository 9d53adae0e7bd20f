import type { ToolCall, ToolDefinition } from "../../model/index.ts";
import type { AgentContext } from "../../run/index.ts";
import { createBashTool } from "./bash.ts";
import { CommandTimeout, createSetTimeoutTool } from "./command-timeout.ts";
import { createPythonTool } from "./python.ts";
import { createScoreLogTool, createScoreTool } from "./score.ts";
import type { Tool } from "./tool.ts";

/** The tools of one agent in one run. */
export interface Toolset {
  readonly definitions: readonly ToolDefinition[];
  /** Answers any call; an unknown tool is answered with the names of those there are. @throws RUN_STOPPED */
  call(toolCall: ToolCall): Promise<string>;
}

/**
 * `bash`, `python`, `set_timeout`, `score` and `score_log`, sharing one command timeout. Their state (directory and
 * variables of the shell, whether an interpreter was started, the timeout) follows from the answers of the context
 * alone. Calls are to be made one at a time.
 */
export function createToolset(context: AgentContext): Toolset {
  const timeout = new CommandTimeout();
  return toToolset([
    createBashTool(context, timeout),
    createPythonTool(context, timeout),
    createSetTimeoutTool(timeout),
    createScoreTool(context),
    createScoreLogTool(context),
  ]);
}

/** Tools as one set, found by name. */
export function toToolset(tools: readonly Tool[]): Toolset {
  const byName = new Map(tools.map((tool) => [tool.definition.name, tool]));
  return {
    definitions: tools.map((tool) => tool.definition),
    async call(toolCall) {
      const tool = byName.get(toolCall.name);
      if (tool === undefined) {
        return `Error: there is no tool \`${toolCall.name}\`; there are ${[...byName.keys()].join(", ")}.`;
      }
      return tool.call(toolCall.arguments);
    },
  };
}
