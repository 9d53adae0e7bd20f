import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findFloorBreaches } from "../../scripts/floors.ts";

describe("floors", () => {
  test("no folder of src imports from its own floor, from above, or past a door", () => {
    expect(findFloorBreaches("src")).toEqual([]);
  });

  test.each([
    ["up", "sandbox/a.ts", "../run/index.ts"],
    ["sideways", "sandbox/a.ts", "../model/index.ts"],
    ["past a door", "run/a.ts", "../sandbox/sandbox.ts"],
  ])("an import that goes %s is found", (_where, file, specifier) => {
    const root = mkdtempSync(join(tmpdir(), "floors-"));
    mkdirSync(join(root, file, ".."), { recursive: true });
    writeFileSync(join(root, file), `import { x } from "${specifier}";\n`);
    expect(findFloorBreaches(root)).toHaveLength(1);
    rmSync(root, { recursive: true });
  });
});
