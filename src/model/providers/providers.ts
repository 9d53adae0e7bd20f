import type { LanguageModelV3 } from "@ai-sdk/provider";
import { patientFetch } from "./patient-fetch.ts";

interface Connection {
  readonly name: string;
  readonly baseUrl: string;
  /** Empty where the server wants none. */
  readonly key: string;
}

/** How to reach the models of one vendor. The vendor's package is loaded when it is first needed. */
export interface Provider {
  readonly keyVariable: string;
  readonly keyRequired: boolean;
  /** Name under which the AI SDK looks for options of this provider's own. */
  readonly optionsKey: string;
  /** Null where there is no default and the user must say. */
  readonly defaultBaseUrl: string | null;
  /** `baseUrl` and `key` are always passed on: left to itself a vendor's package reads them from the process. */
  readonly connect: (connection: Connection) => Promise<LanguageModelV3>;
}

/** The providers by the name that stands before the slash of a model id. */
export const providers: ReadonlyMap<string, Provider> = new Map<string, Provider>([
  [
    "anthropic",
    {
      keyVariable: "ANTHROPIC_API_KEY",
      keyRequired: true,
      optionsKey: "anthropic",
      defaultBaseUrl: "https://api.anthropic.com/v1",
      connect: async ({ name, baseUrl, key }) => {
        const { createAnthropic } = await import("@ai-sdk/anthropic");
        return createAnthropic({ baseURL: baseUrl, apiKey: key, fetch: patientFetch }).messages(name);
      },
    },
  ],
  [
    "openai",
    {
      keyVariable: "OPENAI_API_KEY",
      keyRequired: true,
      optionsKey: "openai",
      defaultBaseUrl: "https://api.openai.com/v1",
      connect: async ({ name, baseUrl, key }) => {
        const { createOpenAI } = await import("@ai-sdk/openai");
        return createOpenAI({ baseURL: baseUrl, apiKey: key, fetch: patientFetch }).chat(name);
      },
    },
  ],
  [
    "google",
    {
      keyVariable: "GOOGLE_GENERATIVE_AI_API_KEY",
      keyRequired: true,
      optionsKey: "google",
      defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
      connect: async ({ name, baseUrl, key }) => {
        const { createGoogleGenerativeAI } = await import("@ai-sdk/google");
        return createGoogleGenerativeAI({ baseURL: baseUrl, apiKey: key, fetch: patientFetch }).chat(name);
      },
    },
  ],
  [
    "openai-compatible",
    {
      keyVariable: "OPENAI_COMPATIBLE_API_KEY",
      keyRequired: false,
      optionsKey: "openaiCompatible",
      defaultBaseUrl: null,
      connect: async ({ name, baseUrl, key }) => {
        const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
        return createOpenAICompatible({
          name: "openai-compatible",
          baseURL: baseUrl,
          fetch: patientFetch,
          includeUsage: true,
          ...(key === "" ? {} : { apiKey: key }),
        }).chatModel(name);
      },
    },
  ],
]);
