import { z } from "zod";
import { defineTool, type Tool } from "./tool.ts";

const initialSeconds = 10;
const minimumSeconds = 1;
const maximumSeconds = 1_440;

/** How long one `bash` or `python` call may take; set by the agent. */
export class CommandTimeout {
  #seconds = initialSeconds;

  get seconds(): number {
    return this.#seconds;
  }

  /** Takes what lies between 1 and 1,440 s and the nearer end otherwise; returns what now holds. */
  set(seconds: number): number {
    this.#seconds = Math.min(maximumSeconds, Math.max(minimumSeconds, seconds));
    return this.#seconds;
  }
}

/** `set_timeout(seconds)`: how long later calls may take. */
export function createSetTimeoutTool(timeout: CommandTimeout): Tool {
  return defineTool({
    name: "set_timeout",
    description: `Sets how long each later bash or python call may take, in seconds (${minimumSeconds} to ${maximumSeconds}; ${initialSeconds} at first).`,
    parameters: z.strictObject({ seconds: z.number().describe("seconds, for every later call") }),
    run: async ({ seconds }) => {
      const now = timeout.set(seconds);
      const set = `Later bash and python calls may take ${now} s.`;
      if (now === seconds) return set;
      const end = now === maximumSeconds ? "most" : "least";
      return `${set} You asked for ${seconds} s; ${now} s is the ${end} there is. Run longer work in the background.`;
    },
  });
}
