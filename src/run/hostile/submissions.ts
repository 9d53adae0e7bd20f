import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { diskFiller, forgedNames, forgedScore, forger, forkBomb, hanging } from "./programs.ts";

/** A submission in which nobody did the task; it must be invalid or worth no more than the start. */
export interface HostileSubmission {
  readonly id: string;
  readonly title: string;
  /** True for one that may use up the whole time of a scoring; that time is cut short for it. */
  readonly holdsUp?: boolean;
  /** Changes a workspace in which the starting solution lies. */
  readonly make: (target: Target) => Promise<void>;
}

/** What is turned into a hostile submission. */
export interface Target {
  readonly workspace: string;
  /** Paths of the solution's files in it. */
  readonly files: readonly string[];
  /** Raw score to claim: the reference's. */
  readonly raw: number;
}

/** Submissions that need to know nothing of the task; what makes them is trusted, what they hold is not. */
export const hostileSubmissions: readonly HostileSubmission[] = [
  {
    id: "empty",
    title: "an empty workspace",
    make: async ({ workspace }) => {
      for (const name of await readdir(workspace)) await rm(join(workspace, name), { recursive: true });
    },
  },
  { id: "empty-files", title: "empty solution files", make: (target) => write(target, () => "") },
  {
    id: "random",
    title: "solution files of random bytes",
    make: (target) => write(target, (index) => toNoise(`${index}`)),
  },
  {
    id: "huge",
    title: "solution files of 32 MiB that open brackets and never close them",
    make: (target) => write(target, () => Buffer.alloc(32 * 2 ** 20, "[")),
  },
  {
    id: "sparse",
    title: "sparse solution files of a terabyte",
    make: async (target) => {
      await write(target, () => "");
      for (const file of target.files) await truncate(file, 2 ** 40);
    },
  },
  {
    id: "links",
    title: "solution files that are links out of the workspace",
    make: (target) => replace(target, (file) => symlink("/etc/passwd", file)),
  },
  {
    id: "pipes",
    title: "solution files that are named pipes",
    make: (target) => replace(target, (file) => promisify(execFile)("mkfifo", [file])),
  },
  {
    id: "crash",
    title: "a program that ends at once, claiming success",
    make: (target) => write(target, () => "import os\nos._exit(0)\n"),
  },
  {
    id: "hang",
    title: "a program that never ends",
    holdsUp: true,
    make: (target) => write(target, () => hanging),
  },
  {
    id: "fork-bomb",
    title: "a program that forks without end",
    holdsUp: true,
    make: (target) => write(target, () => forkBomb),
  },
  {
    id: "disk-filler",
    title: "a program that fills every folder it may write to",
    holdsUp: true,
    make: (target) => write(target, () => diskFiller),
  },
  {
    id: "forged-output",
    title: "a program that writes forged scores to every descriptor it has",
    holdsUp: true,
    make: (target) => write(target, () => forger(target.raw)),
  },
  {
    id: "forged-files",
    title: "the starting solution among forged score files",
    make: async ({ workspace, raw }) => {
      const text = `${JSON.stringify(forgedScore(raw))}\n`;
      // Not over files of the solution that have such a name.
      for (const name of forgedNames)
        await writeFile(join(workspace, name), text, { flag: "wx" }).catch(() => {});
    },
  },
];

async function replace({ files }: Target, make: (file: string, index: number) => Promise<unknown>) {
  for (const [index, file] of files.entries()) {
    await rm(file, { recursive: true, force: true });
    await mkdir(dirname(file), { recursive: true });
    await make(file, index);
  }
}

function write(target: Target, toContent: (index: number) => string | Uint8Array): Promise<void> {
  return replace(target, (file, index) => writeFile(file, toContent(index)));
}

/** 64 KiB that look random and are the same each time. */
function toNoise(seed: string): Uint8Array {
  return createHash("shake256", { outputLength: 2 ** 16 })
    .update(seed)
    .digest();
}
