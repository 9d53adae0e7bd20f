import { z } from "zod";
import type { ToolCall } from "./language-model.ts";

/** The arguments of a tool call as JSON; where the model wrote none that is valid, the text it wrote. */
export function parseArguments(text: string): ToolCall["arguments"] {
  if (text.trim() === "") return {};
  try {
    return z.json().parse(JSON.parse(text));
  } catch {
    return text;
  }
}
