import type { AssistantMessage, GenerateRequest, Message } from "../../model/index.ts";
import type { Agent, AgentContext, AgentGenerateResult } from "../../run/index.ts";
import {
  estimateTokens,
  estimateToolTokens,
  limitOutput,
  outputLimitChars,
  trimHistory,
} from "../history/index.ts";
import { scoreLine, taskMessage, tokenShare, usageLine } from "../prompt/index.ts";
import { createToolset, type Toolset, toolDirectory } from "../tools/index.ts";
import { contextBudgetTokens, type ModularOptions } from "./options.ts";
import { noCallNudge, onlyFirstCall, systemPrompt } from "./prompts.ts";

/** Turns in a row without a call after which the agent gives up: a model that never acts must not loop for free. */
const idleTurnsAllowed = 20;

type Completed = Extract<AgentGenerateResult, { status: "completed" }>;

/**
 * The paper's general scaffold: prompter → generator → discriminator → actor, one action per turn. With one option
 * per turn, of which the first is taken, the published tree of messages is a single path: the history.
 *
 * Ends when the run stops it, when the budget refuses a model call, and after 20 turns in a row without a call.
 */
export function createModular(options: ModularOptions): Agent {
  return {
    id: "modular",
    version: "1",
    needsModel: true,
    run: async (context) => {
      const history: Message[] = [
        { role: "system", text: systemPrompt },
        { role: "user", text: await taskMessage(context) },
      ];
      await new Modular(context, options, history).run();
    },
  };
}

class Modular {
  readonly #context: AgentContext;
  readonly #options: ModularOptions;
  readonly #history: Message[];
  readonly #tools: Toolset;
  #turn = 0;
  #idleTurns = 0;
  #nudge: string | null = null;
  /** Tokens the provider counts per token estimated, from the last prompt; never below 1. */
  #tokensPerEstimated = 1;

  constructor(context: AgentContext, options: ModularOptions, history: Message[]) {
    this.#context = context;
    this.#options = options;
    this.#history = history;
    this.#tools = createToolset(context);
  }

  async run(): Promise<void> {
    while (this.#idleTurns < idleTurnsAllowed) {
      this.#turn += 1;
      const prompt = this.#prompt();
      const generated = await this.#generate(prompt);
      if (generated === null) return;
      this.#calibrate(prompt, generated);
      const chosen = chooseOption([generated]);
      await this.#act(chosen);
    }
    await this.#context.note(`the model made no call in ${idleTurnsAllowed} turns in a row; giving up`);
  }

  /** Prompter: the history as far as it fits, then score log and usage, which are not kept in the history. */
  #prompt(): readonly Message[] {
    const closing: Message = { role: "user", text: this.#closing() };
    const fixed = estimateToolTokens(this.#tools.definitions) + estimateTokens(closing);
    const budget = contextBudgetTokens(this.#options) / this.#tokensPerEstimated - fixed;
    return [...trimHistory(this.#history, budget), closing];
  }

  #closing(): string {
    const { task } = this.#context;
    const status = `${scoreLine(this.#context.scoreLog(), task.score)}\n${usageLine(this.#context.budget())}`;
    return this.#nudge === null ? status : `${this.#nudge}\n\n${status}`;
  }

  /**
   * Generator: one sample.
   *
   * @returns Null when the budget is spent.
   */
  async #generate(messages: readonly Message[]): Promise<Completed | null> {
    const request: GenerateRequest = {
      messages,
      tools: this.#tools.definitions,
      toolChoice: "auto",
      temperature: this.#options.temperature,
      maxOutputTokens: this.#options["max-output-tokens"],
    };
    const result = await this.#context.generate(request);
    return result.status === "completed" ? result : null;
  }

  #calibrate(prompt: readonly Message[], { usage }: Completed): void {
    if (usage.inputTokens === null) return;
    const estimated = prompt.reduce(
      (sum, message) => sum + estimateTokens(message),
      estimateToolTokens(this.#tools.definitions),
    );
    this.#tokensPerEstimated = Math.max(1, usage.inputTokens / estimated);
  }

  /** Actor: carries out the first call; every other call of the turn is answered too, so that none stands alone. */
  async #act({ message, finishReason }: Completed): Promise<void> {
    const [first, ...others] = message.toolCalls;
    const wasCut = finishReason === "length";
    if (first === undefined) {
      this.#idleTurns += 1;
      if (message.text.trim() !== "") this.#history.push(message);
      this.#nudge = noCallNudge(wasCut ? this.#options["max-output-tokens"] : null);
      return;
    }
    this.#idleTurns = 0;
    this.#nudge = null;
    const output = await this.#tools.call(first);
    const text = await this.#limit(output, first.name);
    this.#history.push(message, toolMessage(first, text));
    for (const call of others) this.#history.push(toolMessage(call, onlyFirstCall));
  }

  async #limit(text: string, toolName: string): Promise<string> {
    const roomChars = Math.floor(contextBudgetTokens(this.#options) * 1.5);
    const limitChars = Math.min(outputLimitChars(tokenShare(this.#context.budget())), roomChars);
    if (text.length <= limitChars) return text;
    const directory = toolDirectory(this.#context.task.workspace);
    const path = `${directory}/output-${this.#turn}-${toolName.replaceAll(/\W/g, "").slice(0, 40)}.txt`;
    const written = await this.#context.writeFile(path, text);
    const whole =
      written.status === "written" ? `the whole text is in ${path}` : `not kept: ${written.reason}`;
    return limitOutput(text, limitChars, whole);
  }
}

/** Discriminator: the first option. */
function chooseOption<Option>(options: readonly [Option, ...Option[]]): Option {
  return options[0];
}

function toolMessage(call: AssistantMessage["toolCalls"][number], text: string): Message {
  return { role: "tool", toolCallId: call.id, toolName: call.name, text };
}
