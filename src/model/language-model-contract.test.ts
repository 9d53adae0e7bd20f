import { languageModelContract } from "./language-model-contract.ts";
import { openLanguageModel } from "./open-language-model.ts";
import { createFakeModel } from "./scripted/fake-model.ts";
import { startScriptedServer } from "./scripted/scripted-server.ts";

const env = { ANTHROPIC_API_KEY: "key-for-tests", OPENAI_API_KEY: "key-for-tests" };

/** Google's protocol is not among those the scripted server speaks, so that provider is not here. */
const overHttp = [
  { id: "openai-compatible/scripted", reportsReasoning: true, reportsMissingUsage: true },
  { id: "openai/scripted", reportsReasoning: false, reportsMissingUsage: true },
  { id: "anthropic/scripted", reportsReasoning: true, reportsMissingUsage: false },
];

for (const { id, reportsReasoning, reportsMissingUsage } of overHttp) {
  for (const streaming of [true, false]) {
    const traits = {
      reportsReasoning,
      reportsMissingUsage,
      carriesBrokenArguments: streaming || !id.startsWith("anthropic/"),
    };
    languageModelContract(`${id}, ${streaming ? "streamed" : "whole"}`, traits, async (script, options) => {
      const server = await startScriptedServer({ script });
      return {
        model: await openLanguageModel(id, {
          env,
          prices: {},
          baseUrl: server.baseUrl,
          streaming,
          ...options,
        }),
        [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
      };
    });
  }
}

languageModelContract(
  "fake",
  { reportsReasoning: true, reportsMissingUsage: true, carriesBrokenArguments: true },
  async (script, options) => ({
    model: createFakeModel(script, options),
    [Symbol.asyncDispose]: async () => {},
  }),
);
