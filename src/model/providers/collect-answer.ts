import type {
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from "@ai-sdk/provider";
import type { AttemptOutcome } from "../attempt.ts";
import type { AssistantMessage, ToolCall, Usage } from "../language-model.ts";
import { parseArguments } from "../parse-arguments.ts";
import { cutStream } from "./classify-failure.ts";
import {
  type AnswerPart,
  joinTexts,
  type PartMetadata,
  toMetadata,
  toProviderState,
} from "./provider-state.ts";

/** A part that is still being written. */
type GrowingPart =
  | { readonly type: "text" | "reasoning"; readonly id: string; text: string; metadata?: PartMetadata }
  | { readonly type: "tool-call"; readonly id: string; metadata?: PartMetadata };

/** Gathers the parts of one answer, streamed or whole, into an outcome. */
export class AnswerCollector {
  readonly #modelId: string;
  readonly #parts: GrowingPart[] = [];
  readonly #toolCalls: ToolCall[] = [];
  #servedModel: string | null = null;
  #end: { reason: LanguageModelV3FinishReason; usage: LanguageModelV3Usage } | null = null;

  constructor(modelId: string) {
    this.#modelId = modelId;
  }

  /** @throws what the provider reported as the error of its stream. */
  addStreamPart(part: LanguageModelV3StreamPart): void {
    switch (part.type) {
      case "text-start":
      case "text-delta":
      case "text-end":
        this.#grow("text", part);
        break;
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        this.#grow("reasoning", part);
        break;
      case "tool-call":
        this.#addToolCall(part);
        break;
      case "response-metadata":
        this.setServedModel(part.modelId);
        break;
      case "finish":
        this.setEnd(part.finishReason, part.usage);
        break;
      case "error":
        throw part.error;
      default:
    }
  }

  /** @param index - Place of the part in a whole answer. */
  addContent(part: LanguageModelV3Content, index: number): void {
    if (part.type === "text" || part.type === "reasoning") {
      this.#grow(part.type, {
        id: String(index),
        delta: part.text,
        providerMetadata: part.providerMetadata,
      });
    }
    if (part.type === "tool-call") this.#addToolCall(part);
  }

  setServedModel(name: string | undefined): void {
    this.#servedModel = name ?? this.#servedModel;
  }

  setEnd(reason: LanguageModelV3FinishReason, usage: LanguageModelV3Usage): void {
    this.#end = { reason, usage };
  }

  outcome(): AttemptOutcome {
    if (this.#end === null || this.#end.reason.raw === undefined) return cutStream;
    const { reason, usage } = this.#end;
    return {
      status: "completed",
      message: this.#message(),
      finishReason: reason.unified === "error" ? "other" : reason.unified,
      usage: toUsage(usage),
      cacheWriteTokens: toCount(usage.inputTokens.cacheWrite) ?? 0,
      servedModel: this.#servedModel,
    };
  }

  #grow(
    type: "text" | "reasoning",
    { id, delta, providerMetadata }: { id: string; delta?: string; providerMetadata?: unknown },
  ): void {
    let part = this.#parts.find((candidate) => candidate.type === type && candidate.id === id);
    if (part === undefined || part.type === "tool-call") {
      part = { type, id, text: "" };
      this.#parts.push(part);
    }
    part.text += delta ?? "";
    // The signature comes with whichever piece the provider chose, most often the last.
    const metadata = toMetadata(providerMetadata);
    if (metadata !== undefined) part.metadata = metadata;
  }

  #addToolCall(part: Extract<LanguageModelV3Content, { type: "tool-call" }>): void {
    const { toolCallId: id, toolName: name, input } = part;
    this.#toolCalls.push({ id, name, arguments: parseArguments(input) });
    const metadata = toMetadata(part.providerMetadata);
    this.#parts.push({ type: "tool-call", id, ...(metadata === undefined ? {} : { metadata }) });
  }

  #message(): AssistantMessage {
    const parts = this.#parts.map((part): AnswerPart => {
      const metadata = part.metadata === undefined ? {} : { metadata: part.metadata };
      return part.type === "tool-call"
        ? { type: part.type, id: part.id, ...metadata }
        : { type: part.type, text: part.text, ...metadata };
    });
    const reasoning = joinTexts(parts, "reasoning");
    const providerState = toProviderState(this.#modelId, parts);
    return {
      role: "assistant",
      text: joinTexts(parts, "text"),
      ...(reasoning.length === 0 ? {} : { reasoning }),
      toolCalls: this.#toolCalls,
      ...(providerState === undefined ? {} : { providerState }),
    };
  }
}

function toUsage(usage: LanguageModelV3Usage): Usage {
  return {
    inputTokens: toCount(usage.inputTokens.total),
    outputTokens: toCount(usage.outputTokens.total),
    cachedInputTokens: toCount(usage.inputTokens.cacheRead),
  };
}

/** A count that a provider reports, or null where it reports none that makes sense. */
function toCount(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
