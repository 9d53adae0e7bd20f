import type { ScriptedRequest, ScriptStep } from "../../src/model/index.ts";

/** What the conversation writes and scores, after the starting solution's 10. */
export const rawScores = [10, 8, 5, 3];

/** Tokens that the last answer claims: a budget of so many ends the run there. */
export const endingTokens = 2_000_000;

const bash = (command: string): ScriptStep => ({
  toolCalls: [{ name: "bash", arguments: { command } }],
  delayMs: 60,
});
const score: ScriptStep = { toolCalls: [{ name: "score", arguments: {} }], delayMs: 60 };

/** Every step can be done twice: a command that was under way is asked for again. */
const steps: readonly ScriptStep[] = [
  bash(
    "sleep 600 >/dev/null 2>&1 & for i in $(seq 60); do echo $i > part-$i.txt; done; " +
      "printf 'LEVEL = 8\\ndelay = 0.2\\n' > solution.py; sleep 0.2",
  ),
  score,
  bash("seq 1 25000; sleep 0.1"),
  bash(
    "printf 'LEVEL = 5\\ndelay = 0.2\\n' > solution.py; for i in $(seq 60); do echo x$i > part-$i.txt; done",
  ),
  score,
  bash("printf 'LEVEL = 3\\ndelay = 0.3\\n' > solution.py; sleep 0.2"),
];

const last: ScriptStep = {
  text: "That is all.",
  usage: { inputTokens: endingTokens, outputTokens: 1 },
  delayMs: 60,
};

/**
 * The step due after those the request's history holds answers to. A command that the harness says was interrupted
 * does not count as done, so a resumed conversation asks for it once more and then goes on.
 */
export function playConversation({ messages }: ScriptedRequest): ScriptStep {
  const done = messages.filter(({ role, text }) => role === "tool" && !text.startsWith("Interrupted:"));
  return steps[done.length] ?? last;
}
