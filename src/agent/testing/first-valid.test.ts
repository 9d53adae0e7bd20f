import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { createFirstValid } from "./first-valid.ts";
import { FakeWorld, replayFromEveryCut } from "./index.ts";

const createWorld = () =>
  new FakeWorld({
    score: (files) =>
      files.get("/workspace/solution.py") === "good"
        ? { status: "scored", score: 0.5, normalized: 0.5, message: "" }
        : { status: "invalid", message: "no" },
  });

test("the guide's agent stops at the first valid candidate, wherever its run is cut", async () => {
  const create = () => createFirstValid(["bad", "good", "worse"]);
  const operations = await replayFromEveryCut(create, { createWorld });
  expect(operations.at(-1)?.kind).toBe("score");
  expect(operations.at(-2)?.request).toContain('"good"');
});

test("the guide shows this very agent", async () => {
  const [guide, source] = await Promise.all([
    readFile(new URL("../../../docs/add-an-agent.md", import.meta.url), "utf8"),
    readFile(new URL("first-valid.ts", import.meta.url), "utf8"),
  ]);
  expect(guide).toContain(source.trim());
});
