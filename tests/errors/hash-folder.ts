import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Names and contents of everything in a folder. */
export function hashFolder(path: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const name of names) hash.update(`${name}\0`).update(readFileSync(name));
  return hash.digest("hex");
}
