export { createLocalModel, type LocalAnswer } from "./create-local-model.ts";
export { modelErrors } from "./errors.ts";
export type { ExchangeOutcome, ExchangeRequest, GatewayExchange, Json } from "./gateway/exchange.ts";
export type { GatewayModel, GatewayRanges } from "./gateway/gateway-model.ts";
export {
  defaultGatewayLimits,
  type Gateway,
  type GatewayLimits,
  type GatewayOptions,
  openGateway,
} from "./gateway/open-gateway.ts";
export type { GatewayService, ServiceAnswer } from "./gateway/settle-service-call.ts";
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
export { type OpenLanguageModelOptions, openLanguageModel } from "./open-language-model.ts";
export { loadPriceTable, type ModelPrice, modelPriceSchema, type PriceTable } from "./prices.ts";
export type { PricedLanguageModel, RetryLimits, RetryTools } from "./retrying-model.ts";
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
export {
  type ModelBudget,
  type OpenModelBudget,
  openModelBudget,
  type UsageLimit,
  withBudget,
} from "./with-budget.ts";
