import { expect, test } from "vitest";
import { createAgent, listAgents } from "./index.ts";

test("every listed agent can be built under its own id", () => {
  for (const { id, needsModel } of listAgents()) expect(createAgent(id)).toMatchObject({ id, needsModel });
  expect(listAgents().map(({ id }) => id)).toEqual([
    "modular",
    "tweak",
    "solution:starting",
    "solution:reference",
  ]);
});

test("options are listed with their defaults", () => {
  expect(listAgents()[0]?.options.map(({ name, default: value }) => `${name}=${value}`)).toEqual([
    "temperature=1",
    "max-output-tokens=4096",
    "model-context-tokens=200000",
  ]);
});

test("an unknown agent is a usage error with the nearest name", () => {
  const error = (id: string) => {
    try {
      createAgent(id);
    } catch (thrown) {
      return thrown;
    }
    return null;
  };
  expect(error("modulr")).toMatchObject({
    code: "AGENT_UNKNOWN",
    exitCode: 2,
    remedy: "did you mean `--agent modular`?",
  });
  expect(error("solution")).toMatchObject({ remedy: "did you mean `--agent solution:starting`?" });
  expect(error("zzzzzzzz")).toMatchObject({ remedy: "choose one of these with `--agent`" });
});

test("unknown options and values out of range are usage errors that name the options", () => {
  expect(() => createAgent("modular", { temprature: "1" })).toThrow(/temprature/);
  expect(() => createAgent("modular", { temperature: "hot" })).toThrow(/temperature/);
  expect(() => createAgent("modular", { "max-output-tokens": "" })).toThrow(/max-output-tokens/);
  expect(() => createAgent("tweak", { temperature: "1" })).toThrow(/`tweak`/);
});
