export { modelErrors } from "./errors.ts";
export {
  type AssistantMessage,
  type AttemptFailure,
  type GenerateHooks,
  type GenerateRequest,
  type GenerateResult,
  type LanguageModel,
  type Message,
  messageSchema,
  type ProviderFault,
  type ToolCall,
  type ToolDefinition,
  type Usage,
} from "./language-model.ts";
export { type OpenLanguageModelOptions, openLanguageModel, providerNames } from "./open-language-model.ts";
export {
  findPrice,
  loadPriceTable,
  type ModelPrice,
  modelPriceSchema,
  type PriceTable,
  toCostUsd,
} from "./prices.ts";
export {
  defaultRetryLimits,
  type PricedLanguageModel,
  type RetryLimits,
  type RetryTools,
} from "./retrying-model.ts";
export { createFakeModel, type FakeModelOptions } from "./scripted/fake-model.ts";
export {
  type FixedScript,
  loadScript,
  type Script,
  type ScriptedRequest,
  type ScriptedTurn,
  type ScriptStep,
} from "./scripted/script.ts";
export {
  type ScriptedRecord,
  type ScriptedServer,
  type ScriptedServerOptions,
  startScriptedServer,
} from "./scripted/scripted-server.ts";
export { type ModelBudget, type UsageLimit, withBudget } from "./with-budget.ts";
