import { cp, mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { BaseInterpreter } from "./find-python.ts";
import { insidePaths } from "./toolchain-store.ts";

/** Every sandbox shows `/usr`, so an installation below it needs no copy. */
export function isShownInSandboxes(interpreter: BaseInterpreter): boolean {
  return interpreter.prefix === "/usr" || interpreter.prefix.startsWith("/usr/");
}

/**
 * Makes `inside/`, the environment as sandboxes see it. A virtual environment holds absolute paths and cannot
 * simply be shown elsewhere; what Python needs of it, though, is two links and `pyvenv.cfg`.
 */
export async function makeInsidePython(directory: string, interpreter: BaseInterpreter): Promise<void> {
  const minor = interpreter.version.slice(0, 2).join(".");
  const home = isShownInSandboxes(interpreter)
    ? join(interpreter.executable, "..")
    : `${insidePaths.base}/bin`;
  const inside = join(directory, "inside");
  await mkdir(join(inside, "bin"), { recursive: true });
  await mkdir(join(inside, "lib", `python${minor}`), { recursive: true });
  await symlink(`${home}/${basename(interpreter.executable)}`, join(inside, "bin", "python3"));
  await symlink("python3", join(inside, "bin", "python"));
  await symlink("python3", join(inside, "bin", `python${minor}`));
  await symlink(insidePaths.sitePackages, join(inside, "lib", `python${minor}`, "site-packages"));
  await symlink("lib", join(inside, "lib64"));
  await writeFile(
    join(inside, "pyvenv.cfg"),
    `home = ${home}\ninclude-system-site-packages = false\nversion = ${interpreter.version.join(".")}\n`,
  );
}

/**
 * Copies an installation that sandboxes do not show (pyenv, conda, uv) to `base/`: the executable, its shared
 * libraries, headers and standard library, without its packages and without its own path in any file.
 */
export async function copyBaseInterpreter(directory: string, interpreter: BaseInterpreter): Promise<void> {
  const minor = interpreter.version.slice(0, 2).join(".");
  const base = join(directory, "base");
  await mkdir(join(base, "bin"), { recursive: true });
  await mkdir(join(base, "lib"), { recursive: true });
  await cp(interpreter.executable, join(base, "bin", basename(interpreter.executable)));

  const libraries = join(interpreter.prefix, "lib");
  for (const name of await readdir(libraries)) {
    if (/\.so(\.|$)/.test(name)) {
      await cp(join(libraries, name), join(base, "lib", name), { verbatimSymlinks: true });
    }
  }
  const left = new Set(["site-packages", "test", "idlelib", "turtledemo", "__pycache__"]);
  await cp(join(libraries, `python${minor}`), join(base, "lib", `python${minor}`), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !left.has(basename(path)) && !/^config-\d/.test(basename(path)),
  });
  const headers = join(interpreter.prefix, "include", `python${minor}`);
  await cp(headers, join(base, "include", `python${minor}`), { recursive: true }).catch(() => {});

  await replacePrefix(base, interpreter.prefix);
}

/**
 * Text gets the path inside. A compiled file must keep its length, so there the path inside is filled up with
 * slashes, which change no path; a prefix too short for that stays, as it can name no user.
 */
async function replacePrefix(base: string, prefix: string): Promise<void> {
  for (const entry of await readdir(base, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    if (!content.includes(prefix)) continue;
    const isText = !content.includes(0);
    if (!isText && prefix.length < insidePaths.base.length) continue;
    const replacement = isText ? insidePaths.base : insidePaths.base.padEnd(prefix.length, "/");
    await writeFile(path, Buffer.from(content.toString("latin1").replaceAll(prefix, replacement), "latin1"));
  }
}
