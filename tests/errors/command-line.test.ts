import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runRebench } from "../command-line/rebench.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { type ExpectedError, expectOneError, expectOneJsonError } from "./expect-error.ts";

interface Case extends ExpectedError {
  readonly what: string;
  readonly words: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const usage = { exitCode: 2, code: "USAGE_WRONG" } as const;
const cases: readonly Case[] = [
  {
    what: "a wrong environment id",
    words: ["run", "quik", "--agent", "tweak"],
    exitCode: 2,
    code: "ENVIRONMENT_UNKNOWN",
    says: ['no environment "quik"', join("tests", "fixtures", "environments")],
    remedy: 'did you mean "quick"?',
  },
  {
    what: "an environment id like no other",
    words: ["show", "zzzzzzzz"],
    exitCode: 2,
    code: "ENVIRONMENT_UNKNOWN",
    says: ['no environment "zzzzzzzz"'],
    remedy: "rebench list",
  },
  {
    what: "an unknown agent",
    words: ["run", "quick", "--agent", "tweek"],
    exitCode: 2,
    code: "AGENT_UNKNOWN",
    says: ["no agent `tweek`", "modular, tweak"],
    remedy: "did you mean `--agent tweak`?",
  },
  {
    what: "an agent's unknown option",
    words: ["run", "quick", "--agent", "tweak", "--agent-option", "colour=red"],
    exitCode: 2,
    code: "AGENT_OPTION_INVALID",
    says: ["tweak", "colour"],
    remedy: "--agent-option",
  },
  {
    what: "an agent without its model",
    words: ["run", "quick", "--agent", "modular"],
    exitCode: 2,
    code: "MODEL_MISSING",
    says: ["modular"],
    remedy: "--model anthropic/NAME",
  },
  {
    what: "a model without its key",
    words: ["run", "quick", "--agent", "modular", "--model", "openai/gpt-5"],
    env: { OPENAI_API_KEY: "" },
    exitCode: 3,
    code: "MODEL_KEY_MISSING",
    says: ["openai/gpt-5", "OPENAI_API_KEY is not set"],
    remedy: "export OPENAI_API_KEY=",
  },
  {
    what: "a model of nobody",
    words: ["run", "quick", "--agent", "modular", "--model", "opneai/gpt-5"],
    exitCode: 2,
    code: "MODEL_UNKNOWN_PROVIDER",
    says: ["opneai", "openai"],
    remedy: "--base-url",
  },
  {
    what: "an untrusted agent outside a sandbox",
    words: ["run", "quick", "--agent", "modular", "--model", "openai/gpt-5", "--driver", "host"],
    exitCode: 2,
    code: "AGENT_NOT_TRUSTED",
    says: ["isolates nothing", "modular"],
    remedy: "--driver bubblewrap",
  },
  {
    what: "a bad duration",
    words: ["run", "quick", "--agent", "tweak", "--time", "5parsecs"],
    ...usage,
    says: ["--time <duration>", "5parsecs", "90s, 2m, 1h30m or 8h"],
    remedy: "rebench run --help",
  },
  {
    what: "a bad number",
    words: ["run", "quick", "--agent", "tweak", "--tokens", "many"],
    ...usage,
    says: ["--tokens <n>", "many", "whole number"],
    remedy: "rebench run --help",
  },
  {
    what: "an unknown option",
    words: ["run", "quick", "--agent", "tweak", "--tiem", "5s"],
    ...usage,
    says: ["unknown option '--tiem'", "--time"],
    remedy: "rebench run --help",
  },
  {
    what: "a missing option",
    words: ["run", "quick"],
    ...usage,
    says: ["--agent <agent>"],
    remedy: "rebench run --help",
  },
  {
    what: "an unknown choice",
    words: ["run", "quick", "--agent", "tweak", "--scale", "huge"],
    ...usage,
    says: ["--scale <scale>", "huge", "laptop, paper"],
    remedy: "rebench run --help",
  },
  {
    what: "an unknown command",
    words: ["runn", "quick"],
    ...usage,
    says: ["unknown command 'runn'", "Did you mean"],
    remedy: "rebench --help",
  },
  {
    what: "an unknown run",
    words: ["show-run", "yesterdays"],
    exitCode: 2,
    code: "RUN_NOT_FOUND",
    says: ["yesterdays"],
    remedy: "rebench runs",
  },
];

describe("what the command line cannot mean", () => {
  test.each(cases)("$what is one error that says where and what to do", async (known) => {
    await using folder = await openTemporaryFolder();
    const runs = join(folder.path, "runs");
    const env = { ...known.env, REBENCH_RUNS: runs };
    expectOneJsonError(await runRebench([...known.words, "--json"], env), known);
    const plain = await runRebench(known.words, env);
    expectOneError(plain, known);
    expect(plain.stdout).toBe("");
    expect(existsSync(runs)).toBe(false);
  });
});

test("a script that is not there, or a port that is none, is one error", async () => {
  const missing = await runRebench(["scripted-model", "nowhere.yaml"]);
  expectOneError(missing, {
    exitCode: 2,
    code: "SCRIPT_UNREADABLE",
    says: ["nowhere.yaml"],
    remedy: "check the path",
  });
  const port = await runRebench(["scripted-model", "nowhere.yaml", "--port", "http"]);
  expectOneError(port, {
    ...usage,
    says: ["--port <port>", "http", "0 to 65535"],
    remedy: "rebench scripted-model --help",
  });
});

test("a page that cannot be written, and runs that are no folder, are one error each", async () => {
  await using folder = await openTemporaryFolder();
  const out = join(folder.path, "missing", "page.html");
  const page = await runRebench(["page", "--out", out, "--runs", folder.path]);
  expectOneError(page, { exitCode: 3, code: "PAGE_UNWRITABLE", says: [out], remedy: "--out" });
  const runs = await runRebench(["runs", "--runs", import.meta.filename]);
  expectOneError(runs, {
    exitCode: 3,
    code: "SYSTEM_REFUSED",
    says: ["not a directory", import.meta.filename],
    remedy: "name a folder",
  });
});
