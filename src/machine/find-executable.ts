import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** Absolute path of a program on PATH (system folders are searched too), or null. */
export async function findExecutable(name: string, env: Readonly<NodeJS.ProcessEnv>): Promise<string | null> {
  // An ordinary user's PATH often lacks the sbin folders that hold system tools.
  const folders = [...(env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/sbin", "/bin", "/sbin"];
  for (const folder of folders) {
    if (folder === "") continue;
    const path = join(folder, name);
    const isProgram = await access(path, constants.X_OK)
      .then(() => stat(path))
      .then(
        (info) => info.isFile(),
        () => false,
      );
    if (isProgram) return path;
  }
  return null;
}
