/** Writes the JSON schemas in `schemas/` from the zod schemas they mirror: `npx node scripts/generate-schemas.ts`. */
import { writeFile } from "node:fs/promises";
import { toManifestJsonSchema } from "../src/environment/index.ts";

const path = new URL("../schemas/environment.schema.json", import.meta.url);
await writeFile(path, toManifestJsonSchema());
