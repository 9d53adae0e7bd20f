import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A mounted control-group hierarchy and the folder in it below which we make groups. */
export interface Hierarchy {
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
  readonly base: string;
}

const wanted = ["memory", "pids", "cpu", "freezer"];

/**
 * Finds the hierarchies this process may add groups to, the second version first. A base is this process's own
 * group, so that limits already on it (a batch job's, a container's) go on holding.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html "No Internal Process Constraint"
 */
export function findHierarchies(proc = "/proc/self"): Hierarchy[] {
  const own = new Map<string, string>();
  for (const line of readLines(`${proc}/cgroup`)) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers !== undefined && path !== undefined) own.set(controllers, path);
  }
  const found: Hierarchy[] = [];
  for (const line of readLines(`${proc}/mountinfo`)) {
    const [left = "", right = ""] = line.split(" - ");
    const [, , , root = "/", mountPoint = "/"] = left.split(" ");
    const [type, , superOptions = ""] = right.split(" ");
    if (type === "cgroup2") {
      const base = secondVersionBase(ownFolder(mountPoint, root, own.get("") ?? "/"), mountPoint);
      if (base !== null && !found.some((other) => other.version === 2)) {
        found.unshift({ version: 2, controllers: enabledControllers(base), base });
      }
    } else if (type === "cgroup") {
      const controllers = superOptions.split(",").filter((option) => wanted.includes(option));
      const path = [...own].find(([names]) =>
        controllers.some((name) => names.split(",").includes(name)),
      )?.[1];
      if (controllers.length === 0 || path === undefined) continue;
      const base = ownFolder(mountPoint, root, path);
      if (isWritable(base)) found.push({ version: 1, controllers, base });
    }
  }
  // The second version freezes better, and without any controller: the first's freezer is then one group too many.
  const hasSecond = found.some((hierarchy) => hierarchy.version === 2);
  return found.filter(
    ({ version, controllers }) => !(hasSecond && version === 1 && controllers.join() === "freezer"),
  );
}

function ownFolder(mountPoint: string, root: string, path: string): string {
  const below = root !== "/" && path.startsWith(root) ? path.slice(root.length) : path;
  const folder = join(mountPoint, below === "/" ? "." : below);
  return existsSync(folder) ? folder : mountPoint;
}

/**
 * A group with processes of its own cannot hand controllers to children, so the own group serves only when it
 * already does, its parent next, and last the own group after its processes (ours: it was delegated to us) have
 * moved to a leaf.
 */
function secondVersionBase(own: string, mountPoint: string): string | null {
  const candidates = own === mountPoint ? [own] : [own, dirname(own)];
  for (const base of candidates) {
    if (isWritable(base) && enableControllers(base)) return base;
  }
  if (!isWritable(own)) return null;
  const isTrueRoot = !existsSync(join(own, "cgroup.type"));
  if (!isTrueRoot && offers(own, "memory") && moveToLeaf(own)) enableControllers(own);
  return own;
}

function enableControllers(base: string): boolean {
  const offered = readWords(join(base, "cgroup.controllers")).filter((name) => wanted.includes(name));
  for (const name of offered) {
    if (enabledControllers(base).includes(name)) continue;
    try {
      writeFileSync(join(base, "cgroup.subtree_control"), `+${name}`, { flag: "r+" });
    } catch {
      return false;
    }
  }
  return offered.includes("memory") && offered.includes("pids");
}

function offers(base: string, controller: string): boolean {
  return readWords(join(base, "cgroup.controllers")).includes(controller);
}

function moveToLeaf(own: string): boolean {
  const leaf = join(own, "rebench-harness");
  try {
    mkdirSync(leaf, { recursive: true });
    for (const pid of readWords(join(own, "cgroup.procs"))) {
      writeFileSync(join(leaf, "cgroup.procs"), pid, { flag: "r+" });
    }
    return true;
  } catch {
    return false;
  }
}

function enabledControllers(base: string): string[] {
  return readWords(join(base, "cgroup.subtree_control"));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    accessSync(join(folder, "cgroup.procs"), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function readWords(path: string): string[] {
  return readLines(path)
    .join(" ")
    .split(/\s+/)
    .filter((word) => word !== "");
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    return [];
  }
}
