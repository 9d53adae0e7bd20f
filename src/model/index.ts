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
