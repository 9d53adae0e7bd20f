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
  /** Told of each setting that the provider leaves out or changes, once for each. */
  readonly onWarning: (warning: string) => void;
  readonly secrets: readonly string[];
  readonly wallClockMs: () => number;
}): Attempt {
  const { modelId, model, streaming, providerOptions, secrets, wallClockMs } = parts;
  const warned = new Set<string>();
  function warn(warnings: readonly SharedV3Warning[]): void {
    for (const text of warnings.map(toText)) {
      if (!warned.has(text)) parts.onWarning(text);
      warned.add(text);
    }
  }

  return async (request, signal) => {
    try {
      const options = { ...toCallOptions(request, modelId, providerOptions), abortSignal: signal };
      const answer = new AnswerCollector(modelId);
      if (streaming) {
        const { stream } = await model.doStream(options);
        for await (const part of stream) {
          if (part.type === "stream-start") warn(part.warnings);
          answer.addStreamPart(part);
        }
      } else {
        const whole = await model.doGenerate(options);
        warn(whole.warnings);
        whole.content.forEach((part, index) => {
          answer.addContent(part, index);
        });
        answer.setServedModel(whole.response?.modelId);
        answer.setEnd(whole.finishReason, whole.usage);
      }
      return answer.outcome();
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
