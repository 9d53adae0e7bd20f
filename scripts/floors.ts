import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";

/** Folders of `src`, lowest floor first; folders of one floor do not import each other. */
export const floors: readonly (readonly string[])[] = [
  ["errors"],
  ["machine"],
  ["environment", "sandbox", "model"],
  ["scoring"],
  ["run"],
  ["agent"],
  ["experiment", "analysis"],
  ["interop"],
  ["server"],
  ["cli"],
];

/** Every import in `src` that goes up, sideways, or past a folder's door (`index.ts`), as one sentence each. */
export function findFloorBreaches(sourceRoot: string): readonly string[] {
  const floorOf = new Map(
    floors.flatMap((folders, floor) => folders.map((folder) => [folder, floor] as const)),
  );
  const breaches: string[] = [];
  for (const entry of readdirSync(sourceRoot, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".ts")) continue;
    const file = join(entry.parentPath, entry.name);
    const path = relative(sourceRoot, file);
    const folder = path.split(sep)[0] ?? "";
    const floor = floorOf.get(folder);
    if (floor === undefined) {
      breaches.push(`${path}: src/${folder} is on no floor`);
      continue;
    }
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(
      /(?:from|import\()\s*"(\.[^"]+)"/g,
    )) {
      const target = relative(sourceRoot, normalize(join(dirname(file), specifier)));
      const targetFolder = target.split(sep)[0] ?? "";
      if (targetFolder === folder || targetFolder === "..") continue;
      const targetFloor = floorOf.get(targetFolder);
      if (targetFloor === undefined || targetFloor >= floor) {
        breaches.push(`${path} imports ${target}: ${folder} stands below or beside ${targetFolder}`);
      } else if (
        target !== join(targetFolder, "index.ts") &&
        target !== join(targetFolder, "testing", "index.ts")
      ) {
        breaches.push(`${path} imports ${target}: go through src/${targetFolder}/index.ts`);
      }
    }
  }
  return breaches;
}
