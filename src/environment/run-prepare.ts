import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { execa } from "execa";
import { z } from "zod";
import { findExecutable } from "../machine/index.ts";
import { environmentErrors } from "./errors.ts";
import { commonDirectory } from "./load-environment.ts";
import type { Environment, ScaleName } from "./manifest.ts";
import type { PrepareOptions } from "./prepare-assets.ts";

const progressSchema = z.object({
  progress: z.number().min(0).max(1).optional(),
  message: z.string().max(500).optional(),
});

/** One call of `prepare.py`. */
export interface PrepareCall extends PrepareOptions {
  readonly environment: Environment;
  readonly scale: ScaleName;
  readonly seed: string;
  /** Empty folder for `agent/` and `judge/`. */
  readonly out: string;
  /** File that receives everything prepare.py prints. */
  readonly log: string;
}

/**
 * Runs `prepare.py --scale S --out DIR --seed HEX` with the scale's parameters as JSON on stdin. It tells its
 * progress on stdout as lines like `{"progress": 0.4, "message": "…"}`; all else it prints is log. What it
 * downloads goes to `REBENCH_DOWNLOADS`, a folder of the cache that all environments share and that outlives
 * a failed preparation.
 *
 * @throws ASSETS_FAILED, ASSETS_TIMED_OUT; the signal's reason when cancelled.
 */
export async function runPrepare(call: PrepareCall): Promise<void> {
  const { environment, scale, toolchain, signal } = call;
  const { id } = environment.manifest;
  const { parameters, prepareTimeoutMinutes } = environment.manifest.scales[scale];
  const env = call.env ?? process.env;
  const log = createWriteStream(call.log);
  // When the harness is killed, so is prepare.py, which would otherwise go on for minutes.
  const setpriv = await findExecutable("setpriv", env);
  const argv = [
    ...(setpriv === null ? [] : [setpriv, "--pdeathsig", "KILL"]),
    toolchain.hostPython,
    join(environment.directory, "prepare.py"),
    ...["--scale", scale, "--out", call.out, "--seed", call.seed],
  ];
  const [program = toolchain.hostPython, ...args] = argv;
  signal?.throwIfAborted();
  const child = execa(program, args, {
    cwd: environment.directory,
    env: toPrepareEnv(env, join(call.cacheDirectory, "downloads")),
    extendEnv: false,
    input: JSON.stringify(parameters),
    reject: false,
    // A group of its own, so that its worker processes can be killed with it.
    detached: true,
    cleanup: true,
    buffer: false,
  });
  const killGroup = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  };
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup();
  }, prepareTimeoutMinutes * 60_000);
  signal?.addEventListener("abort", killGroup, { once: true });
  let lastError = "";
  try {
    const readStdout = async () => {
      for await (const line of child.iterable({ from: "stdout" })) {
        log.write(`${line}\n`);
        const progress = parseProgress(line);
        if (progress === null) continue;
        call.onProgress?.({
          message: progress.message ?? "",
          ...(progress.progress === undefined ? {} : { fraction: progress.progress }),
        });
      }
    };
    const readStderr = async () => {
      for await (const line of child.iterable({ from: "stderr" })) {
        log.write(`${line}\n`);
        if (line.trim() !== "") lastError = line.trim();
      }
    };
    const [result] = await Promise.all([child, readStdout(), readStderr()]);
    signal?.throwIfAborted();
    if (timedOut) {
      throw environmentErrors.ASSETS_TIMED_OUT({ id, scale, minutes: prepareTimeoutMinutes, log: call.log });
    }
    if (result.failed) {
      const ending =
        result.signal === undefined ? `exit status ${result.exitCode}` : `killed by ${result.signal}`;
      const reason = lastError === "" ? ending : `${ending}: ${lastError.slice(0, 500)}`;
      throw environmentErrors.ASSETS_FAILED({ id, scale, reason, log: call.log });
    }
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", killGroup);
    killGroup();
    log.end();
    await finished(log);
  }
}

function parseProgress(line: string): z.infer<typeof progressSchema> | null {
  if (!line.startsWith("{")) return null;
  try {
    return progressSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

const passedOn =
  /^(PATH|HOME|LANG|LC_\w+|TZ|TMPDIR|XDG_CACHE_HOME|LD_LIBRARY_PATH|CUDA_\w+|NVIDIA_\w+|OMP_NUM_THREADS|OPENBLAS_\w+|HF_\w+|(https?|no|all)_proxy|SSL_CERT_\w+|REQUESTS_CA_BUNDLE)$/i;

/** Keys of model providers stay out: preparing needs data and weights from public hubs, never a model's service. */
function toPrepareEnv(env: Readonly<NodeJS.ProcessEnv>, downloadsDirectory: string): Record<string, string> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && passedOn.test(name) ? [[name, value] as const] : [],
  );
  return {
    ...Object.fromEntries(kept),
    PYTHONPATH: commonDirectory,
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONNOUSERSITE: "1",
    PYTHONUNBUFFERED: "1",
    REBENCH_DOWNLOADS: downloadsDirectory,
  };
}
