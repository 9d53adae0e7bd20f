import { z } from "zod";
import { closestName } from "../errors/index.ts";
import type { Agent } from "../run/index.ts";
import { agentErrors } from "./errors.ts";
import { createModular, modularOptionsSchema } from "./modular/index.ts";
import { createSolution } from "./solution/index.ts";
import { createTweak } from "./tweak/index.ts";

/** What `--agent` accepts, for lists and help. */
export interface AgentListing {
  readonly id: string;
  readonly summary: string;
  readonly needsModel: boolean;
  readonly options: readonly AgentOptionListing[];
}

/** One `--agent-option` that an agent takes. */
export interface AgentOptionListing {
  readonly name: string;
  readonly description: string;
  /** As it would be written after `name=`; null where there is no default. */
  readonly default: string | null;
}

interface AgentEntry extends AgentListing {
  readonly create: (options: Readonly<Record<string, string>>) => Agent;
}

/** One agent: its options are checked by, and listed from, the schema. */
function entry<Options extends z.ZodObject>(init: {
  readonly id: string;
  readonly summary: string;
  readonly needsModel: boolean;
  readonly options: Options;
  readonly create: (options: z.output<Options>) => Agent;
}): AgentEntry {
  const options = Object.entries(init.options.shape).map(([name, schema]) => toOptionListing(name, schema));
  return {
    id: init.id,
    summary: init.summary,
    needsModel: init.needsModel,
    options,
    create: (given) => {
      const parsed = init.options.safeParse(given);
      if (parsed.success) return init.create(parsed.data);
      const problem = parsed.error.issues
        .map((issue) => [...issue.path, issue.message].join(": "))
        .join("; ");
      throw agentErrors.AGENT_OPTION_INVALID({
        agent: init.id,
        problem,
        known: options.map(({ name }) => name),
      });
    },
  };
}

function toOptionListing(name: string, schema: z.core.$ZodType): AgentOptionListing {
  const { description, default: value } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return { name, description: description ?? "", default: value === undefined ? null : String(value) };
}

const noOptions = z.strictObject({});

const entries: readonly AgentEntry[] = [
  entry({
    id: "modular",
    summary:
      "the paper's general scaffold: a language model with bash, python and score, one action per turn",
    needsModel: true,
    options: modularOptionsSchema,
    create: createModular,
  }),
  entry({
    id: "tweak",
    summary: "changes one named number of the workspace at a time and keeps what helps",
    needsModel: false,
    options: noOptions,
    create: createTweak,
  }),
  entry({
    id: "solution:starting",
    summary: "scores the starting solution: normalized 0",
    needsModel: false,
    options: noOptions,
    create: () => createSolution("starting"),
  }),
  entry({
    id: "solution:reference",
    summary: "scores the reference solution: normalized 1",
    needsModel: false,
    options: noOptions,
    create: () => createSolution("reference"),
  }),
];

/** Every agent there is, in the order of help. */
export function listAgents(): readonly AgentListing[] {
  return entries.map(({ create: _, ...listing }) => listing);
}

/**
 * Builds the agent behind `--agent <id>` with its `--agent-option`s.
 *
 * @throws AGENT_UNKNOWN, with the nearest name, for an id that is not listed.
 * @throws AGENT_OPTION_INVALID for an unknown option or a value it does not take.
 */
export function createAgent(id: string, options: Readonly<Record<string, string>> = {}): Agent {
  const found = entries.find((candidate) => candidate.id === id);
  if (found !== undefined) return found.create(options);
  const known = entries.map((candidate) => candidate.id);
  const closest = known.find((candidate) => candidate.startsWith(`${id}:`)) ?? closestName(id, known);
  throw agentErrors.AGENT_UNKNOWN({ id, known, closest });
}
