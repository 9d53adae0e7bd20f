import type {
  LanguageModelV3Content,
  LanguageModelV3FinishReason,
  LanguageModelV3StreamPart,
  LanguageModelV3Usage,
} from "@ai-sdk/provider";
import type { AttemptOutcome, FinishReason } from "../attempt.ts";
import type { AssistantMessage, ToolCall, Usage } from "../language-model.ts";
import { parseArguments } from "../parse-arguments.ts";
import { cutStream } from "./classify-failure.ts";
import { type ProviderState, toMetadata } from "./provider-state.ts";

type Block = { readonly text: string[]; metadata: unknown };

/** Gathers the parts of one answer, streamed or whole, into an outcome. */
export class AnswerCollector {
  readonly #modelId: string;
  readonly #text = new Map<string, Block>();
  readonly #reasoning = new Map<string, Block>();
  readonly #toolCalls: ToolCall[] = [];
  readonly #toolCallMetadata: ProviderState["toolCalls"] = {};
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
        extend(this.#text, part);
        break;
      case "reasoning-start":
      case "reasoning-delta":
      case "reasoning-end":
        extend(this.#reasoning, part);
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

  addContent(part: LanguageModelV3Content, index: number): void {
    const id = String(index);
    if (part.type === "text") this.#text.set(id, { text: [part.text], metadata: part.providerMetadata });
    if (part.type === "reasoning") {
      this.#reasoning.set(id, { text: [part.text], metadata: part.providerMetadata });
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
    return {
      status: "completed",
      message: this.#message(),
      finishReason: toFinishReason(this.#end.reason),
      usage: toUsage(this.#end.usage),
      cacheWriteTokens: toCount(this.#end.usage.inputTokens.cacheWrite) ?? 0,
      servedModel: this.#servedModel,
    };
  }

  #addToolCall(part: Extract<LanguageModelV3Content, { type: "tool-call" }>): void {
    const { toolCallId: id, toolName: name, input } = part;
    this.#toolCalls.push({ id, name, arguments: parseArguments(input) });
    const metadata = toMetadata(part.providerMetadata);
    if (metadata !== null) this.#toolCallMetadata[id] = metadata;
  }

  #message(): AssistantMessage {
    const reasoning = joinBlocks(this.#reasoning);
    const signed = [...this.#reasoning.values()].flatMap((block) => {
      const metadata = toMetadata(block.metadata);
      return metadata === null ? [] : [{ text: block.text.join(""), metadata }];
    });
    const providerState: ProviderState = {
      modelId: this.#modelId,
      reasoning: signed,
      toolCalls: this.#toolCallMetadata,
    };
    const isSigned = signed.length > 0 || Object.keys(this.#toolCallMetadata).length > 0;
    return {
      role: "assistant",
      text: joinBlocks(this.#text),
      ...(reasoning.length === 0 ? {} : { reasoning }),
      toolCalls: this.#toolCalls,
      ...(isSigned ? { providerState } : {}),
    };
  }
}

function extend(
  blocks: Map<string, Block>,
  part: { id: string; delta?: string; providerMetadata?: unknown },
) {
  const block = blocks.get(part.id) ?? { text: [], metadata: undefined };
  blocks.set(part.id, block);
  if (part.delta !== undefined) block.text.push(part.delta);
  // The signature of a block comes with whichever part the provider chose, most often the last.
  if (toMetadata(part.providerMetadata) !== null) block.metadata = part.providerMetadata;
}

function joinBlocks(blocks: ReadonlyMap<string, Block>): string {
  const texts = [...blocks.values()].map((block) => block.text.join(""));
  return texts.filter((text) => text.length > 0).join("\n\n");
}

function toFinishReason(reason: LanguageModelV3FinishReason): FinishReason {
  return reason.unified === "error" ? "other" : reason.unified;
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
