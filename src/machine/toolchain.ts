/** A host path made visible, read-only, at a path inside a sandbox. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

/**
 * The Python that runs inside sandboxes, as mounts and environment variables, so that nothing inside names a
 * path of the host. Made by `rebench setup`, loaded by `loadToolchain`.
 */
export interface Toolchain {
  /** Absolute path of the interpreter on the host; for `prepare.py`, which runs outside any sandbox. */
  readonly hostPython: string;
  /** Absolute path of the interpreter inside a sandbox that has {@link mounts}. */
  readonly python: string;
  readonly mounts: readonly Mount[];
  /** Variables a process inside needs (PATH, and the library path where the base interpreter needs one). */
  readonly env: Readonly<Record<string, string>>;
  /** Package versions by name, `python` included: provenance of every number made with it. */
  readonly versions: Readonly<Record<string, string>>;
}
