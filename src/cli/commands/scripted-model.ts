import type { Command } from "commander";
import { loadScript, startScriptedServer } from "../../model/index.ts";
import type { CliContext } from "../context.ts";
import { parsePort } from "../options.ts";

/** Adds the command `scripted-model`. */
export function registerScriptedModel(program: Command, context: CliContext): void {
  program
    .command("scripted-model")
    .description("serve a model that answers from a file, over OpenAI's and Anthropic's HTTP, for tests")
    .argument("<script>", "JSON or YAML: see docs/scripted-model.md")
    .option("--port <port>", "0 lets the system choose", parsePort, 0)
    .action(async (file: string, options: { port: number }) => {
      const { terminal, signal } = context;
      await using server = await startScriptedServer({ script: await loadScript(file), port: options.port });
      terminal.print(server.baseUrl);
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    });
}
