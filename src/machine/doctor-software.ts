import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { isRebenchError } from "../errors/index.ts";
import type { DoctorOptions, MachineCheck } from "./doctor.ts";
import { findPython } from "./find-python.ts";
import { installCommand } from "./package-manager.ts";
import { findCompiler, findMissingUtilLinux, findRustCompiler, utilLinuxPrograms } from "./system-parts.ts";
import { loadToolchain } from "./toolchain-store.ts";

const lowestNode = 24;

/** Node, Python, the toolchain, the compilers and util-linux. */
export async function checkSoftware(options: DoctorOptions): Promise<readonly MachineCheck[]> {
  const env = options.env ?? process.env;
  return Promise.all([
    checkNode(),
    checkPython(env),
    checkToolchain(options),
    checkCompiler(env),
    checkRust(env),
    checkUtilLinux(env),
  ]);
}

async function checkNode(): Promise<MachineCheck> {
  const isNewEnough = Number.parseInt(process.versions.node, 10) >= lowestNode;
  return {
    id: "node",
    title: "Node.js",
    status: isNewEnough ? "ok" : "missing",
    found: process.version,
    means: isNewEnough ? "" : `rebench needs Node ${lowestNode} or newer`,
    remedy: isNewEnough ? "" : `install Node ${lowestNode} from https://nodejs.org`,
    neededFor: ["laptop", "paper", "container"],
  };
}

async function checkPython(env: Readonly<NodeJS.ProcessEnv>): Promise<MachineCheck> {
  const base = { id: "python", title: "Python", neededFor: ["laptop", "paper", "container"] } as const;
  try {
    const python = await findPython(env);
    const found = `${python.version.join(".")} (${python.executable})`;
    return { ...base, status: "ok", found, means: "", remedy: "" };
  } catch (error) {
    if (!isRebenchError(error)) throw error;
    const means = "no environment can be prepared or scored";
    return { ...base, status: "missing", found: error.message, means, remedy: error.remedy };
  }
}

async function checkToolchain(options: DoctorOptions): Promise<MachineCheck> {
  const base = {
    id: "toolchain",
    title: "PyTorch environment",
    neededFor: ["laptop", "paper", "container"],
  } as const;
  try {
    const toolchain = await loadToolchain(options);
    const script = "import torch; print(torch.__version__)";
    const trial = await execa(toolchain.hostPython, ["-I", "-c", script], { reject: false });
    const found = `torch ${toolchain.versions.torch}, Python ${toolchain.versions.python}`;
    if (!trial.failed) return { ...base, status: "ok", found, means: "", remedy: "" };
    return {
      ...base,
      status: "missing",
      found: `${toolchain.hostPython} cannot import torch`,
      means: "no environment can be prepared or scored",
      remedy: `delete ${toolchain.hostPython.replace(/\/venv\/.*/, "")} and run \`rebench setup\``,
    };
  } catch (error) {
    if (!isRebenchError(error)) throw error;
    const means = "no environment can be prepared or scored";
    return { ...base, status: "missing", found: "none", means, remedy: error.remedy };
  }
}

async function checkCompiler(env: Readonly<NodeJS.ProcessEnv>): Promise<MachineCheck> {
  const compiler = await findCompiler(env);
  const version =
    compiler === null ? null : await execa(compiler, ["--version"], { reject: false, timeout: 20_000 });
  const works = version !== null && !version.failed;
  return {
    id: "compiler",
    title: "C++ compiler",
    status: works ? "ok" : "missing",
    found: works ? (version.stdout.split("\n")[0] ?? "") : "none",
    means: works ? "" : "agents cannot compile, and optimize-kernel's laptop reference solution needs it",
    remedy: works ? "" : `run \`${await installCommand(["compiler"], env)}\``,
    neededFor: ["laptop"],
  };
}

/** Not needed for a scale as a whole: one environment needs it. */
async function checkRust(env: Readonly<NodeJS.ProcessEnv>): Promise<MachineCheck> {
  const compiler = await findRustCompiler();
  const found = compiler === null ? null : await tryRustCompiler(compiler);
  const works = found?.startsWith("rustc ") ?? false;
  return {
    id: "rust",
    title: "Rust compiler",
    status: works ? "ok" : "warning",
    found: found ?? "none below /usr, where sandboxes look",
    means: works ? "" : "rust-codecontests can be neither prepared nor scored",
    remedy: works ? "" : `run \`${await installCommand(["rust"], env)}\``,
    neededFor: [],
  };
}

/**
 * Compiles and links an empty program as somebody who has no home folder, as in a sandbox.
 *
 * @returns The compiler's version, or its complaint.
 */
async function tryRustCompiler(compiler: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rebench-rust-"));
  try {
    const options = {
      ...{ reject: false, extendEnv: false, timeout: 60_000, cwd: folder },
      env: { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/nonexistent" },
    } as const;
    const trial = await execa(compiler, ["--crate-name=empty", "-"], { ...options, input: "fn main() {}" });
    if (trial.failed) return `${compiler} cannot compile: ${trial.stderr.split("\n")[0] ?? ""}`;
    return (await execa(compiler, ["--version"], options)).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkUtilLinux(env: Readonly<NodeJS.ProcessEnv>): Promise<MachineCheck> {
  const missing = await findMissingUtilLinux(env);
  const isWhole = missing.length === 0;
  return {
    id: "util-linux",
    title: "util-linux",
    status: isWhole ? "ok" : "missing",
    found: isWhole ? utilLinuxPrograms.join(", ") : `without ${missing.join(", ")}`,
    means: isWhole ? "" : "sandboxes cannot be entered or limited",
    remedy: isWhole ? "" : `run \`${await installCommand(["utilLinux"], env)}\``,
    neededFor: ["laptop", "paper"],
  };
}
