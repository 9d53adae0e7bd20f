import { defineErrors } from "../errors/index.ts";

/** What can be wrong with a model before its first call. */
export const modelErrors = defineErrors({
  MODEL_ID_MALFORMED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { id: string }) => `the model "${d.id}" is not of the form provider/name`,
    remedy: () => "write it as provider/name, for example `--model anthropic/claude-sonnet-4-5`",
  },
  MODEL_UNKNOWN_PROVIDER: {
    fault: "caller",
    exitCode: 2,
    message: (d: { provider: string; known: readonly string[] }) =>
      `there is no model provider "${d.provider}"; the known ones are ${d.known.join(", ")}`,
    remedy: () => "use one of them, or `openai-compatible/NAME` with `--base-url` for any other server",
  },
  MODEL_KEY_MISSING: {
    fault: "caller",
    exitCode: 3,
    message: (d: { id: string; variable: string }) =>
      `the model ${d.id} needs a key, and the environment variable ${d.variable} is not set`,
    remedy: (d: { id: string; variable: string }) => `set it: \`export ${d.variable}=…\``,
  },
  MODEL_BASE_URL_MISSING: {
    fault: "caller",
    exitCode: 2,
    message: (d: { id: string }) => `the model ${d.id} needs the address of its server`,
    remedy: () => "add `--base-url http://HOST:PORT/v1`",
  },
  MODEL_BASE_URL_INVALID: {
    fault: "caller",
    exitCode: 2,
    message: (d: { id: string }) =>
      `the base URL given for the model ${d.id} is not an http or https URL without a user name`,
    remedy: () => "write it in full, for example `--base-url http://127.0.0.1:8000/v1`",
  },
  MODEL_PRICE_UNKNOWN: {
    fault: "caller",
    exitCode: 2,
    message: (d: { id: string }) => `the price of ${d.id} is not known, so a limit in dollars cannot be kept`,
    remedy: (d: { id: string }) =>
      `give its price in a price file: {"schemaVersion": 1, "models": {"${d.id}": {"inputUsdPerMillion": …, "outputUsdPerMillion": …, "asOf": "YYYY-MM-DD", "source": "…"}}}, or set the limit in tokens`,
  },
  PRICE_FILE_UNREADABLE: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; reason: string }) => `the price file ${d.path} cannot be read: ${d.reason}`,
    remedy: () => "check the path and that the file is JSON",
  },
  PRICE_FILE_INVALID: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; problem: string }) => `the price file ${d.path} is not valid: ${d.problem}`,
    remedy: () => "correct that key; docs/decisions/model-prices.md shows the format",
  },
  SCRIPT_UNREADABLE: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; reason: string }) =>
      `the model script ${d.path} cannot be read: ${d.reason}`,
    remedy: () => "check the path and that the file is JSON or YAML",
  },
  SCRIPT_INVALID: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; problem: string }) =>
      `the model script ${d.path} is not valid: ${d.problem}`,
    remedy: () => "correct that key; docs/scripted-model.md shows the format",
  },
});
