import { appendFile, readFile } from "node:fs/promises";
import { execa } from "execa";
import { machineErrors } from "./errors.ts";
import { requirementsPath } from "./toolchain-store.ts";

const torchCpuIndex = "https://download.pytorch.org/whl/cpu";

/** Where and how commands of a virtual environment run. */
export interface PipContext {
  /** The virtual environment's interpreter. */
  readonly python: string;
  /** Everything the commands print is appended here. */
  readonly log: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly signal?: AbortSignal | undefined;
  readonly onLine: (line: string) => void;
}

/** pip's own settings stay the user's (mirrors, wheels on disk, certificates); what could redirect the target goes. */
export function toCleanPythonEnv(env: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const dropped = new Set([
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONPYCACHEPREFIX",
    "VIRTUAL_ENV",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "__PYVENV_LAUNCHER__",
  ]);
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value === undefined || dropped.has(name) ? [] : [[name, value] as const],
  );
  return {
    ...Object.fromEntries(kept),
    PYTHONNOUSERSITE: "1",
    PIP_USER: "0",
    PIP_NO_INPUT: "1",
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}

/**
 * Installs the pinned requirements into the virtual environment.
 *
 * Without a GPU, torch comes as the CPU build (200 MB) from PyTorch's own index or from wheels on disk, where
 * that index answers at once; otherwise as whatever the configured index has, which on x86-64 PyPI is the CUDA
 * build with 3 GB of libraries that it cannot even be imported without.
 */
export async function installRequirements(context: PipContext, options: { gpu: boolean }): Promise<void> {
  if (options.gpu) {
    await pipInstall(context, ["-r", requirementsPath]);
    return;
  }
  const torch = await readPinnedTorch();
  const places = [["--no-index"], ["--index-url", torchCpuIndex]];
  for (const place of places) {
    if (!(await cpuBuildIsAt(place, context, torch))) continue;
    await pipInstall(context, ["--no-deps", ...place, `torch==${torch}+cpu`]);
    await pipInstall(context, ["--no-deps", "-r", requirementsPath]);
    return;
  }
  context.onLine(
    `${torchCpuIndex} does not answer: pip's own index decides which torch comes, perhaps the CUDA build (3 GB)`,
  );
  await pipInstall(context, ["-r", requirementsPath]);
}

/** `--no-index` leaves the wheels on disk that pip is configured with. */
async function cpuBuildIsAt(place: readonly string[], context: PipContext, torch: string): Promise<boolean> {
  const result = await execa(
    context.python,
    ["-m", "pip", "index", "versions", "torch", ...place, "--timeout", "3", "--retries", "0"],
    {
      env: toCleanPythonEnv(context.env),
      extendEnv: false,
      reject: false,
      timeout: 12_000,
      stdin: "ignore",
      all: true,
      ...(context.signal ? { cancelSignal: context.signal } : {}),
    },
  );
  context.signal?.throwIfAborted();
  await appendFile(context.log, `${result.all ?? ""}\n`);
  return !result.failed && result.stdout.split(/[\s,()]+/).includes(`${torch}+cpu`);
}

/** Runs `pip install` with these arguments. @throws PACKAGES_UNREACHABLE, TOOLCHAIN_STEP_FAILED */
export async function pipInstall(context: PipContext, args: readonly string[]): Promise<void> {
  const flags = ["--no-compile", "--only-binary", ":all:", "--progress-bar", "off"];
  const onLine = (line: string) => {
    if (/^\s*(Collecting|Downloading|Processing|Installing|Successfully)/.test(line))
      context.onLine(line.trim());
  };
  const output = await runLogged({ ...context, onLine }, ["-m", "pip", "install", ...flags, ...args]);
  if (output.failed) {
    const reason = toPipReason(output.text);
    const isUnreachable =
      /No matching distribution|Could not find a version|ConnectionError|NameResolution|ConnectTimeout|ProxyError|SSLError|Temporary failure|Read timed out/.test(
        output.text,
      );
    throw isUnreachable
      ? machineErrors.PACKAGES_UNREACHABLE({ reason, log: context.log })
      : machineErrors.TOOLCHAIN_STEP_FAILED({ step: "installing packages", reason, log: context.log });
  }
}

/** Runs the environment's interpreter, passing each line on and keeping all in the log. */
export async function runLogged(
  context: PipContext,
  args: readonly string[],
): Promise<{ readonly failed: boolean; readonly text: string; readonly stdout: string }> {
  const child = execa(context.python, args, {
    env: toCleanPythonEnv(context.env),
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    ...(context.signal ? { cancelSignal: context.signal } : {}),
  });
  for await (const line of child.iterable({ from: "all" })) context.onLine(line);
  const result = await child;
  context.signal?.throwIfAborted();
  await appendFile(context.log, `$ ${context.python} ${args.join(" ")}\n${result.all}\n`);
  return { failed: result.failed, text: result.all, stdout: result.stdout };
}

/** pip's last error line, which says what is wrong better than its first. */
function toPipReason(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const errors = lines.filter((line) => /^ERROR: /.test(line)).map((line) => line.slice("ERROR: ".length));
  return errors.at(-1) ?? lines.filter((line) => line !== "").at(-1) ?? "no output";
}

async function readPinnedTorch(): Promise<string> {
  const match = /^torch==([\w.]+)$/m.exec(await readFile(requirementsPath, "utf8"));
  if (match?.[1] === undefined) throw new Error(`${requirementsPath} pins no torch`);
  return match[1];
}
