import { defineErrors } from "../errors/index.ts";

/** One thing wrong with an environment's folder. */
export interface EnvironmentProblem {
  readonly file: string;
  /** 1-based; null where the problem has no line, such as a missing file. */
  readonly line: number | null;
  /** Dotted path of the key in `environment.yaml`, where there is one. */
  readonly key: string | null;
  readonly problem: string;
  readonly remedy: string;
}

/** What can be wrong with an environment, its assets and its anchors. */
export const environmentErrors = defineErrors({
  ENVIRONMENT_UNKNOWN: {
    fault: "caller",
    exitCode: 2,
    message: (d: { id: string; roots: readonly string[] }) =>
      `there is no environment "${d.id}" in ${d.roots.join(" or ")}`,
    remedy: (d: { id: string; roots: readonly string[]; closest: string | null }) =>
      d.closest === null
        ? "see the ids with `rebench list`"
        : `did you mean "${d.closest}"? See \`rebench list\``,
  },
  ENVIRONMENT_BROKEN: {
    fault: "environment",
    exitCode: 3,
    message: (d: { id: string; problems: readonly EnvironmentProblem[] }) =>
      d.problems
        .map(({ file, line, key, problem }) =>
          [line === null ? file : `${file}:${line}`, ...(key === null ? [] : [key]), problem].join(": "),
        )
        .join("\n"),
    remedy: (d: { id: string; problems: readonly EnvironmentProblem[] }) =>
      [...new Set(d.problems.map((p) => p.remedy))].join("\n"),
  },
  ASSETS_FAILED: {
    fault: "environment",
    exitCode: 3,
    message: (d: { id: string; scale: string; reason: string }) =>
      `preparing the ${d.scale} assets of ${d.id} failed: ${d.reason}`,
    remedy: (d: { id: string; scale: string; reason: string; log: string }) =>
      /No space left/.test(d.reason)
        ? "free some space, or set REBENCH_CACHE to a folder on a larger disk"
        : `read ${d.log}, then run \`rebench prepare ${d.id} --scale ${d.scale}\``,
  },
  ASSETS_TIMED_OUT: {
    fault: "environment",
    exitCode: 3,
    message: (d: { id: string; scale: string; minutes: number }) =>
      `preparing the ${d.scale} assets of ${d.id} took longer than the ${d.minutes} minutes it may take`,
    remedy: (d: { id: string; scale: string; minutes: number; log: string }) =>
      `read ${d.log}; on a slow machine raise scales.${d.scale}.prepareTimeoutMinutes in its environment.yaml`,
  },
  ANCHORS_MISSING: {
    fault: "caller",
    exitCode: 3,
    message: (d: { id: string; scale: string; machine: string }) =>
      `the anchors of ${d.id} at ${d.scale} scale are times, and have not been measured on this machine (${d.machine}) with this version`,
    remedy: (d: { id: string; scale: string; machine: string }) =>
      `run \`rebench calibrate ${d.id}${d.scale === "laptop" ? "" : ` --scale ${d.scale}`}\``,
  },
  ANCHORS_UNUSABLE: {
    fault: "environment",
    exitCode: 3,
    message: (d: { id: string; scale: string; reason: string }) =>
      `the anchors measured for ${d.id} at ${d.scale} scale cannot be used: ${d.reason}`,
    remedy: (d: { id: string; scale: string; reason: string }) =>
      `run \`rebench calibrate ${d.id}\` again with nothing else at work on this machine`,
  },
});
