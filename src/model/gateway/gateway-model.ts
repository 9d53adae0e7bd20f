import type { GenerateRequest } from "../language-model.ts";
import type { PricedLanguageModel } from "../retrying-model.ts";
import type { UsageLimit } from "../with-budget.ts";
import type { ModelCall } from "./model-call.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** Values of the parameters that a program may choose. */
export interface GatewayRanges {
  /** Least and most; both the same to pin it. */
  readonly temperature: readonly [least: number, most: number];
  /** Most characters of one request: its messages and its tools. */
  readonly inputCharacters: number;
  /** Most tokens of one answer; what a call gets that names no number. */
  readonly maxOutputTokens: number;
  /** Most answers to one request. */
  readonly answers: number;
}

/** One model that programs may ask for, under a name of the environment's choosing. */
export interface GatewayModel {
  readonly model: PricedLanguageModel;
  readonly ranges: GatewayRanges;
  /** Completed calls of this model; absent is no limit but that of the budgets. */
  readonly calls?: UsageLimit<number>;
}

/** What both protocols say a call gets that names no temperature. */
const usualTemperature = 1;

/** The request as it goes to the model, or why the ranges do not allow it. */
export function toAllowedRequest(
  call: ModelCall,
  ranges: GatewayRanges,
): { readonly request: GenerateRequest } | { readonly refusal: Refusal } {
  const { temperature, maxOutputTokens } = call.request;
  const [least, most] = ranges.temperature;
  const notAllowed = (parameter: string, problem: string) => ({
    refusal: refuse("parameter_not_allowed", `${parameter}: ${problem} is not allowed here`, parameter),
  });
  if (temperature !== undefined && (temperature < least || temperature > most)) {
    const allowed = least === most ? `other than ${least}` : `outside ${least} to ${most}`;
    return notAllowed("temperature", `a value ${allowed}`);
  }
  if (maxOutputTokens !== undefined && maxOutputTokens > ranges.maxOutputTokens) {
    return notAllowed("max_tokens", `more than ${ranges.maxOutputTokens}`);
  }
  if (lengthOf(call.request) > ranges.inputCharacters) {
    return notAllowed("messages", `a request of more than ${ranges.inputCharacters} characters`);
  }
  if (call.answers > ranges.answers) return notAllowed("n", `more than ${ranges.answers}`);
  const moved = Math.min(Math.max(usualTemperature, least), most);
  return {
    request: {
      ...call.request,
      ...(temperature === undefined && moved !== usualTemperature ? { temperature: moved } : {}),
      maxOutputTokens: maxOutputTokens ?? ranges.maxOutputTokens,
    },
  };
}

function lengthOf({ messages, tools }: GenerateRequest): number {
  return JSON.stringify(messages).length + (tools === undefined ? 0 : JSON.stringify(tools).length);
}
