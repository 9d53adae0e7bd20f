#!/usr/bin/env node
// Plain JavaScript that an old Node can read: its one job is to start src/cli/main.ts under Node 24 or newer.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const required = 24;

if (Number(process.versions.node.split(".")[0]) >= required) {
  const source = join(here, "..", "src", "cli", "main.ts");
  await import(existsSync(source) ? source : join(here, "..", "dist", "cli", "main.js"));
} else {
  const node = bundledNode();
  if (node === undefined) {
    const message = `rebench needs Node ${required} or newer and was started with ${process.versions.node}`;
    const remedy = `install it from https://nodejs.org, or run \`npm install node@${required}\` here`;
    if (process.argv.includes("--json")) {
      const error = { code: "NODE_TOO_OLD", message, remedy, fault: "platform" };
      process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
    }
    process.stderr.write(`error NODE_TOO_OLD: ${message}\n  ${remedy}\n`);
    process.exit(3);
  }
  const child = spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  process.exit(child.status ?? 1);
}

/** The binary of the npm package `node`, where it is installed beside rebench. */
function bundledNode() {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
