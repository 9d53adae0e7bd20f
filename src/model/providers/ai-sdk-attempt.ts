import type { LanguageModelV3, SharedV3ProviderOptions, SharedV3Warning } from "@ai-sdk/provider";
import type { Attempt } from "../attempt.ts";
import { classifyFailure } from "./classify-failure.ts";
import { AnswerCollector } from "./collect-answer.ts";
import { toCallOptions } from "./to-call-options.ts";

/**
 * One request through a provider of the AI SDK. The provider's own layer is called, beneath the SDK's loop: no retry,
 * no tool is checked or run, and what the model wrote arrives as it wrote it.
 *
 * @param parts.secrets - Texts that no message may contain.
 * @param parts.streaming - Whether to have the answer streamed; a connection that stays busy lives longer.
 */
export function createAiSdkAttempt(parts: {
  readonly modelId: string;
  readonly model: LanguageModelV3;
  readonly streaming: boolean;
  readonly providerOptions: SharedV3ProviderOptions;
  readonly secrets: readonly string[];
  readonly wallClockMs: () => number;
}): Attempt {
  const { modelId, model, streaming, providerOptions, secrets, wallClockMs } = parts;
  return async (request, signal) => {
    try {
      const options = { ...toCallOptions(request, modelId, providerOptions), abortSignal: signal };
      const answer = new AnswerCollector(modelId);
      const warnings: string[] = [];
      if (streaming) {
        const { stream } = await model.doStream(options);
        for await (const part of stream) {
          if (part.type === "stream-start") warnings.push(...part.warnings.map(toText));
          answer.addStreamPart(part);
        }
      } else {
        const whole = await model.doGenerate(options);
        warnings.push(...whole.warnings.map(toText));
        whole.content.forEach((part, index) => {
          answer.addContent(part, index);
        });
        answer.setServedModel(whole.response?.modelId);
        answer.setEnd(whole.finishReason, whole.usage);
      }
      const outcome = answer.outcome();
      return outcome.status === "completed" && warnings.length > 0 ? { ...outcome, warnings } : outcome;
    } catch (error) {
      return classifyFailure(error, secrets, wallClockMs);
    }
  };
}

function toText(warning: SharedV3Warning): string {
  if (warning.type === "other") return warning.message;
  const details = warning.details === undefined ? "" : `: ${warning.details}`;
  return `${warning.feature} is ${warning.type === "unsupported" ? "not supported" : "changed"}${details}`;
}
