import { execa } from "execa";
import { findExecutable } from "./find-executable.ts";

/** What set-up can have the system's package manager install. */
export type SystemPart =
  | "python"
  | "bubblewrap"
  | "compiler"
  | "rust"
  | "utilLinux"
  | "container"
  | "browser";

interface PackageManager {
  readonly command: string;
  /** Run first where package lists may be absent, as on a fresh image. */
  readonly refresh: readonly string[] | null;
  readonly install: readonly string[];
  readonly packages: Readonly<Record<SystemPart, readonly string[]>>;
}

const managers: readonly PackageManager[] = [
  {
    command: "apt-get",
    refresh: ["update", "-q"],
    install: ["install", "-y", "-q", "--no-install-recommends"],
    packages: {
      python: ["python3", "python3-venv"],
      bubblewrap: ["bubblewrap"],
      compiler: ["g++"],
      rust: ["rustc"],
      utilLinux: ["util-linux"],
      container: ["podman", "uidmap", "slirp4netns"],
      browser: ["chromium"],
    },
  },
  {
    command: "dnf",
    refresh: null,
    install: ["install", "-y"],
    packages: {
      python: ["python3", "python3-pip"],
      bubblewrap: ["bubblewrap"],
      compiler: ["gcc-c++"],
      rust: ["rust"],
      utilLinux: ["util-linux"],
      container: ["podman"],
      browser: ["chromium"],
    },
  },
  {
    command: "pacman",
    refresh: null,
    install: ["-Sy", "--noconfirm", "--needed"],
    packages: {
      python: ["python"],
      bubblewrap: ["bubblewrap"],
      compiler: ["gcc"],
      rust: ["rust"],
      utilLinux: ["util-linux"],
      container: ["podman"],
      browser: ["chromium"],
    },
  },
  {
    command: "zypper",
    refresh: null,
    install: ["--non-interactive", "install", "--no-recommends"],
    packages: {
      python: ["python311", "python311-pip"],
      bubblewrap: ["bubblewrap"],
      compiler: ["gcc-c++"],
      rust: ["rust"],
      utilLinux: ["util-linux"],
      container: ["podman"],
      browser: ["chromium"],
    },
  },
  {
    command: "apk",
    refresh: null,
    install: ["add"],
    packages: {
      python: ["python3", "py3-pip"],
      bubblewrap: ["bubblewrap"],
      compiler: ["g++"],
      rust: ["rust"],
      utilLinux: ["util-linux", "setpriv"],
      container: ["podman"],
      browser: ["chromium"],
    },
  },
];

/** The command, ready to type, that installs these parts with this system's package manager. */
export async function installCommand(
  parts: readonly SystemPart[],
  env: Readonly<NodeJS.ProcessEnv>,
): Promise<string> {
  const manager = await findPackageManager(env);
  if (manager === null) return `install ${parts.join(", ")} with your system's package manager`;
  const sudo = process.getuid?.() === 0 ? "" : "sudo ";
  const packages = parts.flatMap((part) => manager.packages[part]);
  const refresh =
    manager.refresh === null ? "" : `${sudo}${manager.command} ${manager.refresh.join(" ")} && `;
  return `${refresh}${sudo}${manager.command} ${manager.install.join(" ")} ${packages.join(" ")}`;
}

/** What became of installing parts of the system. */
export type InstallResult =
  | { readonly status: "installed" }
  /** Neither root nor passwordless sudo: a person must type the command. */
  | { readonly status: "not-permitted"; readonly command: string }
  | { readonly status: "failed"; readonly command: string; readonly output: string };

/** Installs parts of the system when rights allow. Never asks for a password. */
export async function installSystemParts(
  parts: readonly SystemPart[],
  options: {
    readonly env: Readonly<NodeJS.ProcessEnv>;
    readonly onLine?: ((line: string) => void) | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<InstallResult> {
  const command = await installCommand(parts, options.env);
  const manager = await findPackageManager(options.env);
  if (manager === null) return { status: "not-permitted", command };
  const prefix = await findPrivilege(options.env);
  if (prefix === null) return { status: "not-permitted", command };
  const steps = [
    ...(manager.refresh === null ? [] : [manager.refresh]),
    [...manager.install, ...parts.flatMap((part) => manager.packages[part])],
  ];
  let output = "";
  for (const [index, step] of steps.entries()) {
    const [program = manager.command, ...args] = [...prefix, manager.command, ...step];
    const child = execa(program, args, {
      env: { ...options.env, DEBIAN_FRONTEND: "noninteractive" },
      extendEnv: false,
      all: true,
      reject: false,
      stdin: "ignore",
      ...(options.signal ? { cancelSignal: options.signal } : {}),
    });
    for await (const line of child.iterable({ from: "all" })) {
      output = `${output}${line}\n`.slice(-8_000);
      options.onLine?.(line);
    }
    const result = await child;
    options.signal?.throwIfAborted();
    // A failed refresh (a broken third-party list, say) need not matter; the installation itself decides.
    if (result.failed && index === steps.length - 1) return { status: "failed", command, output };
  }
  return { status: "installed" };
}

async function findPackageManager(env: Readonly<NodeJS.ProcessEnv>): Promise<PackageManager | null> {
  for (const manager of managers) {
    if ((await findExecutable(manager.command, env)) !== null) return manager;
  }
  return null;
}

/** Words to put before a command that needs root; null when this user cannot become root without a password. */
async function findPrivilege(env: Readonly<NodeJS.ProcessEnv>): Promise<readonly string[] | null> {
  if (process.getuid?.() === 0) return [];
  if ((await findExecutable("sudo", env)) === null) return null;
  const trial = await execa("sudo", ["-n", "true"], { env: { ...env }, extendEnv: false, reject: false });
  return trial.failed ? null : ["sudo", "-n"];
}
