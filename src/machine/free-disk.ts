import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Free space in GiB where a path is, or will be if it is not there yet. */
export async function readFreeGib(path: string): Promise<number> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const info = await statfs(folder).catch(() => null);
    if (info !== null) return (info.bavail * info.bsize) / 2 ** 30;
    if (folder === "/") return 0;
  }
}
