/** `npm run check`: what a commit must pass; needs no sandbox, no Python. */
import { runSteps } from "./steps.ts";

runSteps([
  { name: "format and lint", argv: ["npx", "biome", "check", "."] },
  { name: "types", argv: ["npx", "tsc", "-p", "."] },
  { name: "floors and unit tests", argv: ["npx", "vitest", "run", "--project", "unit"] },
]);
