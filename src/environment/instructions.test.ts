import { expect, test } from "vitest";
import { renderInstructions } from "./instructions.ts";
import { loadEnvironment } from "./load-environment.ts";
import { writeEnvironment } from "./testing/write-environment.ts";

async function render(
  template: string,
  options: { visible?: boolean; timeLimitMs?: number; scale?: "laptop" | "paper" } = {},
): Promise<string> {
  await using folder = await writeEnvironment({ "instructions.md": template });
  const environment = await loadEnvironment("demo", { roots: [folder.root] });
  const { visible = true, timeLimitMs = 7_200_000, scale = "laptop" } = options;
  return await renderInstructions(environment, scale, { visible, timeLimitMs });
}

test("placeholders come from parameters, resources, score and the run's limit", async () => {
  const template =
    "{{size}} {{names}} {{cpus}} {{ memoryGib }} {{timeLimit}} {{scoreUnit}} {{solutionFiles}}";
  expect(await render(template)).toBe("5 a, b 2 1 2 hours seconds `solution.py`");
});

const durations: readonly [number, string][] = [
  [28_800_000, "8 hours"],
  [3_600_000, "1 hour"],
  [5_400_000, "90 minutes"],
  [45_000, "45 seconds"],
];
test.each(durations)("a limit of %i ms reads %s", async (timeLimitMs, words) => {
  expect(await render("{{timeLimit}}", { timeLimitMs })).toBe(words);
});

const sections =
  "a\n{{#visible}}\nshown\n{{#gpu}}\ngpu\n{{/gpu}}\n{{/visible}}\n{{^visible}}\nhidden\n{{/visible}}\nb\n";

test("sections follow visibility and take their own lines with them", async () => {
  expect(await render(sections)).toBe("a\nshown\nb\n");
  expect(await render(sections, { visible: false })).toBe("a\nhidden\nb\n");
});

test("sections work within a line and follow the scale", async () => {
  const template = "on {{#laptop}}two cores{{/laptop}}{{#paper}}a GPU{{/paper}}.";
  expect(await render(template)).toBe("on two cores.");
  expect(await render(template, { scale: "paper" })).toBe("on a GPU.");
});

const broken: readonly [string, string, RegExp][] = [
  ["a section that is not closed", "{{#visible}}x", /1: the section \{\{#visible\}\} is never closed/],
  ["a section closed twice", "{{#visible}}x{{/visible}}{{/visible}}", /closes no section/],
  ["sections that cross", "{{#visible}}{{#gpu}}{{/visible}}{{/gpu}}", /\{\{\/visible\}\} closes no section/],
  ["an unknown section", "{{#secret}}x{{/secret}}", /there is no section \{\{#secret\}\}/],
  ["a placeholder that is none", "x\n{{ a b }}", /2: `\{\{` begins no placeholder/],
  ["a name every object has", "{{constructor}}", /nothing is called \{\{constructor\}\}/],
];
test.each(broken)("%s breaks the environment", async (_, template, message) => {
  await expect(render(template)).rejects.toMatchObject({
    code: "ENVIRONMENT_BROKEN",
    message: expect.stringMatching(message),
  });
});
