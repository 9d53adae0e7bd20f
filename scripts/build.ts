/**
 * `npm pack` runs this: JavaScript into `dist/`, because Node runs no TypeScript under `node_modules`. In a checkout
 * nothing is built.
 */
import { cpSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { runSteps } from "./steps.ts";

rmSync("dist", { recursive: true, force: true });
runSteps([{ name: "build", argv: ["npx", "tsc", "-p", "tsconfig.build.json"] }]);
for (const entry of readdirSync("src", { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name.endsWith(".ts")) continue;
  const path = join(entry.parentPath, entry.name);
  cpSync(path, join("dist", relative("src", path)));
}
