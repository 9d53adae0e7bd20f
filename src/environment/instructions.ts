import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { closestName } from "../errors/index.ts";
import { type EnvironmentProblem, environmentErrors } from "./errors.ts";
import type { Environment, Manifest, ScaleName } from "./manifest.ts";

/** What instructions depend on besides environment and scale. */
export interface InstructionOptions {
  /** Whether the agent is told its scores; chooses the `{{#visible}}` or the `{{^visible}}` sections. */
  readonly visible: boolean;
  /** Limit of this very run, in milliseconds. */
  readonly timeLimitMs: number;
}

/**
 * What an agent is told about the task: `instructions.md` with its `{{placeholders}}` filled in from the scale's
 * parameters and {@link builtInValues}. `{{#name}}…{{/name}}` stays where `name` holds (`visible`, `laptop`,
 * `paper`, `gpu`), `{{^name}}…{{/name}}` where it does not; sections nest.
 *
 * @throws ENVIRONMENT_BROKEN for an unknown placeholder or a section that is not closed.
 */
export async function renderInstructions(
  environment: Environment,
  scale: ScaleName,
  options: InstructionOptions,
): Promise<string> {
  const file = join(environment.directory, "instructions.md");
  const result = render(await readFile(file, "utf8"), file, environment.manifest, scale, options);
  if (result.problems.length > 0) {
    throw environmentErrors.ENVIRONMENT_BROKEN({ id: environment.manifest.id, problems: result.problems });
  }
  return result.text;
}

/** Tries every scale and both visibilities, so that a broken template shows when it is loaded, not mid-run. */
export async function findInstructionProblems(
  directory: string,
  manifest: Manifest,
): Promise<readonly EnvironmentProblem[]> {
  const file = join(directory, "instructions.md");
  const template = await readFile(file, "utf8").catch(() => null);
  if (template === null) return [];
  const scales: readonly ScaleName[] = ["laptop", "paper"];
  const problems = scales.flatMap((scale) => [
    ...findClashes(manifest, scale, join(directory, "environment.yaml")),
    ...[true, false].flatMap(
      (visible) => render(template, file, manifest, scale, { visible, timeLimitMs: 60_000 }).problems,
    ),
  ]);
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...distinct.values()];
}

/** Placeholders every environment has, whatever its parameters. */
function builtInValues(
  manifest: Manifest,
  scale: ScaleName,
  options: InstructionOptions,
): Readonly<Record<string, string | number>> {
  const { resources, scoringTimeoutSeconds } = manifest.scales[scale];
  return {
    title: manifest.title,
    cpus: resources.cpus,
    memoryGib: resources.memoryGib,
    diskGib: resources.diskGib,
    gpus: resources.gpus,
    timeLimit: toDuration(options.timeLimitMs),
    scoringTimeoutSeconds,
    scoreName: manifest.score.name,
    scoreUnit: manifest.score.unit,
    scoreDirection: manifest.score.direction,
    solutionFiles: manifest.solution.files.map((path) => `\`${path}\``).join(", "),
  };
}

function conditions(
  manifest: Manifest,
  scale: ScaleName,
  visible: boolean,
): Readonly<Record<string, boolean>> {
  return {
    visible,
    laptop: scale === "laptop",
    paper: scale === "paper",
    gpu: manifest.scales[scale].resources.gpus > 0,
  };
}

function findClashes(manifest: Manifest, scale: ScaleName, file: string): EnvironmentProblem[] {
  const reserved = Object.keys(builtInValues(manifest, scale, { visible: true, timeLimitMs: 0 }));
  return Object.keys(manifest.scales[scale].parameters)
    .filter((name) => reserved.includes(name))
    .map((name) => ({
      file,
      line: null,
      key: `scales.${scale}.parameters.${name}`,
      problem: "this name belongs to a placeholder that every environment has",
      remedy: `give the parameter "${name}" another name`,
    }));
}

interface Rendered {
  readonly text: string;
  readonly problems: readonly EnvironmentProblem[];
}

// A section tag alone on its line takes the line with it. The last alternative catches what is no tag.
const tag = /^[ \t]*\{\{([#^/])\s*(\w+)\s*\}\}[ \t]*\n|\{\{([#^/]?)\s*(\w+)\s*\}\}|\{\{/gm;

function render(
  template: string,
  file: string,
  manifest: Manifest,
  scale: ScaleName,
  options: InstructionOptions,
): Rendered {
  const values: Readonly<Record<string, unknown>> = {
    ...manifest.scales[scale].parameters,
    ...builtInValues(manifest, scale, options),
  };
  const holds = conditions(manifest, scale, options.visible);
  const problems: EnvironmentProblem[] = [];
  const open: { readonly name: string; readonly shown: boolean; readonly line: number }[] = [];
  let text = "";
  let end = 0;
  for (const match of template.matchAll(tag)) {
    const isShown = open.every((section) => section.shown);
    if (isShown) text += template.slice(end, match.index);
    end = match.index + match[0].length;
    const line = template.slice(0, match.index).split("\n").length;
    const kind = match[1] ?? match[3];
    const name = match[2] ?? match[4];
    const fail = (problem: string, remedy: string) =>
      problems.push({ file, line, key: null, problem, remedy });
    if (name === undefined) {
      fail("`{{` begins no placeholder", "write {{name}}, {{#name}}, {{^name}} or {{/name}}");
    } else if (kind === "#" || kind === "^") {
      const value = holds[name];
      if (value === undefined) {
        fail(`there is no section {{${kind}${name}}}`, `use one of ${Object.keys(holds).join(", ")}`);
      }
      open.push({ name, line, shown: (kind === "#") === (value ?? false) });
    } else if (kind === "/") {
      const section = open.pop();
      if (section?.name !== name) {
        fail(`{{/${name}}} closes no section`, `close ${section?.name ?? "only what is open"}`);
      }
    } else if (Object.hasOwn(values, name)) {
      if (isShown) text += toText(values[name]);
    } else {
      const closest = closestName(name, Object.keys(values));
      fail(
        `nothing is called {{${name}}} at ${scale} scale`,
        closest === null
          ? `use one of ${Object.keys(values).join(", ")}`
          : `did you mean {{${closest}}} instead of {{${name}}}?`,
      );
    }
  }
  for (const section of open) {
    problems.push({
      file,
      line: section.line,
      key: null,
      problem: `the section {{#${section.name}}} is never closed`,
      remedy: `add {{/${section.name}}}`,
    });
  }
  return { text: text + template.slice(end), problems };
}

function toText(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** `8 hours`, `90 minutes`, `45 seconds`: the largest unit that divides evenly. */
function toDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  const [amount, unit] =
    seconds > 0 && seconds % 3_600 === 0
      ? [seconds / 3_600, "hour"]
      : seconds > 0 && seconds % 60 === 0
        ? [seconds / 60, "minute"]
        : [seconds, "second"];
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}
