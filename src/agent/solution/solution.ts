import type { GivenSolution } from "../../environment/index.ts";
import { type Agent, type AgentContext, findCommandProblem } from "../../run/index.ts";
import { agentErrors } from "../errors.ts";

/** Installing is tried this often when the harness was stopped meanwhile. */
const installAttempts = 3;

/**
 * Puts the environment's starting or reference solution into the workspace, scores it once and is done. Needs no
 * model; calibrates anchors and shows both ends of the scale.
 */
export function createSolution(which: GivenSolution): Agent {
  return {
    id: `solution:${which}`,
    version: "1",
    needsModel: false,
    run: async (context) => {
      await install(context, which);
      await context.score();
    },
  };
}

/** @throws AGENT_SOLUTION_FAILED when the environment's own command fails. */
async function install(context: AgentContext, which: GivenSolution): Promise<void> {
  let how = "the harness was stopped every time";
  for (let attempt = 1; attempt <= installAttempts; attempt += 1) {
    const result = await context.installSolution(which);
    if (result === null) return;
    if (result.status === "interrupted") continue;
    const problem = findCommandProblem(result);
    if (problem === null) return;
    how = problem;
    break;
  }
  throw agentErrors.AGENT_SOLUTION_FAILED({ which, environment: context.task.environmentId, how });
}
