import {
  type Script,
  type ScriptedRecord,
  type ScriptStep,
  startScriptedServer,
} from "../../src/model/index.ts";
import { loadRunSummary, type RunEvent, type RunState, toRunPaths } from "../../src/run/index.ts";
import { type EndedRebench, modularRun, runRebench } from "../command-line/rebench.ts";
import { onlyRun, readEventsOf } from "../command-line/run-folder.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";

/** Tokens that {@link lastStep} claims: a budget of so many ends a run there. */
export const endingTokens = 1_000_000;

/** Ends a run in order, by its token budget. */
export const lastStep: ScriptStep = {
  text: "That is all.",
  usage: { inputTokens: endingTokens, outputTokens: 1 },
};

export const bashStep = (command: string): ScriptStep => ({
  toolCalls: [{ name: "bash", arguments: { command } }],
});

export const scoreStep: ScriptStep = { toolCalls: [{ name: "score", arguments: {} }] };

/** A run of the test environment with `modular`, from its command to its record. */
export interface ScriptedRun {
  readonly ended: EndedRebench;
  readonly events: readonly RunEvent[];
  readonly state: RunState;
  /** What the server saw. */
  readonly records: readonly ScriptedRecord[];
  /** Exit code of `rebench verify`. */
  readonly verified: number | null;
}

/** Plays a script over HTTP to the end of the run. */
export async function playRun(
  script: Script,
  options: { readonly more?: readonly string[]; readonly endingTokens?: number | null } = {},
): Promise<ScriptedRun> {
  await using folder = await openTemporaryFolder();
  await using server = await startScriptedServer({ script, record: true });
  const tokens = options.endingTokens === undefined ? endingTokens : options.endingTokens;
  const more = [...(tokens === null ? [] : ["--tokens", String(tokens)]), ...(options.more ?? [])];
  const ended = await runRebench(modularRun({ baseUrl: server.baseUrl, runs: folder.path, more }));
  const run = onlyRun(folder.path);
  return {
    ended,
    events: readEventsOf(run),
    state: loadRunSummary(toRunPaths(run)).state,
    records: server.records(),
    verified: (await runRebench(["verify", run])).exitCode,
  };
}
