import { expect, test } from "vitest";
import type { ScriptStep } from "../../src/model/index.ts";
import { bashStep, lastStep, playRun, type ScriptedRun, scoreStep } from "./scripted-run.ts";

/** What a solution file holds, and a piece of its score that must show nowhere: 0.318… is what 7.1357 is worth. */
const answers = {
  good: { file: "LEVEL = 1", unseen: "1.000" },
  middling: { file: "LEVEL = 7.1357", unseen: "0.318" },
  bad: { file: "LEVEL = 86429.5", unseen: "86429" },
  invalid: { file: "no number", unseen: "no-number" },
} as const;

/** Looks everywhere in the sandbox that can be written for a trace of the scorer's words. */
const searchSandbox = bashStep(
  "grep -rlE 'The level is|normalized|Write a line' / --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr " +
    "--exclude-dir=opt --exclude-dir=lib 2>/dev/null; ls -A /workspace /tmp /run /root 2>&1; env | sort",
);

/** Writes a solution, has it scored, then looks for what came of it. */
function conversation(file: string): readonly ScriptStep[] {
  return [
    bashStep(`echo '${file}' > solution.py`),
    scoreStep,
    searchSandbox,
    { toolCalls: [{ name: "score_log", arguments: {} }] },
    lastStep,
  ];
}

/** What the model was answered, in order; times of the clock differ from run to run and say nothing of a score. */
function toolAnswers({ records }: ScriptedRun): readonly string[] {
  const answered = records.at(-1)?.request.messages.filter(({ role }) => role === "tool") ?? [];
  return answered.map(({ text }) => text.replaceAll(/"clock":"[^"]*"/g, '"clock":"…"'));
}

test("with hidden scores, good, bad and invalid answers get the same bytes, and nothing names a score", async () => {
  const seen: (readonly string[])[] = [];
  for (const { file, unseen } of Object.values(answers)) {
    const run = await playRun({ steps: conversation(file) }, { more: ["--hidden"] });
    expect([run.ended.exitCode, run.state.ending?.reason, run.verified]).toEqual([0, "token-limit", 0]);
    expect(run.state.entries).toHaveLength(2);
    seen.push(toolAnswers(run));
    const told = run.records
      .flatMap(({ request }) => request.messages)
      .filter(({ role }) => role !== "assistant")
      .map(({ text }) => text)
      .join("\n");
    expect(told).not.toContain(unseen);
    expect(told).not.toMatch(
      /The level is|normalized \d|"normalized"|Write a line like|"(scored|invalid|not-scored)"/,
    );
    expect(told).toContain("scores are recorded and not shown");
  }
  const [first = []] = seen;
  expect(first).toHaveLength(4);
  expect(first[1]).toContain('"recorded"');
  for (const other of seen) expect(other).toEqual(first);
});

test("where scores are shown the same conversation does name them: the search above can find something", async () => {
  const run = await playRun({ steps: conversation(answers.middling.file) });
  expect(toolAnswers(run).join("\n")).toMatch(/The level is 7\.1357.*0\.318/s);
});
