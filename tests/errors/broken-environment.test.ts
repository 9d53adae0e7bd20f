import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runRebench } from "../command-line/rebench.ts";
import { openTemporaryFolder } from "../command-line/temporary-folder.ts";
import { expectOneError, expectOneJsonError } from "./expect-error.ts";

const sound = join("tests", "fixtures", "environments", "quick");

interface Breakage {
  readonly what: string;
  /** Changes the text of `environment.yaml`. */
  readonly edit: (text: string) => string;
  /** File, line and key as the message names them. */
  readonly place: string;
  readonly says: string;
  readonly remedy: string;
}

const breakages: readonly Breakage[] = [
  {
    what: "a missing key",
    edit: (text) => text.replace("title: Quick\n", ""),
    place: "environment.yaml:1: title",
    says: "missing",
    remedy: 'add "title"',
  },
  {
    what: "a missing key deep inside",
    edit: (text) => text.replace("    timeLimitMinutes: 1\n", ""),
    place: "environment.yaml:9: scales.laptop.timeLimitMinutes",
    says: "missing",
    remedy: 'add "scales.laptop.timeLimitMinutes"',
  },
  {
    what: "an unknown key",
    edit: (text) => `${text}flavour: sweet\n`,
    place: "flavour",
    says: "unknown key",
    remedy: 'remove "flavour"',
  },
  {
    what: "a mistyped key",
    edit: (text) => text.replace("network: none", "netwrok: none"),
    place: "environment.yaml:6: netwrok",
    says: "unknown key",
    remedy: 'did you mean "network" instead of "netwrok"?',
  },
  {
    what: "a value of the wrong type",
    edit: (text) => text.replace("timeLimitMinutes: 1", "timeLimitMinutes: soon"),
    place: "environment.yaml:11: scales.laptop.timeLimitMinutes",
    says: "number expected",
    remedy: 'correct "scales.laptop.timeLimitMinutes"',
  },
  {
    what: "a value of no choice",
    edit: (text) => text.replace("direction: lower", "direction: lowre"),
    place: "environment.yaml:5: score.direction",
    says: '"lower", "higher"',
    remedy: 'did you mean "lower" instead of "lowre"?',
  },
  {
    what: "YAML that is none",
    edit: (text) => text.replace("title: Quick", 'title: "Quick'),
    place: "environment.yaml:",
    says: "not valid YAML",
    remedy: "correct the YAML on that line",
  },
  {
    what: "an alias of nothing",
    edit: (text) => text.replace("*laptop", "*laptob"),
    place: "environment.yaml",
    says: "not valid YAML",
    remedy: "define the &name",
  },
  {
    what: "the id of another",
    edit: (text) => text.replace("id: quick", "id: slow"),
    place: "environment.yaml: id",
    says: '"slow" is not the name of its folder, "quick"',
    remedy: "write id: quick",
  },
  {
    what: "anchors the wrong way round",
    edit: (text) => text.replace("direction: lower", "direction: higher"),
    place: "environment.yaml: scales.laptop.anchors",
    says: "the reference is not better than the start",
    remedy: "correct the anchors or score.direction",
  },
  {
    what: "an empty file",
    edit: () => "",
    place: "environment.yaml:1",
    says: "expected",
    remedy: "schemas/environment.schema.json",
  },
];

describe("a broken environment", () => {
  test.each(breakages)(
    "with $what names file, line, key and remedy",
    async ({ edit, place, says, remedy }) => {
      await using folder = await openTemporaryFolder();
      const manifest = join(folder.path, "quick", "environment.yaml");
      await cp(sound, join(folder.path, "quick"), { recursive: true });
      const text = await readFile(manifest, "utf8");
      expect(edit(text)).not.toBe(text);
      await writeFile(manifest, edit(text));
      const expected = {
        exitCode: 3,
        code: "ENVIRONMENT_BROKEN",
        says: [join(folder.path, "quick"), place, says],
        remedy,
      } as const;
      const env = { REBENCH_ENVIRONMENTS: folder.path, REBENCH_RUNS: join(folder.path, "runs") };
      expectOneJsonError(await runRebench(["run", "quick", "--agent", "tweak", "--json"], env), expected);
      expectOneError(await runRebench(["show", "quick"], env), expected);
      const list = await runRebench(["list"], env);
      expect(list.stdout).toMatch(/quick\s+broken/);
    },
  );

  test("without its judge, or with an unknown placeholder, names the file", async () => {
    await using folder = await openTemporaryFolder();
    const directory = join(folder.path, "quick");
    const env = { REBENCH_ENVIRONMENTS: folder.path };
    await cp(sound, directory, { recursive: true });
    await rm(join(directory, "judge", "judge.py"));
    await writeFile(join(directory, "instructions.md"), "Be done by {{noon}}.\n");
    expectOneJsonError(await runRebench(["show", "quick", "--json"], env), {
      exitCode: 3,
      code: "ENVIRONMENT_BROKEN",
      says: [join(directory, "judge", "judge.py"), `${join(directory, "instructions.md")}:1`, "noon"],
      remedy: "add judge/judge.py",
    });
  });
});
