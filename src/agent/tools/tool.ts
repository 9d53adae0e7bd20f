import { z } from "zod";
import type { ToolCall, ToolDefinition } from "../../model/index.ts";

/** Something a model can call. Whatever it calls it with, the answer is a text for it to read. */
export interface Tool {
  readonly definition: ToolDefinition;
  /**
   * Bad arguments come back as text, never as a rejection.
   *
   * @throws RUN_STOPPED once the run is over.
   */
  call(argumentsGiven: ToolCall["arguments"]): Promise<string>;
}

/**
 * Makes a tool from one schema: the definition a model sees is derived from it, and calls are checked by it.
 *
 * @example
 * defineTool({
 *   name: "wait",
 *   description: "Waits.",
 *   parameters: z.strictObject({ seconds: z.number() }),
 *   run: async ({ seconds }) => `waited ${seconds} s`,
 * });
 */
export function defineTool<Shape extends z.ZodRawShape>(tool: {
  readonly name: string;
  readonly description: string;
  readonly parameters: z.ZodObject<Shape>;
  readonly run: (parameters: z.output<z.ZodObject<Shape>>) => Promise<string>;
}): Tool {
  const { $schema: _, ...parameters } = z.toJSONSchema(tool.parameters);
  return {
    definition: { name: tool.name, description: tool.description, parameters },
    async call(argumentsGiven) {
      const parsed = tool.parameters.safeParse(argumentsGiven);
      if (parsed.success) return tool.run(parsed.data);
      const why =
        typeof argumentsGiven === "string"
          ? "the arguments are not a valid JSON object (was the answer cut off?)"
          : z.prettifyError(parsed.error);
      return `Error: \`${tool.name}\` was not run: ${why}\nIts arguments are: ${JSON.stringify(parameters.properties)}`;
    },
  };
}
