import { type Command, Option } from "commander";
import type { ScaleName } from "../../environment/index.ts";
import type { RunRecord } from "../../run/index.ts";
import type { DriverName } from "../../sandbox/index.ts";
import type { CliContext } from "../context.ts";
import { parseDuration } from "../duration.ts";
import { addGatewayOptions, type GatewayOptions, toGatewayChoice } from "../gateway-models.ts";
import { launchRun } from "../launch.ts";
import { collectPair, parseAmount, parseCount, sharedArguments, sharedOptions } from "../options.ts";
import { reportLaunched } from "../report-run.ts";

interface RunOptions extends GatewayOptions {
  readonly agent: string;
  readonly agentOption: Readonly<Record<string, string>>;
  readonly scale: ScaleName;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly time?: number;
  readonly tokens?: number;
  readonly cost?: number;
  readonly hidden?: boolean;
  readonly freeScoring?: boolean;
  readonly snapshots: RunRecord["snapshotPolicy"];
  readonly driver: DriverName;
  readonly iTrustThisAgent?: boolean;
  readonly seed?: string;
  readonly runs: string;
  readonly json?: boolean;
}

/** Adds the command `run`. */
export function registerRun(program: Command, context: CliContext): void {
  const command = program
    .command("run")
    .description("run one agent in one environment under one budget")
    .addArgument(sharedArguments.environment())
    .requiredOption("--agent <agent>", "who acts: see `rebench agents`")
    .option("--agent-option <name=value>", "an option of the agent, repeatable", collectPair, {})
    .addOption(sharedOptions.scale())
    .option("--model <provider/name>", "anthropic/…, openai/…, google/… or openai-compatible/…")
    .option("--base-url <url>", "address of the model's API up to its version");
  addGatewayOptions(command)
    .option("--time <duration>", "time budget, e.g. 2m or 8h; the scale's own by default", parseDuration)
    .option("--tokens <n>", "token budget, input and output together", parseCount)
    .option("--cost <usd>", "budget in US dollars", parseAmount)
    .option("--hidden", "record scores but do not show them to the agent")
    .option("--free-scoring", "stop the clock while a score is being made")
    .addOption(
      new Option("--snapshots <policy>", "which snapshots keep their content")
        .choices(["all", "improvements", "final"])
        .default("all"),
    )
    .addOption(
      new Option("--driver <driver>", "what isolates the agent")
        .choices(["bubblewrap", "container", "host"])
        .default("bubblewrap"),
    )
    .option("--i-trust-this-agent", "let any agent use the driver host, which isolates nothing")
    .option("--seed <text>", "seed of the agent's own chance")
    .addOption(sharedOptions.runs())
    .addOption(sharedOptions.json())
    .action(async (environmentId: string, options: RunOptions) => {
      const launched = await launchRun(context, {
        environmentId,
        scale: options.scale,
        agentId: options.agent,
        agentOptions: options.agentOption,
        modelId: options.model ?? null,
        baseUrl: options.baseUrl ?? null,
        gateway: toGatewayChoice(options),
        pricesFile: options.prices ?? null,
        attemptTimeoutMs: options.modelTimeout ?? null,
        timeMs: options.time ?? null,
        tokens: options.tokens ?? null,
        costUsd: options.cost ?? null,
        hidden: options.hidden === true,
        scoringTime: options.freeScoring === true ? "free" : "charged",
        snapshotPolicy: options.snapshots,
        driver: options.driver,
        trustsAgent: options.iTrustThisAgent === true,
        seed: options.seed ?? null,
        runsDirectory: options.runs,
      });
      reportLaunched(context, launched, options.json === true);
    });
}
