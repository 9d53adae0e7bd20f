import { defineErrors } from "../errors/index.ts";

/** What can be wrong with the choice of an agent, and with what the built-in ones need. */
export const agentErrors = defineErrors({
  AGENT_UNKNOWN: {
    fault: "caller",
    exitCode: 2,
    message: (d: { id: string; known: readonly string[]; closest: string | null }) =>
      `there is no agent \`${d.id}\`; known are ${d.known.join(", ")}`,
    remedy: (d: { id: string; known: readonly string[]; closest: string | null }) =>
      d.closest === null ? "choose one of these with `--agent`" : `did you mean \`--agent ${d.closest}\`?`,
  },
  AGENT_OPTION_INVALID: {
    fault: "caller",
    exitCode: 2,
    message: (d: { agent: string; problem: string; known: readonly string[] }) =>
      `an option of the agent \`${d.agent}\` is wrong: ${d.problem}`,
    remedy: (d: { agent: string; problem: string; known: readonly string[] }) =>
      d.known.length === 0
        ? "leave `--agent-option` out: this agent has no options"
        : `write \`--agent-option name=value\` with one of ${d.known.join(", ")}`,
  },
  AGENT_SOLUTION_FAILED: {
    fault: "environment",
    exitCode: 3,
    message: (d: { which: string; environment: string; how: string }) =>
      `the ${d.which} solution of \`${d.environment}\` did not run: ${d.how}`,
    remedy: (d: { which: string; environment: string; how: string }) =>
      `look at the run's log, and try \`rebench check-environment ${d.environment}\``,
  },
});
