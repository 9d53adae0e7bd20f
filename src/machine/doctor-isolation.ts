import { access, constants, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { DoctorOptions, MachineCheck } from "./doctor.ts";
import { findExecutable } from "./find-executable.ts";
import { installCommand } from "./package-manager.ts";
import { findContainerEngines } from "./system-parts.ts";

/** bubblewrap, user namespaces, overlay mounts, control groups and a container engine, each by trying it. */
export async function checkIsolation(options: DoctorOptions): Promise<readonly MachineCheck[]> {
  const env = options.env ?? process.env;
  return Promise.all([
    checkBubblewrap(env),
    checkUserNamespaces(),
    checkOverlay(),
    checkControlGroups(),
    checkContainerEngine(env),
  ]);
}

async function checkBubblewrap(env: Readonly<NodeJS.ProcessEnv>): Promise<MachineCheck> {
  const base = { id: "bubblewrap", title: "bubblewrap", neededFor: ["laptop", "paper"] } as const;
  const means = "agents and submissions cannot be isolated by the default driver";
  const path = await findExecutable("bwrap", env);
  if (path === null) {
    const remedy = `run \`${await installCommand(["bubblewrap"], env)}\``;
    return { ...base, status: "missing", found: "none", means, remedy };
  }
  const isolation = [
    "--unshare-all",
    "--die-with-parent",
    "--ro-bind",
    "/",
    "/",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
  ];
  const trial = await execa(path, [...isolation, "true"], { reject: false, timeout: 20_000 });
  if (!trial.failed) {
    const version = await execa(path, ["--version"], { reject: false });
    return { ...base, status: "ok", found: `${version.stdout} starts`, means: "", remedy: "" };
  }
  return {
    ...base,
    status: "missing",
    found: `does not start: ${trial.stderr.split("\n")[0]}`,
    means,
    remedy: namespaceRemedy,
  };
}

const namespaceRemedy =
  "allow unprivileged user namespaces: `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu, " +
  "`sudo sysctl -w kernel.unprivileged_userns_clone=1` on older Debian; inside Docker start the container with " +
  "`--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`";

async function checkUserNamespaces(): Promise<MachineCheck> {
  // As somebody without rights, also when this process is root: others on this machine may run rebench too.
  const isRoot = process.getuid?.() === 0;
  const [program, ...drop] = isRoot
    ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "unshare"]
    : ["unshare"];
  const args = [...drop, "--user", "--map-root-user", "--pid", "--fork", "true"];
  const trial = await execa(program ?? "unshare", args, { reject: false, cwd: "/", timeout: 20_000 });
  const works = !trial.failed;
  return {
    id: "user-namespaces",
    title: "unprivileged user namespaces",
    status: works ? "ok" : isRoot ? "warning" : "missing",
    found: works ? "allowed" : `refused: ${trial.stderr?.split("\n")[0] || "unshare failed"}`,
    means: works ? "" : "only root can open sandboxes here",
    remedy: works ? "" : namespaceRemedy,
    neededFor: isRoot ? [] : ["laptop", "paper"],
  };
}

async function checkOverlay(): Promise<MachineCheck> {
  const folder = await mkdtemp(join(tmpdir(), "rebench-overlay-"));
  try {
    const script =
      `cd "${folder}" && mkdir lower empty shown && touch lower/file && ` +
      "mount -t overlay files -o ro,lowerdir=lower:empty shown && test -e shown/file";
    const args = ["--user", "--map-root-user", "--mount", "sh", "-c", script];
    const trial = await execa("unshare", args, { reject: false, timeout: 20_000 });
    const works = !trial.failed;
    return {
      id: "overlay",
      title: "overlay mounts",
      status: works ? "ok" : "warning",
      found: works ? "allowed" : `refused: ${trial.stderr?.split("\n")[0] || "mount failed"}`,
      means: works ? "" : "a sandbox's mount table shows paths of this machine; nothing else changes",
      remedy: works
        ? ""
        : "use Linux 5.11 or newer and a cache on an ordinary file system (ext4, xfs, btrfs)",
      neededFor: [],
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkControlGroups(): Promise<MachineCheck> {
  const table = await readFile("/proc/self/mountinfo", "utf8").catch(() => "");
  const isV2 = / - cgroup2 /.test(table);
  const isV1 = / - cgroup /.test(table) && /\/memory\b.* - cgroup /.test(table);
  const version = isV1 ? 1 : isV2 ? 2 : null;
  const own = await readFile("/proc/self/cgroup", "utf8").catch(() => "");
  const path =
    version === 1
      ? join("/sys/fs/cgroup/memory", /^\d+:memory:(.*)$/m.exec(own)?.[1] ?? "")
      : join("/sys/fs/cgroup", /^0::(.*)$/m.exec(own)?.[1] ?? "");
  const isWritable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  const works = version !== null && isWritable;
  return {
    id: "control-groups",
    title: "control groups",
    status: works ? "ok" : "warning",
    found:
      version === null
        ? "none"
        : `version ${version}, ${isWritable ? "writable" : "read-only for this user"}`,
    means: works
      ? ""
      : "memory, processes and CPU of a sandbox are limited by rlimits and by watching, which is weaker",
    remedy: works ? "" : "run as root, or inside `systemd-run --user --scope -p Delegate=yes`",
    neededFor: ["paper"],
  };
}

async function checkContainerEngine(env: Readonly<NodeJS.ProcessEnv>): Promise<MachineCheck> {
  const base = { id: "container-engine", title: "container engine", neededFor: ["container"] } as const;
  const engines = await findContainerEngines(env);
  if (engines.length === 0) {
    const remedy = `run \`${await installCommand(["container"], env)}\``;
    const means = "the container driver is not available; the default driver does not need it";
    return { ...base, status: "missing", found: "none", means, remedy };
  }
  const complaints: string[] = [];
  for (const { path } of engines) {
    const trial = await execa(path, ["info"], { reject: false, timeout: 30_000 });
    if (!trial.failed) {
      const version = await execa(path, ["--version"], { reject: false });
      return { ...base, status: "ok", found: version.stdout, means: "", remedy: "" };
    }
    const reason = trial.stderr?.split("\n").find((line) => line.trim() !== "") ?? "no answer";
    complaints.push(`${path} does not answer: ${reason}`);
  }
  return {
    ...base,
    status: "missing",
    found: complaints.join("; "),
    means: "the container driver is not available",
    remedy: `correct what \`${engines[0]?.path} info\` says`,
  };
}
