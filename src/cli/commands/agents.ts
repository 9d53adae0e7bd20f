import type { Command } from "commander";
import { listAgents } from "../../agent/index.ts";
import type { CliContext } from "../context.ts";
import { sharedOptions } from "../options.ts";

/** Adds the command `agents`. */
export function registerAgents(program: Command, context: CliContext): void {
  program
    .command("agents")
    .description("list the agents and their options")
    .addOption(sharedOptions.json())
    .action((options: { json?: boolean }) => {
      const { terminal } = context;
      const agents = listAgents();
      if (options.json === true) return terminal.printJson(agents);
      for (const agent of agents) {
        terminal.print(`${terminal.style("bold", agent.id)}${agent.needsModel ? "  (needs --model)" : ""}`);
        terminal.print(`  ${agent.summary}`);
        for (const option of agent.options) {
          const value = option.default === null ? "" : ` (default ${option.default})`;
          terminal.print(`  --agent-option ${option.name}=…  ${option.description}${value}`);
        }
      }
    });
}
