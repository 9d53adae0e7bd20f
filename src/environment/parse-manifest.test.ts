import { describe, expect, test } from "vitest";
import { parseManifest } from "./parse-manifest.ts";
import { exampleManifest } from "./testing/write-environment.ts";

/** What is changed in the example, and the first problem that must be named: line, key, problem, remedy. */
const broken: readonly [string, string, string, [number | null, string | null, RegExp, RegExp]][] = [
  ["a mistyped key", "direction:", "directoin:", [8, "score.directoin", /unknown key/, /mean "direction"/]],
  ["a key nobody knows", "network:", "banana: 1\nnetwork:", [11, "banana", /unknown key/, /remove "banana"/]],
  ["a missing key", "title: Demo\n", "", [1, "title", /missing/, /add "title" \(string expected\)/]],
  [
    "a missing nested key",
    "    timeLimitMinutes: 2\n",
    "",
    [15, "scales.laptop.timeLimitMinutes", /missing/, /add/],
  ],
  ["a mistyped value", "final: best", "final: bset", [9, "score.final", /"best", "last"/, /mean "best"/]],
  ["a word for a number", "cpus: 2", "cpus: two", [16, "scales.laptop.resources.cpus", /number/, /correct/]],
  ["not a number", "cpus: 2", "cpus: .nan", [16, "scales.laptop.resources.cpus", /number/, /correct/]],
  ["a negative number", "cpus: 2", "cpus: -2", [16, "scales.laptop.resources.cpus", />0/, /correct/]],
  [
    "a key of no anchors kind",
    "measured-here",
    "measured",
    [21, "scales.laptop.anchors.kind", /measured-here/, /correct/],
  ],
  ["an empty list", "[solution.py]", "[]", [13, "solution.files", /1 items/, /correct/]],
  ["a newer schema", "schemaVersion: 1", "schemaVersion: 2", [1, "schemaVersion", /1 expected/, /correct/]],
  ["an open bracket", "title: Demo", "title: [Demo", [4, null, /not valid YAML/, /correct the YAML/]],
  ["a key given twice", "title: Demo", "title: Demo\ntitle: Other", [4, null, /unique/, /correct the YAML/]],
  ["an alias of nothing", "*scale", "*scael", [null, null, /scael/, /define/]],
  ["an empty file", exampleManifest, "", [1, null, /object expected/, /environment.schema.json/]],
  ["a list", exampleManifest, "- a\n", [1, null, /object expected/, /environment.schema.json/]],
];

describe("parseManifest names file, line, key and remedy of", () => {
  test.each(broken)("%s", (_, from, to, [line, key, problem, remedy]) => {
    const parsed = parseManifest(exampleManifest.replace(from, to), "demo/environment.yaml");
    expect(parsed).toMatchObject({ status: "broken" });
    if (parsed.status !== "broken") return;
    expect(parsed.problems[0]).toEqual({
      file: "demo/environment.yaml",
      line,
      key,
      problem: expect.stringMatching(problem),
      remedy: expect.stringMatching(remedy),
    });
  });
});

test("parseManifest reads a complete manifest", () => {
  expect(parseManifest(exampleManifest, "environment.yaml")).toMatchObject({
    status: "parsed",
    manifest: { id: "demo", scales: { paper: { parameters: { size: 5, names: ["a", "b"] } } } },
  });
});

test("a mistyped key is one problem, not an unknown and a missing one", () => {
  const parsed = parseManifest(exampleManifest.replace("unit:", "unti:"), "environment.yaml");
  expect(parsed).toMatchObject({ problems: [{ key: "score.unti" }] });
});

test("every problem is reported at once", () => {
  const text = exampleManifest.replace("final: best", "final: bset").replace("title: Demo\n", "");
  const parsed = parseManifest(text, "environment.yaml");
  expect(parsed).toMatchObject({ problems: [{ key: "title" }, { key: "score.final" }] });
});
