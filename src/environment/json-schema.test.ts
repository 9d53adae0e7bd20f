import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { toManifestJsonSchema } from "./json-schema.ts";

test("the published schema is what the code checks (else run `npx node scripts/generate-schemas.ts`)", async () => {
  const published = await readFile(new URL("../../schemas/environment.schema.json", import.meta.url), "utf8");
  expect(published).toBe(toManifestJsonSchema());
});
