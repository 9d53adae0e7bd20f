import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { closestName, isRebenchError, type RebenchError } from "../errors/index.ts";
import { type EnvironmentProblem, environmentErrors } from "./errors.ts";
import { hashFiles, hashOfFiles, isLitter } from "./hash-folder.ts";
import { findInstructionProblems } from "./instructions.ts";
import type { Environment, Manifest } from "./manifest.ts";
import { parseManifest } from "./parse-manifest.ts";
import { isBetter } from "./score-direction.ts";

/** Folder of the environments that come with this package. */
export const builtInEnvironments = fileURLToPath(new URL("../../environments", import.meta.url));

/** Folder that holds the Python package shared by all environments; goes on `PYTHONPATH`. */
export const commonDirectory = join(builtInEnvironments, "common");

/** Where environments are looked for. */
export interface EnvironmentRoots {
  /** Folders of environment folders; an id is taken from the first that has it. Default: the built-in ones. */
  readonly roots?: readonly string[] | undefined;
}

/** One folder that holds an `environment.yaml`. */
export type EnvironmentListing =
  | { readonly status: "loaded"; readonly id: string; readonly environment: Environment }
  | { readonly status: "broken"; readonly id: string; readonly error: RebenchError };

/**
 * Reads and checks one environment.
 *
 * @throws ENVIRONMENT_UNKNOWN when no root has such a folder.
 * @throws ENVIRONMENT_BROKEN with every problem found: file, line, key and remedy.
 */
export async function loadEnvironment(id: string, options: EnvironmentRoots = {}): Promise<Environment> {
  const folders = await listFolders(options);
  const directory = folders.get(id);
  if (directory === undefined) {
    throw environmentErrors.ENVIRONMENT_UNKNOWN({
      id,
      roots: toRoots(options),
      closest: closestName(id, [...folders.keys()]),
    });
  }
  return loadFolder(directory);
}

/** Every environment of the roots by id, broken ones included: a list that hides them would mislead. */
export async function listEnvironments(
  options: EnvironmentRoots = {},
): Promise<readonly EnvironmentListing[]> {
  const folders = [...(await listFolders(options))].sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(
    folders.map(async ([id, directory]): Promise<EnvironmentListing> => {
      try {
        return { status: "loaded", id, environment: await loadFolder(directory) };
      } catch (error) {
        if (!isRebenchError(error)) throw error;
        return { status: "broken", id, error };
      }
    }),
  );
}

/** The folder of the reference solution, or null: the published package leaves references out. */
export async function findReference(environment: Environment): Promise<string | null> {
  const path = join(environment.directory, "reference");
  return (await isKind(path, "folder")) ? path : null;
}

function toRoots(options: EnvironmentRoots): readonly string[] {
  return (options.roots ?? [builtInEnvironments]).map((root) => resolve(root));
}

async function listFolders(options: EnvironmentRoots): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const root of toRoots(options)) {
    for (const name of await readdir(root).catch(() => [])) {
      const directory = join(root, name);
      if (!folders.has(name) && (await isKind(join(directory, "environment.yaml"), "file"))) {
        folders.set(name, directory);
      }
    }
  }
  return folders;
}

async function loadFolder(directory: string): Promise<Environment> {
  const id = basename(directory);
  const file = join(directory, "environment.yaml");
  const parsed = parseManifest(await readFile(file, "utf8"), file);
  if (parsed.status === "broken") {
    throw environmentErrors.ENVIRONMENT_BROKEN({ id, problems: parsed.problems });
  }
  const { manifest } = parsed;
  const problems = [
    ...findManifestProblems(manifest, id, file),
    ...(await findMissingParts(directory)),
    ...(await findMissingPrograms(directory, manifest, file)),
    ...(await findInstructionProblems(directory, manifest)),
  ];
  if (problems.length > 0) throw environmentErrors.ENVIRONMENT_BROKEN({ id, problems });
  return { manifest, directory, sha256: await hashEnvironment(directory) };
}

function findManifestProblems(manifest: Manifest, folder: string, file: string): EnvironmentProblem[] {
  const problems: EnvironmentProblem[] = [];
  const add = (key: string, problem: string, remedy: string) =>
    problems.push({ file, line: null, key, problem, remedy });
  if (manifest.id !== folder) {
    add("id", `"${manifest.id}" is not the name of its folder, "${folder}"`, `write id: ${folder}`);
  }
  for (const path of manifest.solution.files) {
    if (path.startsWith("/") || path.split("/").includes("..")) {
      add("solution.files", `"${path}" leads out of the workspace`, "name files relative to the workspace");
    }
  }
  for (const [name, scale] of Object.entries(manifest.scales)) {
    if ((scale.gateway !== undefined) !== (manifest.network === "gateway")) {
      const key = `scales.${name}.gateway`;
      if (scale.gateway === undefined) add(key, "missing where network is gateway", `add "${key}"`);
      else add(key, `not used where network is ${manifest.network}`, "write network: gateway, or remove it");
    }
    for (const [model, { program, model: real, programs }] of Object.entries(scale.gateway?.models ?? {})) {
      if (programs !== undefined && program !== undefined) {
        add(
          `scales.${name}.gateway.models.${model}.programs`,
          "programs may ask real models alone",
          'remove it, or name "model" in the place of "program"',
        );
      }
      if ((program === undefined) === (real === undefined)) {
        add(
          `scales.${name}.gateway.models.${model}`,
          "answered by none or by two",
          "name either program or model",
        );
      }
    }
    if (
      scale.anchors.kind === "published" &&
      !isBetter(scale.anchors.reference.raw, scale.anchors.start.raw, manifest.score.direction)
    ) {
      add(
        `scales.${name}.anchors`,
        `the reference is not better than the start, where ${manifest.score.direction} is better`,
        "correct the anchors or score.direction",
      );
    }
  }
  return problems;
}

async function findMissingPrograms(
  directory: string,
  manifest: Manifest,
  file: string,
): Promise<EnvironmentProblem[]> {
  const problems: EnvironmentProblem[] = [];
  for (const [name, { gateway }] of Object.entries(manifest.scales)) {
    const served = { models: gateway?.models ?? {}, services: gateway?.services ?? {} };
    for (const [kind, entries] of Object.entries(served)) {
      for (const [id, { program }] of Object.entries(entries)) {
        if (program === undefined || (await isKind(join(directory, program), "file"))) continue;
        const key = `scales.${name}.gateway.${kind}.${id}.program`;
        problems.push({
          file,
          line: null,
          key,
          problem: `there is no file ${program}`,
          remedy: "add it, or correct its path",
        });
      }
    }
  }
  return problems;
}

async function findMissingParts(directory: string): Promise<EnvironmentProblem[]> {
  // `reference/` may be absent: the published package leaves it out.
  const parts = [
    ["instructions.md", "file"],
    ["start", "folder"],
    ["judge/judge.py", "file"],
    ["prepare.py", "file"],
    ["README.md", "file"],
  ] as const;
  const problems: EnvironmentProblem[] = [];
  for (const [name, kind] of parts) {
    const file = join(directory, name);
    if (await isKind(file, kind)) continue;
    problems.push({ file, line: null, key: null, problem: `this ${kind} is missing`, remedy: `add ${name}` });
  }
  return problems;
}

async function isKind(path: string, kind: "file" | "folder"): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info !== null && (kind === "file" ? info.isFile() : info.isDirectory());
}

/** The shared package counts too: its code decides scores as much as the judge does. */
async function hashEnvironment(directory: string): Promise<string> {
  const own = hashOfFiles(await hashFiles(directory, cannotChangeScores));
  return createHash("sha256")
    .update(`${own}\n${await hashCommonPackage()}\n`)
    .digest("hex");
}

/** Hash of the shared Python package, without its tests; hex. */
export async function hashCommonPackage(): Promise<string> {
  if (!(await isKind(commonDirectory, "folder"))) return hashOfFiles([]);
  return hashOfFiles(await hashFiles(commonDirectory, cannotChangeScores));
}

function cannotChangeScores(path: string): boolean {
  return path === "README.md" || path === "tests" || isLitter(path);
}
