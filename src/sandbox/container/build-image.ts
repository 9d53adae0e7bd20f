import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxErrors } from "../errors.ts";
import { runProgram } from "../run-program.ts";
import { quote, systemPath } from "../shell-words.ts";
import type { Engine } from "./engine.ts";

/** What a shell session needs, and compilers as in the other sandboxes; Debian's own packages. */
const packages = [
  "base-files",
  "bash",
  "coreutils",
  "dash",
  "diffutils",
  "findutils",
  "grep",
  "gzip",
  "hostname",
].concat(["libc-bin", "mawk", "perl-base", "procps", "sed", "tar", "util-linux", "g++", "rustc"]);

const alternatives = [
  ["awk", "mawk"],
  ["cc", "gcc"],
  ["c++", "g++"],
] as const;

/**
 * Builds the default image of the container driver from Debian's packages, with this machine's `apt-get` and
 * `dpkg-deb` and without any registry. Takes under a minute; of the image's 740 MB the compilers are 700.
 *
 * @throws SANDBOX_UNAVAILABLE where the machine is not a Debian or the mirror cannot be reached
 */
export async function buildImage(engine: Engine, image: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), "rebench-image-"));
  try {
    const names = await dependencyClosure(packages);
    await demand("apt-get", ["download", ...names], work);
    const root = join(work, "root");
    layOutFolders(root);
    for (const file of readdirSync(work).filter((name) => name.endsWith(".deb"))) {
      const unpack = `dpkg-deb --fsys-tarfile ${quote(file)} | tar -x -C root --keep-directory-symlink`;
      await demand("bash", ["-o", "pipefail", "-c", unpack], work);
    }
    // What maintainer scripts would link.
    for (const [name, program] of alternatives) symlinkSync(program, join(root, "usr/bin", name));
    for (const folder of ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/info"]) {
      rmSync(join(root, folder), { recursive: true, force: true });
    }
    mkdirSync(join(root, ".init"));
    copyFileSync(join(root, "usr/bin/sleep"), join(root, ".init/sleep"));
    chmodSync(join(root, ".init/sleep"), 0o111);
    await demand("ldconfig", ["-r", root], work);
    await importImage(engine, image, root);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function layOutFolders(root: string): void {
  for (const folder of ["bin", "sbin", "lib", "lib64"]) {
    mkdirSync(join(root, "usr", folder), { recursive: true });
    symlinkSync(`usr/${folder}`, join(root, folder));
  }
  for (const folder of ["dev", "etc", "proc", "root", "run", "sys", "tmp", "workspace"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(
    join(root, "etc/passwd"),
    "root:x:0:0:root:/root:/bin/sh\nsandbox:x:60900:60900::/root:/bin/sh\n",
  );
  writeFileSync(join(root, "etc/group"), "root:x:0:\nsandbox:x:60900:\n");
}

/** Names of the packages and of all they depend on; of alternatives the first. */
async function dependencyClosure(roots: readonly string[]): Promise<string[]> {
  const found = new Set(roots);
  for (let fresh = [...roots]; fresh.length > 0; ) {
    const lines = (await demand("apt-cache", ["depends", "--important", ...fresh], "/")).split("\n");
    fresh = [];
    let isFurtherAlternative = false;
    for (const line of lines) {
      const [, bar, name] = /^ ([ |])(?:Pre)?Depends: (\S+)$/.exec(line) ?? [];
      if (name === undefined) continue;
      const isFirst = !isFurtherAlternative;
      isFurtherAlternative = bar === "|";
      if (!isFirst || name.startsWith("<") || found.has(name)) continue;
      found.add(name);
      fresh.push(name);
    }
  }
  // Maintainer scripts are not run, so what only they use is left out.
  return [...found].filter(
    (name) => !/^(debconf|dpkg|perl|init-system-helpers|usrmerge|usr-is-merged)$/.test(name),
  );
}

async function importImage(engine: Engine, image: string, root: string): Promise<void> {
  const tar = spawn("tar", ["-c", "--owner=0", "--group=0", "--numeric-owner", "-C", root, "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [program, ...before] = engine.command;
  const loading = spawn(program, [...before, "import", "-", image], {
    stdio: [tar.stdout, "ignore", "pipe"],
    env: engine.env,
  });
  tar.stdout.destroy();
  let complaint = "";
  loading.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaint += text;
  });
  const code = await new Promise((resolve) => loading.once("close", resolve));
  if (code !== 0) throw failed(`${engine.name} could not import the image: ${complaint.trim()}`);
}

async function demand(program: string, args: readonly string[], cwd: string): Promise<string> {
  const result = await runProgram(program, args, { cwd, env: { PATH: systemPath, LC_ALL: "C" } });
  if (result.exitCode !== 0)
    throw failed(`${program} failed: ${result.stderr.trim() || `exit code ${result.exitCode}`}`);
  return result.stdout;
}

function failed(reason: string) {
  return sandboxErrors.SANDBOX_UNAVAILABLE({
    driver: "container",
    reason,
    remedy: "name an image that has bash, coreutils, procps and util-linux in REBENCH_CONTAINER_IMAGE",
  });
}
