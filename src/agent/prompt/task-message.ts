import type { AgentContext } from "../../run/index.ts";
import { machineFacts } from "./machine-facts.ts";
import { toCountText, toDurationText } from "./quantities.ts";
import { scoreLine } from "./score-line.ts";

/**
 * The first user message of every scaffold: the instructions exactly as rendered, then what an agent always
 * knows: its limits, the machine, how the score counts, the score log. Runs one command to look at the machine.
 */
export async function taskMessage(context: AgentContext): Promise<string> {
  const { task } = context;
  const machine = await machineFacts(context);
  const budget = context.budget();
  const limits = [`Time limit: ${toDurationText(budget.time.limitMs)}, counted by the harness.`];
  if (budget.tokens.limit !== null) limits.push(`Token limit: ${toCountText(budget.tokens.limit)}.`);
  if (budget.costUsd.limit !== null) limits.push(`Cost limit: $${budget.costUsd.limit.toFixed(2)}.`);
  const facts = [
    ...limits,
    ...machine,
    `Workspace: ${task.workspace}; to leave behind there: ${task.solutionFiles.join(", ")}.`,
    `Score: ${task.score.name} (${task.score.unit}), ${task.score.direction} is better; the ${task.score.final} entry of the score log counts.`,
    scoreLine(context.scoreLog(), task.score),
  ];
  return `# ${task.title}\n\n${task.instructions.trim()}\n\n# Facts\n\n${facts.map((fact) => `- ${fact}`).join("\n")}`;
}
