import type { Agent, AgentContext } from "../../run/index.ts";

/** Tries ready-made solutions in a chance order and stops at the first that is valid. The example of the guide. */
export function createFirstValid(candidates: readonly string[]): Agent {
  return {
    id: "first-valid",
    version: "1",
    needsModel: false,
    run: async (context) => {
      const left = [...candidates];
      while (left.length > 0) {
        const [candidate = ""] = left.splice(context.random.integer(left.length), 1);
        if (await isValid(context, candidate)) return;
      }
      await context.note("none of the candidates is valid");
    },
  };
}

async function isValid(context: AgentContext, candidate: string): Promise<boolean> {
  const [file = "solution.py"] = context.task.solutionFiles;
  const written = await context.writeFile(`${context.task.workspace}/${file}`, candidate);
  if (written.status === "failed") return false;
  const reply = await context.score();
  return reply.status === "scored" || reply.status === "recorded";
}
