/** Writes `docs/errors.md` from the error catalogues: `npx node scripts/generate-error-reference.ts`. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { collectErrors, toErrorReference } from "./error-reference.ts";

const root = join(import.meta.dirname, "..");
const errors = await collectErrors(join(root, "src"));
await writeFile(join(root, "docs", "errors.md"), toErrorReference(errors));
