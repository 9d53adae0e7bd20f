import { isRebenchError } from "../errors/index.ts";
import { findPython } from "./find-python.ts";
import { type InstallResult, installSystemParts, type SystemPart } from "./package-manager.ts";
import { type SetupOptions, setupToolchain } from "./setup-toolchain.ts";
import { findMissingParts, findRustCompiler } from "./system-parts.ts";
import type { Toolchain } from "./toolchain.ts";

/** What set-up did about the system's own packages. */
export type SystemSetup =
  | { readonly status: "present" }
  | (InstallResult & { readonly parts: readonly SystemPart[] });

/**
 * Makes what this machine lacks: bubblewrap, a C++ compiler and util-linux through the system's package manager
 * where rights allow, then the Rust compiler, then the Python environment. Where they do not, `system` and `rust`
 * hold the command to type.
 *
 * @param options.withContainer - Podman too, unless there is a container engine.
 * @throws What {@link setupToolchain} throws.
 */
export async function setupMachine(
  options: SetupOptions & { readonly withContainer?: boolean } = {},
): Promise<{
  readonly system: SystemSetup;
  /** Apart from the rest, which works without it. */
  readonly rust: SystemSetup;
  readonly toolchain: Toolchain;
}> {
  const env = options.env ?? process.env;
  const missing = [
    ...((await lacksPython(env, options.python)) ? (["python"] as const) : []),
    ...(await findMissingParts(env, { withContainer: options.withContainer ?? false })),
  ];
  const system = await install(missing, options);
  const rust = await install((await findRustCompiler()) === null ? ["rust"] : [], options);
  return { system, rust, toolchain: await setupToolchain(options) };
}

async function install(parts: readonly SystemPart[], options: SetupOptions): Promise<SystemSetup> {
  if (parts.length === 0) return { status: "present" };
  const step = "installing system packages";
  options.onProgress?.({ step, detail: parts.join(", ") });
  const result = await installSystemParts(parts, {
    env: options.env ?? process.env,
    signal: options.signal,
    onLine: (line) => options.onProgress?.({ step, detail: line }),
  });
  return { ...result, parts };
}

async function lacksPython(env: Readonly<NodeJS.ProcessEnv>, only: string | undefined): Promise<boolean> {
  try {
    await findPython(env, only);
    return false;
  } catch (error) {
    if (!isRebenchError(error)) throw error;
    return only === undefined;
  }
}
