import { defineErrors } from "../errors/index.ts";

/** What can go wrong with a run, its folder and what is asked of it. */
export const runErrors = defineErrors({
  GATEWAY_MODEL_MISSING: {
    fault: "caller",
    exitCode: 2,
    message: (d: { environment: string; name: string }) =>
      `programs of ${d.environment} may ask the model "${d.name}", and nothing says which model answers`,
    remedy: (d: { environment: string; name: string }) =>
      `name one: \`--gateway-model ${d.name}=provider/name\``,
  },
  GATEWAY_MODEL_UNKNOWN: {
    fault: "caller",
    exitCode: 2,
    message: (d: { environments: readonly string[]; name: string; known: readonly string[] }) =>
      `programs of ${d.environments.join(", ")} ask no model "${d.name}"`,
    remedy: (d: { environments: readonly string[]; name: string; known: readonly string[] }) =>
      d.known.length === 0
        ? "leave `--gateway-model` and `--weak-model` out"
        : `name one of ${d.known.join(", ")}, with \`--gateway-model NAME=provider/name\``,
  },
  RUN_STOPPED: {
    fault: "caller",
    exitCode: 4,
    message: (d: { reason: string }) => `the run is over (${d.reason})`,
    remedy: () => "nothing: agents let this error pass",
  },
  RUN_NOT_FOUND: {
    fault: "caller",
    exitCode: 2,
    message: (d: { run: string; runsDirectory: string }) =>
      `there is no run ${d.run} under ${d.runsDirectory}`,
    remedy: () => "list the runs with `rebench runs`, or name the folder of one",
  },
  RUN_RECORD_BROKEN: {
    fault: "platform",
    exitCode: 5,
    message: (d: { path: string; detail: string }) => `${d.path} is not a run record: ${d.detail}`,
    remedy: () => "restore the file from a copy; a run record is written once and never changed",
  },
  RUN_FOLDER_UNSAFE: {
    fault: "caller",
    exitCode: 5,
    message: (d: { path: string; wanted: string; found: string }) =>
      `${d.path} should be a ${d.wanted} and is ${d.found}, which may lead out of the run folder`,
    remedy: () => "ask whoever made the folder; if it is yours, put the real file or folder there",
  },
  RUN_LOG_BROKEN: {
    fault: "platform",
    exitCode: 5,
    message: (d: { path: string; line: number; detail: string }) => `${d.path}, line ${d.line}: ${d.detail}`,
    remedy: () => "restore the file from a copy; results of a run whose log does not hold are not to be used",
  },
  RUN_PAYLOAD_BROKEN: {
    fault: "platform",
    exitCode: 5,
    message: (d: { path: string; detail: string }) => `${d.path}: ${d.detail}`,
    remedy: () => "restore the file from a copy of the run folder",
  },
  RUN_TOO_NEW: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; version: number }) =>
      `${d.path} has schema version ${d.version}, which is newer than this rebench can read`,
    remedy: () => "update rebench (`npm install rebench@latest`)",
  },
  RUN_UNWRITABLE: {
    fault: "platform",
    exitCode: 3,
    message: (d: { path: string; detail: string }) => `cannot write ${d.path}: ${d.detail}`,
    remedy: () =>
      "free disk space or make the folder writable, then continue with `rebench resume`; everything acknowledged so far is kept",
  },
  RUN_NOT_CREATED: {
    fault: "platform",
    exitCode: 3,
    message: (d: { path: string; detail: string }) => `cannot make the run folder ${d.path}: ${d.detail}`,
    remedy: () =>
      "free disk space, make the folder around it writable, or name another with `--runs`; nothing was left there",
  },
  RUN_BUSY: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; holder: string }) => `${d.path} is in use by ${d.holder}`,
    remedy: () => "wait for that process, or stop it",
  },
  RUN_ALREADY_ENDED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; reason: string }) => `the run in ${d.path} has already ended (${d.reason})`,
    remedy: () => "look at it with `rebench show-run`, or start another with `rebench run`",
  },
  RUN_DIVERGED: {
    fault: "platform",
    exitCode: 4,
    message: (d: { operation: number; recorded: string; asked: string }) =>
      `resume failed: operation ${d.operation} was "${d.recorded}" when recorded and is "${d.asked}" now`,
    remedy: () =>
      "resume with the version of rebench and of the agent that began the run; an agent must take time and chance from its context only",
  },
  RUN_CHANGED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { what: string; recorded: string; now: string }) =>
      `${d.what} changed since the run began: ${d.recorded} then, ${d.now} now`,
    remedy: () => "check out the version that began the run, or start a new one",
  },
  MODEL_MISSING: {
    fault: "caller",
    exitCode: 2,
    message: (d: { agent: string }) => `the agent ${d.agent} needs a language model`,
    remedy: () =>
      "name one: `--model anthropic/NAME`, `openai/NAME`, `google/NAME` or `openai-compatible/NAME --base-url URL`",
  },
  SOLUTION_NOT_GRANTED: {
    fault: "platform",
    exitCode: 4,
    message: (d: { agent: string }) => `the agent ${d.agent} may not install a solution`,
    remedy: () => "only the built-in agents solution:starting and solution:reference may",
  },
  RUN_NOT_ENDED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string }) => `the run in ${d.path} has not ended`,
    remedy: () => "finish it with `rebench resume` first",
  },
  RUN_ENTRY_MISSING: {
    fault: "caller",
    exitCode: 2,
    message: (d: { path: string; entry: number | string }) => `the run in ${d.path} has no entry ${d.entry}`,
    remedy: () => "see its entries with `rebench show-run`",
  },
  CALIBRATION_FAILED: {
    fault: "environment",
    exitCode: 3,
    message: (d: { environment: string; which: string; detail: string }) =>
      `the ${d.which} solution of ${d.environment} could not be scored: ${d.detail}`,
    remedy: () => "run `rebench doctor`; if all is green there, the environment itself is at fault",
  },
  AGENT_NOT_TRUSTED: {
    fault: "caller",
    exitCode: 2,
    message: (d: { agent: string }) =>
      `the driver host isolates nothing, and ${d.agent} runs whatever its model asks for, as you`,
    remedy: () => "use `--driver bubblewrap`, or add `--i-trust-this-agent` on a machine you can lose",
  },
  REFERENCE_MISSING: {
    fault: "caller",
    exitCode: 3,
    message: (d: { environment: string }) =>
      `the reference solution of ${d.environment} is not here: the npm package holds none, so that they do not spread`,
    remedy: () => "use a checkout of the repository, which has them",
  },
  PROVIDER_FAILED: {
    fault: "platform",
    exitCode: 4,
    message: (d: { reason: string; attempts: number; message: string }) =>
      `the model gave no answer after ${d.attempts} attempt${d.attempts === 1 ? "" : "s"} (${d.reason}): ${d.message}`,
    remedy: () =>
      "check the provider, the key and the model's name, then continue with `rebench resume`; nothing is lost",
  },
  OPERATION_FAILED: {
    fault: "platform",
    exitCode: 4,
    message: (d: { detail: string }) => `the harness failed at an operation of the agent: ${d.detail}`,
    remedy: () => "continue with `rebench resume`; if it fails there again, please report it",
  },
});
