import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readlink, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { pipeline } from "node:stream/promises";

/** SHA-256 of a file's bytes; hex. */
async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** A file below a folder; `path` is relative to it, with `/` between its parts. */
export interface HashedFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/**
 * Every file below a folder in the order of its path's UTF-16 code units. A link counts as a file whose content
 * is its target. Folders and files for which `skip` says so are left out.
 */
export async function hashFiles(
  folder: string,
  skip: (path: string) => boolean = () => false,
): Promise<readonly HashedFile[]> {
  const files: HashedFile[] = [];
  const walk = async (directory: string): Promise<void> => {
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const absolute = join(directory, entry.name);
      const path = relative(folder, absolute);
      if (skip(path)) continue;
      if (entry.isDirectory()) await walk(absolute);
      else if (entry.isSymbolicLink()) files.push(toLink(path, await readlink(absolute)));
      else if (entry.isFile()) {
        files.push({ path, sizeBytes: (await stat(absolute)).size, sha256: await hashFile(absolute) });
      } else throw new Error(`${absolute} is neither a file nor a folder`);
    }
  };
  await walk(folder);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What Python and its tools leave behind in a source folder. */
export function isLitter(path: string): boolean {
  const name = basename(path);
  return (
    [".pytest_cache", ".ruff_cache", ".mypy_cache", "__pycache__"].includes(name) || name.endsWith(".pyc")
  );
}

/** One hash over names and contents; hex. */
export function hashOfFiles(files: readonly HashedFile[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.path}\0${file.sha256}\n`);
  return hash.digest("hex");
}

function toLink(path: string, target: string): HashedFile {
  const content = `link to ${target}`;
  return { path, sizeBytes: 0, sha256: createHash("sha256").update(content).digest("hex") };
}
